"""A unit is put under one that is to close, and a unit closes under which another one is to come: nobody is left there
without a word."""

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.storage.models import Role, Unit
from tests.cast import Actor, Stage
from tests.dialogue.planning import DISTRICT, OTHER_DISTRICT, moving, number_planned, planned, told
from tests.dialogue.reminding import appoint
from tests.dialogue.rostering import COMMUNE, unit

CLOSING, BEFORE, AFTER = "5/3/2027", "4/3/2027", "6/3/2027"
CLOSES = f"thôi hoạt động từ ngày {CLOSING}"
LEFT_THERE = f"{COMMUNE}, {DISTRICT}, từ ngày {BEFORE}: sẽ nằm dưới đơn vị đã thôi hoạt động"


async def emptied(stage: Stage, district: str = OTHER_DISTRICT, but: str = "") -> None:
    """Nothing lives below the district any more, so that it may close."""

    def work(session: Session) -> None:
        number = session.scalars(select(Unit.id).where(Unit.name == district)).one()
        below = update(Unit).where(Unit.parent_id == number, Unit.name != but)
        session.execute(below.values(closed_on=date(2027, 1, 1)))

    await stage.ask(work)


async def closing(stage: Stage, name: str = OTHER_DISTRICT, day: str = CLOSING) -> str:
    """What is shown of a closing without successors, before it is confirmed."""
    await stage.dung.says("/sapxep")
    await stage.dung.says(name)
    await stage.dung.presses(name)
    while any("☑" in label for label in stage.dung.buttons()):
        await stage.dung.presses("☑")
    await stage.dung.presses("Không có đơn vị nhận")
    return (await stage.dung.says(day))[0]


async def closed(stage: Stage, name: str = OTHER_DISTRICT) -> None:
    await closing(stage, name)
    await stage.dung.presses("Xác nhận")


async def another_coordinator(stage: Stage) -> Actor:
    await appoint(stage, stage.alice, "Tỉnh Long An", Role.COORDINATOR)
    return stage.alice


async def move_of(actor: Actor) -> str:
    """What another coordinator than Dung is shown of the same move."""
    await actor.says(f"/donvi {COMMUNE}")
    await actor.presses(COMMUNE)
    await actor.presses("Chuyển cấp trên")
    await actor.says(OTHER_DISTRICT)
    return (await actor.presses(OTHER_DISTRICT))[0]


async def parent_of_commune(stage: Stage) -> str:
    found = await unit(stage, COMMUNE)
    assert found.parent is not None
    return found.parent.name


@pytest.mark.parametrize("day", [CLOSING, AFTER])
async def test_no_unit_is_put_under_one_that_is_closed_by_then_and_an_earlier_day_does(stage: Stage, day: str) -> None:
    await emptied(stage)
    await closed(stage)
    await moving(stage)
    await stage.dung.presses("Từ ngày khác")
    [refused] = await stage.dung.says(day)
    assert f"{OTHER_DISTRICT} {CLOSES}" in refused
    assert "gõ một ngày trước đó" in refused
    [shown] = await stage.dung.says(BEFORE)
    assert f"Từ ngày {BEFORE}" in shown
    assert f"⚠️ Nơi đó {CLOSES}" in shown
    assert "Đã hẹn" in (await stage.dung.presses("Lưu"))[0]


async def test_where_the_unit_above_closes_later_it_is_said_and_the_move_is_made(stage: Stage) -> None:
    assert "Nơi đó thôi hoạt động" not in await moving(stage)
    await emptied(stage)
    await closed(stage)
    assert f"⚠️ Nơi đó {CLOSES}" in await moving(stage)
    assert "Đã lưu" in (await stage.dung.presses("Lưu"))[0]
    assert await parent_of_commune(stage) == OTHER_DISTRICT


async def test_of_a_unit_that_ends_no_later_nothing_is_said(stage: Stage) -> None:
    await emptied(stage)
    await moving(stage)
    await planned(stage, BEFORE)
    await closed(stage, COMMUNE)
    assert "Đã hẹn chuyển" not in await closing(stage)
    await stage.dung.presses("Xác nhận")
    await stage.later(days=4)
    [news] = told(await stage.dung.hears())
    assert "như đã hẹn" in news
    assert OTHER_DISTRICT in news
    assert "thôi hoạt động" not in news


async def test_a_closing_that_came_before_the_save_shows_the_move_again_or_asks_for_another_day(stage: Stage) -> None:
    await emptied(stage)
    alice = await another_coordinator(stage)
    await move_of(alice)
    await closed(stage)
    assert f"⚠️ Nơi đó {CLOSES}" in (await alice.presses("Lưu"))[0]
    assert await parent_of_commune(stage) == DISTRICT
    await stage.dung.presses("Hoàn tác")
    await alice.presses("Từ ngày khác")
    await alice.says(AFTER)
    await closed(stage)
    assert "gõ một ngày trước đó" in (await alice.presses("Lưu"))[0]
    assert f"Từ ngày {BEFORE}" in (await alice.says(BEFORE))[0]
    assert await number_planned(stage) == 0


