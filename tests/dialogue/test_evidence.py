"""What is kept about a post and how it is known; whose tag a wrong one is; what is left after an erasure."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage import people
from bot.storage.models import Account, Membership, Post, PostEvidence, ReviewCase, TextBand, TextSketch, Unit
from tests.cast import STALE, TAG, Stage

GROUP = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/"
LINK = f"{GROUP}1234567890123/"
OTHERS = "#DQTVTHANHHUNGKIENTUONGLONGAN"
LONG = (
    "Sáng nay Ban Chỉ huy quân sự xã phối hợp với đoàn thanh niên ra quân giúp bà con ấp Hai thu hoạch lúa chạy lũ, "
    "sửa lại con đường vào trường học và phát quang bờ kênh."
)


async def learnt(stage: Stage) -> list[PostEvidence]:
    return list(await stage.ask(lambda s: s.scalars(select(PostEvidence).order_by(PostEvidence.id)).all()))


async def test_every_text_is_written_down_with_who_gave_it_when_and_what_it_showed(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\n{LONG} #DQTV_TUYENTHANH_KIENTUONG_LONGAN")
    await stage.later(minutes=5)
    await stage.alice.says(f"{LONG} {TAG}")
    wrong, right = await learnt(stage)
    assert (wrong.source, wrong.level, wrong.verdict) == ("author", "declared", "near_miss")
    assert wrong.tag == "#DQTV_TUYENTHANH_KIENTUONG_LONGAN"
    assert (right.verdict, right.tag) == ("ok", TAG)
    assert 300 <= (right.at - wrong.at).total_seconds() < 360
    assert right.by_id is not None
    assert right.text_hash == (await stage.ask(lambda s: s.scalars(select(Post)).one())).text_hash


async def test_a_reviewers_look_is_the_highest_step(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\n{LONG} #SAI")
    await stage.alice.presses("Nhờ người xem")
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài")
    await stage.bob.presses("✅ Duyệt")
    last = (await learnt(stage))[-1]
    bob = await stage.ask(lambda s: s.scalars(select(Membership).where(Membership.full_name == "Bob")).one())
    assert (last.source, last.level, last.by_id) == ("reviewer", "confirmed_person", bob.id)


@pytest.mark.telegram_only("on Zalo marks lie beside the text: test_on_zalo.py looks at them")
async def test_what_is_written_is_marked_where_it_differs(stage: Stage) -> None:
    [answer] = await stage.alice.says(f"{LINK}\nBài #DQTV_TUYENTHANH-KIENTUONG")
    assert "Đã viết: #DQTV_TUYENTHANH-KIENTUONG[+LONGAN]" in answer
    html = stage.alice.last().html
    assert "<b><u>_</u></b>" in html
    assert "<b>[+LONGAN]</b>" in html


async def test_the_tag_of_another_unit_is_called_by_its_name(stage: Stage) -> None:
    [answer] = await stage.alice.says(f"{LINK}\nBài {OTHERS}")
    assert f"Đây là hashtag của Xã Thạnh Hưng: {OTHERS}" in answer
    assert not any("Ghi số" in label for label in stage.alice.buttons())


async def test_a_post_is_logged_for_the_other_unit_only_if_the_author_belongs_there(stage: Stage) -> None:
    await stage.ask(_join_second_unit)
    [answer] = await stage.alice.says(f"{LINK}\nBài {OTHERS}")
    assert "Đây là hashtag của Xã Thạnh Hưng" in answer
    data = stage.alice.data_of("Ghi số 1 cho Xã Thạnh Hưng")
    assert "Đã tính" in (await stage.alice.presses("Ghi số 1 cho Xã Thạnh Hưng"))[0]
    post = await stage.ask(lambda s: s.scalars(select(Post)).one())
    assert (post.state, post.required_tag) == ("counted", OTHERS)
    assert await stage.bob.says("/hashtag")
    assert await stage.bob.forges(data) == STALE


async def test_an_export_holds_evidence_and_reviews(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\n{LONG} #SAI")
    await stage.alice.presses("Nhờ người xem")
    await stage.alice.says("/xuatdulieu")
    held: dict[str, Any] = json.loads((await stage.alice.file())[1])
    [post] = held["posts"]
    assert [each["source"] for each in post["learnt"]] == ["author"]
    assert [each["reason"] for each in post["reviews"]] == ["disputed"]


async def test_an_erasure_leaves_neither_words_nor_pictures_nor_sketches(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\n{LONG} #SAI")
    await stage.alice.presses("Nhờ người xem")
    await stage.alice.sends_picture()
    await stage.bob.says("/duyet")
    await stage.bob.presses("Duyệt từng bài")
    await stage.bob.presses("❌ Từ chối")
    await stage.bob.presses("Lý do khác")
    await stage.bob.says("Alice chưa gắn hashtag")
    await stage.alice.says("/xoadulieu")
    await stage.alice.says("XÓA HẾT")
    case = await stage.ask(lambda s: s.scalars(select(ReviewCase)).one())
    assert (case.note, case.answer, case.state) == (None, None, "refused")
    assert all(each.picture is None and each.tag is None for each in await learnt(stage))
    assert await stage.ask(lambda s: s.scalars(select(TextSketch)).all()) == []
    assert await stage.ask(lambda s: s.scalars(select(TextBand)).all()) == []
    assert "Không có bài nào" in (await stage.bob.says("/duyet"))[-1]


async def test_the_case_of_an_erased_author_can_still_be_decided(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\n{LONG} #SAI")
    await stage.alice.presses("Nhờ người xem")
    await stage.alice.says("/xoadulieu")
    await stage.alice.says("XÓA HẾT")
    await stage.bob.says("/duyet")
    [case] = await stage.bob.presses("Duyệt từng bài")
    assert "người đã rời hệ thống" in case
    assert "Đã từ chối" not in case
    await stage.bob.presses("❌ Từ chối")
    assert "Đã từ chối bài số 1" in (await stage.bob.presses("Không mở được"))[0]


async def test_sketches_are_forgotten_after_the_window(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}\n{LONG} {TAG}")
    assert len(await stage.ask(lambda s: s.scalars(select(TextSketch)).all())) == 1
    await stage.later(days=31)
    assert await stage.ask(lambda s: s.scalars(select(TextSketch)).all()) == []


def _join_second_unit(session: Session) -> None:
    """Alice is a member of another unit as well."""
    unit = session.scalars(
        select(Unit).where(Unit.name == "Xã Thạnh Hưng", Unit.parent.has(name="Thị xã Kiến Tường"))
    ).one()
    account = session.scalars(select(Account).where(Account.chat == "2002")).one()
    assert account
    first = people.active_membership(session, account.person_id, "long_an")
    assert first
    second = Membership(
        person=account.person,
        unit=unit,
        full_name="Alice",
        kind="chien_si",
        role="member",
        state="active",
        created_at=first.created_at,
    )
    session.add(second)
    session.flush()
    # The one that she acts under stays the first: the newest is taken, so they change places.
    first.unit, second.unit = second.unit, first.unit
