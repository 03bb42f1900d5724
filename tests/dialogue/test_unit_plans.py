"""A unit is renamed or moved on a day to come: it can be taken back until then, and the day brings it once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.actions import unit_plans
from bot.buttons import Tap, wire
from bot.storage.models import Role, Tag, Unit, UnitChange
from tests.cast import TAG, Stage
from tests.databases import A_MONDAY
from tests.dialogue.planning import (
    DAY,
    DISTRICT,
    NEW_TAG,
    OTHER_DISTRICT,
    card,
    coordinating,
    moving,
    number_planned,
    planned,
    renaming,
    told,
)
from tests.dialogue.reminding import appoint, signed
from tests.dialogue.rostering import COMMUNE, audit, tags_of, unit

MOVED_TAG = "#DQTVTUYENTHANHMOCHOALONGAN"
NOT_YOURS = "không thuộc phạm vi của anh/chị"
TO_MIDNIGHT, TO_MORNING = {"hours": 15, "minutes": 2}, {"hours": 7}


async def test_a_name_from_a_day_on_is_shown_on_the_card_and_changes_nothing_yet(stage: Stage) -> None:
    assert "Từ hôm nay" in await renaming(stage)
    await stage.dung.presses("Từ ngày khác")
    [shown] = await stage.dung.says(DAY)
    assert f"Từ ngày {DAY}" in shown
    assert f"{TAG} → {NEW_TAG}" in shown
    assert "đến hết ngày 30/5/2027" in shown
    assert "Đã hẹn" in (await stage.dung.presses("Lưu"))[0]
    assert f"Từ {DAY}: đổi tên thành Xã Tuyên Hòa" in (await stage.dung.presses("Quay lại"))[0]
    assert f"Từ {DAY}" in (await stage.bob.says("/donvi"))[0]
    assert not [label for label in stage.bob.buttons() if "Rút lại" in label]
    assert await tags_of(stage, (await unit(stage, COMMUNE)).id) == [(TAG, None)]
    [row] = [each for each in await audit(stage, "units.save") if each.subject == "unit_changes"]
    assert (row.after["name"], row.after["day"]) == ("Xã Tuyên Hòa", "2027-03-02")


async def test_it_is_taken_back_before_its_day(stage: Stage) -> None:
    await renaming(stage)
    await planned(stage)
    assert "đổi tên thành" in await card(stage)
    assert "đổi tên thành" not in (await stage.dung.presses("Rút lại"))[0]
    await stage.later(days=1)
    assert (await unit(stage, COMMUNE)).name == COMMUNE
    assert told(await stage.dung.hears()) == []
    [row] = await audit(stage, "units.recall")
    assert (row.subject, row.before["name"]) == ("unit_changes", "Xã Tuyên Hòa")


async def test_who_planned_it_is_told_if_somebody_else_takes_it_back(stage: Stage) -> None:
    await appoint(stage, stage.alice, "Tỉnh Long An", Role.COORDINATOR)
    await renaming(stage)
    await planned(stage)
    await stage.alice.says("/donvi tuyen thanh")
    await stage.alice.presses(COMMUNE)
    await stage.alice.presses("Rút lại")
    assert any("Alice đã rút lại" in text for text in await stage.dung.hears())
    assert await number_planned(stage) == 0


@pytest.mark.parametrize("of", [COMMUNE, DISTRICT])
async def test_who_may_not_plan_a_move_may_not_take_it_back(stage: Stage, of: str) -> None:
    await stage.register(stage.charlie, "Lê Thị C")
    await appoint(stage, stage.charlie, of, Role.COORDINATOR)
    await moving(stage)
    await planned(stage)
    await stage.charlie.says(f"/donvi {COMMUNE}")
    assert f"Từ {DAY}" in (await stage.charlie.presses(COMMUNE))[0]
    assert not [label for label in stage.charlie.buttons() if "Rút lại" in label]
    [args] = await stage.ask(lambda s: [(row.unit_id, row.set_at) for row in s.scalars(select(UnitChange))])
    forged = (args[0], int(args[1].timestamp()))
    assert NOT_YOURS in (await signed(stage, stage.charlie, "units.recall", *forged))[0]
    assert await number_planned(stage) == 1


async def test_a_coordinator_takes_back_a_new_name_of_his_own_unit(stage: Stage) -> None:
    await stage.register(stage.charlie, "Lê Thị C")
    await appoint(stage, stage.charlie, COMMUNE, Role.COORDINATOR)
    await renaming(stage)
    await planned(stage)
    await stage.charlie.says("/donvi")
    await stage.charlie.presses("Rút lại")
    assert await number_planned(stage) == 0


async def test_the_day_brings_it_at_midnight_and_tells_of_it_in_the_morning(stage: Stage) -> None:
    await stage.owe_nothing()
    await renaming(stage)
    await planned(stage)
    await stage.later(**TO_MIDNIGHT)
    changed = await unit(stage, "Xã Tuyên Hòa")
    assert await tags_of(stage, changed.id) == [(NEW_TAG, None), (TAG, "2027-03-02")]
    assert told([*await stage.dung.hears(), *await stage.bob.hears()]) == []
    await stage.later(**TO_MORNING)
    assert any("đổi tên thành Xã Tuyên Hòa, như đã hẹn" in text for text in await stage.bob.hears())
    assert len(told(await stage.dung.hears())) == 1
    assert any(NEW_TAG in text for text in await stage.alice.hears())
    assert await number_planned(stage) == 0
    by_clock = await audit(stage, "units.begin")
    assert {row.subject for row in by_clock} == {"units", "unit_changes", "tags"}


async def test_it_moves_on_the_day_and_never_twice(stage: Stage) -> None:
    await stage.owe_nothing()
    await coordinating(stage)
    await moving(stage)
    assert "chuyển về dưới Huyện Mộc Hóa" in await planned(stage)
    await stage.later(days=1)
    for actor in (stage.dung, stage.bob, stage.charlie):
        assert len(told(await actor.hears())) == 1
    before = await stage.ask(lambda s: s.scalars(select(func.count()).select_from(Tag)).one())

    def again(session: Session) -> int:
        return unit_plans.carry_out(session, stage.app.setup, A_MONDAY + timedelta(days=1))

    assert await stage.ask(again) == 0
    await stage.later(days=1)
    assert told(await stage.bob.hears()) == []
    moved = await unit(stage, COMMUNE)
    assert moved.parent is not None
    assert moved.parent.name == OTHER_DISTRICT
    assert await tags_of(stage, moved.id) == [(MOVED_TAG, None), (TAG, "2027-03-02")]
    assert await stage.ask(lambda s: s.scalars(select(func.count()).select_from(Tag)).one()) == before


async def test_a_day_that_passed_while_the_bot_was_down_holds_as_it_was_set(stage: Stage) -> None:
    await renaming(stage)
    await planned(stage)
    await stage.later(days=3)
    assert (await tags_of(stage, (await unit(stage, "Xã Tuyên Hòa")).id))[0] == (NEW_TAG, None)
    statement = select(Tag.valid_from).where(Tag.tag == NEW_TAG)
    assert await stage.ask(lambda s: s.scalars(statement).one()) == date(2027, 3, 2)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("parent", "cấp trên mới đã thôi hoạt động"),
        ("opening", "cấp trên đến ngày đó chưa hoạt động"),
        ("unit", "đơn vị này đã thôi hoạt động"),
        ("under", "ra khỏi phạm vi"),
    ],
)
async def test_a_move_that_cannot_be_any_more_ends_with_a_word_to_who_planned_it(
    stage: Stage, change: str, why: str
) -> None:
    await moving(stage)
    await planned(stage)

    def meanwhile(session: Session) -> None:
        row = session.scalars(select(UnitChange)).one()
        if change == "under":
            row.within_id = session.scalars(select(Unit.id).where(Unit.name == "Huyện Tân Hưng")).one()
        elif change == "opening":
            assert row.parent is not None
            row.parent.opened_on = A_MONDAY.date() + timedelta(days=2)
        else:
            gone = row.parent if change == "parent" else row.unit
            assert gone is not None
            gone.closed_on = A_MONDAY.date()

    await stage.ask(meanwhile)
    await stage.later(days=1)
    [news] = told(await stage.dung.hears())
    assert why in news
    assert await number_planned(stage) == 0
    stayed = await unit(stage, COMMUNE)
    assert stayed.parent is not None
    assert stayed.parent.name == DISTRICT


async def test_a_name_that_a_sibling_took_meanwhile_ends_with_a_word_to_who_planned_it(stage: Stage) -> None:
    await renaming(stage)
    await planned(stage)
    await renaming(stage, "Xã Tuyên Hòa", of="Xã Bình Hiệp")
    await stage.dung.presses("Lưu")
    await stage.later(days=1)
    [news] = told(await stage.dung.hears())
    assert "đã có đơn vị mang tên này" in news
    assert (await unit(stage, COMMUNE)).name == COMMUNE


async def test_a_closing_whose_new_unit_is_to_be_changed_is_not_undone(stage: Stage) -> None:
    await stage.dung.says("/sapxep")
    await stage.dung.says("tuyen thanh")
    await stage.dung.presses(COMMUNE)
    await stage.dung.presses("Tiếp")
    await stage.dung.says("9/3/2027")
    await stage.dung.presses("Xác nhận")
    undo = stage.dung.data_of("Hoàn tác")
    await stage.dung.says("/donvi tuyen thanh")
    await stage.dung.presses("Xã Tuyên Thạnh › Tỉnh Long An")
    await stage.dung.presses("Đổi tên")
    await stage.dung.says("Xã Tuyên Hòa")
    await planned(stage, "10/3/2027")
    assert "Không hoàn tác được nữa" in (await stage.dung.forges(undo))[0]


async def test_forged_buttons_change_no_unit_of_others(stage: Stage) -> None:
    await appoint(stage, stage.alice, OTHER_DISTRICT, Role.COORDINATOR)
    await renaming(stage)
    await planned(stage)
    foreign = (await unit(stage, COMMUNE)).id
    planned_at = await stage.ask(lambda s: int(s.scalars(select(UnitChange.set_at)).one().timestamp()))
    assert NOT_YOURS in (await signed(stage, stage.alice, "units.recall", foreign, planned_at))[0]
    assert "điều phối" in (await signed(stage, stage.bob, "units.recall", foreign, planned_at))[0]
    assert "không còn dùng được" in (await signed(stage, stage.dung, "units.recall", foreign, planned_at + 1))[0]
    assert "không còn dùng được" in (await signed(stage, stage.dung, "units.when", foreign))[0]
    own = (await unit(stage, "Xã Bình Hòa Tây")).id
    await signed(stage, stage.alice, "units.move", own)
    district = (await unit(stage, DISTRICT)).id
    assert NOT_YOURS in (await stage.alice.forges(_button(stage, "units.parent", district)))[0]
    assert await number_planned(stage) == 1


async def test_who_lost_the_unit_above_before_he_saved_moves_nothing_there(stage: Stage) -> None:
    await appoint(stage, stage.alice, "Tỉnh Long An", Role.COORDINATOR)
    await stage.alice.says("/donvi tuyen thanh")
    await stage.alice.presses(COMMUNE)
    await stage.alice.presses("Chuyển cấp trên")
    await stage.alice.says("moc hoa")
    await stage.alice.presses(OTHER_DISTRICT)
    await appoint(stage, stage.alice, DISTRICT, Role.COORDINATOR)
    assert "đều phải thuộc phạm vi" in (await stage.alice.presses("Lưu"))[0]
    stayed = await unit(stage, COMMUNE)
    assert stayed.parent is not None
    assert stayed.parent.name == DISTRICT


def _button(stage: Stage, action: str, *args: int) -> str:
    return wire(Tap("register.begin", action, args), stage.alice.address, "vi", stage.app.setup.key).data or ""