@pytest.mark.parametrize("day", [CLOSING, AFTER])
async def test_a_closing_tells_of_a_move_that_it_makes_impossible_and_so_hears_who_planned_it(
    stage: Stage, day: str
) -> None:
    await emptied(stage)
    await moving(stage)
    await planned(stage, day)
    assert f"{COMMUNE}, {DISTRICT}, từ ngày {day}: đến ngày đó không làm được nữa" in await closing(stage)
    assert "Đã ghi" in (await stage.dung.presses("Xác nhận"))[0]
    await stage.later(days=6)
    [news] = told(await stage.dung.hears())
    assert "cấp trên mới đã thôi hoạt động" in news
    assert (await parent_of_commune(stage), await number_planned(stage)) == (DISTRICT, 0)


async def test_a_closing_tells_of_a_unit_that_comes_before_and_on_its_day_that_is_told_again(stage: Stage) -> None:
    await emptied(stage)
    await moving(stage)
    await planned(stage, BEFORE)
    assert LEFT_THERE in await closing(stage)
    assert "Đã ghi" in (await stage.dung.presses("Xác nhận"))[0]
    await stage.later(days=4)
    [news] = told(await stage.dung.hears())
    assert f"⚠️ {OTHER_DISTRICT}, Tỉnh Long An {CLOSES}" in news
    assert await parent_of_commune(stage) == OTHER_DISTRICT


async def test_a_move_that_was_planned_since_is_shown_before_the_closing_is_written_down(stage: Stage) -> None:
    await emptied(stage)
    alice = await another_coordinator(stage)
    assert "Đã hẹn chuyển" not in await closing(stage)
    await move_of(alice)
    await alice.presses("Từ ngày khác")
    await alice.says(BEFORE)
    await alice.presses("Lưu")
    assert LEFT_THERE in (await stage.dung.presses("Xác nhận"))[0]
    assert (await unit(stage, OTHER_DISTRICT)).closed_on is None
    assert "Đã ghi" in (await stage.dung.presses("Xác nhận"))[0]


async def test_a_closing_is_not_undone_under_a_unit_that_closes_as_well(stage: Stage) -> None:
    await emptied(stage, DISTRICT, but=COMMUNE)
    await closed(stage, COMMUNE)
    undo = stage.dung.data_of("Hoàn tác")
    await closed(stage, DISTRICT)
    assert "cấp trên cũng thôi hoạt động" in (await stage.dung.forges(undo))[0]
    await stage.dung.presses("Hoàn tác")
    assert "vẫn hoạt động như trước" in (await stage.dung.forges(undo))[0]


async def test_a_closing_is_not_undone_once_a_unit_stands_under_the_new_one(stage: Stage) -> None:
    await emptied(stage)
    await stage.dung.says("/sapxep")
    await stage.dung.says(OTHER_DISTRICT)
    await stage.dung.presses(OTHER_DISTRICT)
    await stage.dung.says("Huyện Mới")
    await stage.dung.presses("Lập mới")
    await stage.dung.presses("Tiếp")
    await stage.dung.presses("Hôm nay")
    await stage.dung.presses("Xác nhận")
    undo = stage.dung.data_of("Hoàn tác")
    await moving(stage, "Huyện Mới")
    await stage.dung.presses("Lưu")
    assert "về dưới đơn vị mới" in (await stage.dung.forges(undo))[0]
    assert await parent_of_commune(stage) == "Huyện Mới"


async def test_after_a_day_before_the_unit_above_opens_a_later_one_may_be_typed(stage: Stage) -> None:
    await moving(stage)
    opens = update(Unit).where(Unit.name == OTHER_DISTRICT).values(opened_on=date(2027, 3, 9))
    await stage.ask(lambda s: s.execute(opens))
    await stage.dung.presses("Từ ngày khác")
    assert "gõ một ngày muộn hơn" in (await stage.dung.says("8/3/2027"))[0]
    assert "Từ ngày 9/3/2027" in (await stage.dung.says("9/3/2027"))[0]


async def test_no_unit_is_added_under_one_that_is_to_close_and_the_day_is_named(stage: Stage) -> None:
    await emptied(stage)
    await closed(stage)
    await stage.dung.says("/donvi moc hoa")
    await stage.dung.presses(OTHER_DISTRICT)
    await stage.dung.presses("Thêm đơn vị")
    await stage.dung.presses("xã, phường, thị trấn")
    await stage.dung.says("Xã Tân Lập Mới")
    [refused] = await stage.dung.presses("Từ hôm nay")
    assert f"{OTHER_DISTRICT} {CLOSES}" in refused
    assert "ngày trước đó" not in refused


async def test_in_english_both_are_told_in_english(stage: Stage) -> None:
    await emptied(stage)
    await moving(stage)
    await planned(stage, BEFORE)
    await stage.dung.says("/ngonngu")
    await stage.dung.presses("English")
    await stage.dung.says("/reorganise")
    await stage.dung.says(OTHER_DISTRICT)
    await stage.dung.presses(OTHER_DISTRICT)
    while any("☑" in label for label in stage.dung.buttons()):
        await stage.dung.presses("☑")
    await stage.dung.presses("No unit takes it over")
    assert f"from {BEFORE}: will stand under a closed unit" in (await stage.dung.says(CLOSING))[0]
    await stage.dung.presses("Confirm")
    await stage.later(days=4)
    assert any(f"is closed from {CLOSING} on" in text for text in await stage.dung.hears())
