"""/trangtuan: the coordinator at the top chooses the pages of the week, and everybody is told once."""

from sqlalchemy import select

from bot.storage.models import Role, WeekPage
from tests.cast import STALE, Actor, Stage
from tests.dialogue.broadcasting import begin, second_coordinator
from tests.dialogue.reporting import COMMUNE, DISTRICT, appoint, signed
from tests.dialogue.test_pages import GROUP, LINK, keep

NOT_YOURS = ["Điều phối cấp cao nhất chọn trang của tuần. Gõ /trangtuan để xem."]
DISTRICT_PAGE = "https://www.facebook.com/kientuong"


async def prepare(stage: Stage) -> None:
    await stage.owe_nothing()
    await keep(stage, COMMUNE, LINK, "Trang xã")
    await keep(stage, COMMUNE, GROUP, "Nhóm xã")
    await keep(stage, DISTRICT, DISTRICT_PAGE, "Trang thị xã")


async def choose(actor: Actor, *names: str) -> list[str]:
    await actor.says("/trangtuan")
    await actor.presses("Chọn trang tuần này")
    for name in names:
        await actor.presses(f"☐ {name}")
    return await actor.presses("Tiếp")


async def rows(stage: Stage) -> list[WeekPage]:
    return list(await stage.ask(lambda s: s.scalars(select(WeekPage)).all()))


async def test_the_pages_of_the_week_are_told_to_everybody_once_with_their_links(stage: Stage) -> None:
    await prepare(stage)
    [preview] = await choose(stage.dung, "Trang xã", "Trang thị xã")
    assert "không thích, chia sẻ hay bình luận thay ai" in preview
    assert "Chưa có trang cấp huyện" not in preview
    assert "đang gửi tới mọi người" in (await stage.dung.presses("Gửi tới mọi người"))[0]
    for actor in (stage.alice, stage.bob):
        told = [each for each in await actor.hears() if "Trang của tuần" in each]
        assert len(told) == 1
        assert LINK in told[0]
        assert DISTRICT_PAGE in told[0]
    assert await signed(stage, stage.dung, "weekpage.announce") == STALE
    assert LINK in (await stage.alice.says("/trangtuan"))[-1]
    assert len({row.broadcast_id for row in await rows(stage)}) == 1
    assert len(await rows(stage)) == 2


async def test_of_two_coordinators_at_once_one_chooses(stage: Stage) -> None:
    await prepare(stage)
    await appoint(stage, stage.bob, "Tỉnh Long An", Role.COORDINATOR)
    await choose(stage.bob, "Trang xã")
    await choose(stage.dung, "Nhóm xã")
    await stage.bob.presses("Gửi tới mọi người")
    assert "Trang xã" in (await stage.dung.presses("Gửi tới mọi người"))[-1]
    assert len(await rows(stage)) == 1


async def test_a_choice_that_a_second_coordinator_refuses_is_none(stage: Stage) -> None:
    await begin(stage, approve_above=1)
    charlie = await second_coordinator(stage)
    await prepare(stage)
    await choose(stage.dung, "Trang xã")
    assert "khi một điều phối khác đồng ý" in (await stage.dung.presses("Gửi tới mọi người"))[-1]
    await charlie.hears()
    await charlie.presses("❌ Từ chối")
    await charlie.says("Chưa phù hợp")
    assert LINK not in str(await stage.alice.says("/trangtuan"))
    assert "Lần chọn trước chưa tính" in (await stage.dung.says("/trangtuan"))[-1]
    await choose(stage.dung, "Nhóm xã")
    await stage.dung.presses("Gửi tới mọi người")
    await charlie.hears()
    await charlie.presses("✅ Duyệt")
    assert GROUP in (await stage.alice.says("/trangtuan"))[-1]
    assert len(await rows(stage)) == 1


async def test_a_choice_that_cannot_be_told_to_anybody_is_none(stage: Stage) -> None:
    await begin(stage, approve_above=1)
    await prepare(stage)
    await choose(stage.dung, "Trang xã")
    assert "vẫn chưa có trang nào" in (await stage.dung.presses("Gửi tới mọi người"))[-1]
    assert LINK not in str(await stage.alice.says("/trangtuan"))


async def test_one_or_two_units_pages_and_one_districts_page_may_be_chosen(stage: Stage) -> None:
    await prepare(stage)
    assert await choose(stage.dung, "Trang thị xã") == ["Cần 1 hoặc 2 trang của đơn vị. Hãy chọn lại."]
    await stage.dung.presses("☐ Trang xã")
    assert "Xin xem lại" in (await stage.dung.presses("Tiếp"))[-1]
    await stage.dung.presses("Chọn lại")
    await stage.dung.presses("☑ Trang thị xã")
    assert "Chưa có trang cấp huyện nào" in (await stage.dung.presses("Tiếp"))[-1]


async def test_a_page_chosen_a_short_time_ago_is_not_chosen_again_without_saying_so(stage: Stage) -> None:
    await prepare(stage)
    await choose(stage.dung, "Trang xã")
    await stage.dung.presses("Gửi tới mọi người")
    await stage.later(days=7)
    [preview] = await choose(stage.dung, "Trang xã")
    assert "“Trang xã” vừa được chọn tuần từ 1/3/2027" in preview
    await stage.dung.presses("Gửi tới mọi người")
    assert "• 1/3/2027: Trang xã" in (await stage.alice.says("/trangtuan"))[-1]


async def test_pages_are_found_by_part_of_a_name(stage: Stage) -> None:
    await prepare(stage)
    await stage.dung.says("/trangtuan")
    await stage.dung.presses("Chọn trang tuần này")
    assert "Tìm “nhom”: 1 trang" in (await stage.dung.says("nhom"))[-1]
    assert [label for label in stage.dung.buttons() if label.startswith("☐")] == ["☐ Nhóm xã (Xã Tuyên Thạnh)"]


async def test_only_the_coordinator_at_the_top_chooses(stage: Stage) -> None:
    await prepare(stage)
    await appoint(stage, stage.bob, DISTRICT, Role.COORDINATOR)
    await stage.bob.says("/trangtuan")
    assert not any("Chọn trang" in label for label in stage.bob.buttons())
    await stage.bob.says("/trang")
    for action, args in (("choose", ()), ("toggle", (1, 0)), ("next", ()), ("announce", ())):
        assert await signed(stage, stage.bob, f"weekpage.{action}", *args) == NOT_YOURS
    assert await rows(stage) == []
