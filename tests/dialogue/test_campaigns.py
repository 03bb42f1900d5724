"""Two campaigns in one installation: whoever takes part in both is asked which, where nothing else tells it."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import tag_rule
from bot.campaigns.profile import Campaign, Target
from bot.domain.folding import fold
from bot.storage import people
from bot.storage.models import Consent, Membership, MembershipState, Post, Role, Tag, Unit
from tests.cast import TAG, Actor, Stage
from tests.databases import A_MONDAY

OTHER = "hoi_xuan"
PAGE = Target(code="hoixuan", section="I", platform="facebook", kind="page", name="Hội xuân", owners=("hoixuan",))
IN_BOTH = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/1234567890123/"
ONLY_FIRST = "https://www.facebook.com/toiyeuchiensisaovuong/posts/2234567890123"
ONLY_SECOND = "https://www.facebook.com/hoixuan/posts/3234567890123"


def second(first: Campaign) -> Campaign:
    targets = (PAGE, *(each for each in first.targets if each.code == "mien_dong"))
    return first.model_copy(update={"code": OTHER, "name": "Hội xuân", "name_en": "Spring fair", "targets": targets})


@pytest.fixture
async def fair(stage: Stage) -> Stage:
    """The stage with a second campaign, in which Dung coordinates and nobody else takes part."""
    setup = stage.app.setup
    stage.app.use(replace(setup, others=(second(setup.campaign),)))

    def found(session: Session) -> None:
        unit = Unit(campaign=OTHER, code="x1", type="body", name="Ban Hội xuân", folded=fold("Ban Hội xuân"))
        session.add(unit)
        session.flush()
        join(session, stage.dung, Role.COORDINATOR)
        tag_rule.follow(session, second(setup.campaign), setup.today(A_MONDAY))

    await stage.ask(found)
    return stage


def join(session: Session, actor: Actor, role: Role = Role.MEMBER) -> None:
    """Somebody known takes part in the second campaign, too."""
    account = people.account_of(session, actor.address)
    unit = session.scalars(select(Unit).where(Unit.campaign == OTHER)).one()
    values = {"kind": "can_bo", "role": role, "state": MembershipState.ACTIVE, "created_at": A_MONDAY}
    assert account
    session.add(Membership(person=account.person, unit=unit, full_name=actor.person.name, **values))
    account.person.campaign = "long_an"


async def alice_in_both(fair: Stage) -> str:
    """Alice's hashtag in the second campaign."""
    await fair.ask(lambda session: join(session, fair.alice))
    return await fair.ask(
        lambda session: session.scalars(select(Tag.tag).where(Tag.campaign == OTHER, Tag.membership_id.is_(None))).one()
    )


async def posts(stage: Stage) -> list[tuple[str, str]]:
    rows = await stage.ask(lambda s: s.scalars(select(Post).order_by(Post.id)).all())
    return [(each.campaign, each.state) for each in rows]


async def test_a_newcomer_chooses_before_he_is_asked_for_consent(fair: Stage) -> None:
    [question] = await fair.charlie.starts()
    assert "chương trình nào" in question
    assert fair.charlie.buttons()[0] == "Hội xuân"
    [consent] = await fair.charlie.presses("Hội xuân")
    assert "Hội xuân" in consent
    await fair.charlie.presses("Đồng ý")
    await fair.charlie.says("/dangky")
    await fair.charlie.says("Nguyễn Văn A")
    await fair.charlie.says("ban hoi xuan")
    assert fair.charlie.buttons()[0].startswith("Ban Hội xuân")
    consents = await fair.ask(lambda s: [each.version for each in s.scalars(select(Consent))])
    assert consents == [f"{OTHER} 1"]


async def test_units_of_the_other_campaign_are_not_found(fair: Stage) -> None:
    await fair.charlie.starts()
    await fair.charlie.presses("Viết tin, bài")
    await fair.charlie.presses("Đồng ý")
    await fair.charlie.says("/dangky")
    await fair.charlie.says("Nguyễn Văn A")
    [answer] = await fair.charlie.says("ban hoi xuan")
    assert "Ban Hội xuân" not in "".join(fair.charlie.buttons())
    assert "ban hoi xuan" in answer.lower()


async def test_who_is_in_one_campaign_is_not_asked(fair: Stage) -> None:
    [answer] = await fair.alice.says(f"{IN_BOTH}\nRa quân giúp dân. {TAG}")
    assert "Đã tính" in answer
    assert await posts(fair) == [("long_an", "counted")]


async def test_the_link_tells_the_campaign_where_only_one_has_its_target(fair: Stage) -> None:
    tag = await alice_in_both(fair)
    assert "Đã tính" in (await fair.alice.says(f"{ONLY_SECOND}\nKhai mạc hội xuân. {tag}"))[0]
    assert "Đã tính" in (await fair.alice.says(f"{ONLY_FIRST}\nRa quân giúp dân. {TAG}"))[0]
    assert await posts(fair) == [(OTHER, "counted"), ("long_an", "counted")]


async def test_who_is_in_both_is_asked_where_the_link_does_not_tell(fair: Stage) -> None:
    tag = await alice_in_both(fair)
    [question] = await fair.alice.says(f"{IN_BOTH}\nKhai mạc hội xuân. {tag}")
    assert "chương trình nào" in question
    assert await posts(fair) == []
    assert "chương trình nào" in (await fair.alice.says("cái nào cũng được"))[0]
    [answer] = await fair.alice.presses("Hội xuân")
    assert "Đã tính" in answer
    assert await posts(fair) == [(OTHER, "counted")]
    assert "không còn" in (await fair.alice.presses("Viết tin, bài"))[0]
    assert await posts(fair) == [(OTHER, "counted")]


async def test_a_question_that_is_open_stays_in_its_campaign(fair: Stage) -> None:
    tag = await alice_in_both(fair)
    await fair.alice.says(ONLY_SECOND)
    [answer] = await fair.alice.says(f"Khai mạc hội xuân, nhiều người đến xem và tham gia các trò chơi. {tag}")
    assert "Đã tính" in answer
    assert await posts(fair) == [(OTHER, "counted")]


async def test_one_acts_in_the_campaign_that_one_chose_last(fair: Stage) -> None:
    await alice_in_both(fair)
    assert "KIENTUONG" in "".join(await fair.alice.says("/hashtag"))
    [question] = await fair.alice.says("/chuongtrinh")
    assert "chương trình nào" in question
    await fair.alice.presses("Hội xuân")
    assert "HOIXUAN" in "".join(await fair.alice.says("/hashtag"))
    await fair.alice.says("/chuongtrinh")
    await fair.alice.presses("Viết tin, bài")
    assert "KIENTUONG" in "".join(await fair.alice.says("/hashtag"))


async def test_a_button_remembers_its_campaign(fair: Stage) -> None:
    await fair.dung.says("/chuongtrinh")
    await fair.dung.presses("Hội xuân")
    await fair.dung.says("/tiendo")
    asked = fair.dung.last()
    await fair.dung.says("/chuongtrinh")
    await fair.dung.presses("Viết tin, bài")
    assert "Tỉnh Long An" in "".join(await fair.dung.says("/tiendo"))
    assert "Tỉnh Long An" not in asked.text


async def test_with_one_campaign_there_is_nothing_to_choose(stage: Stage) -> None:
    [answer] = await stage.alice.says("/chuongtrinh")
    assert "chỉ có một chương trình" in answer
