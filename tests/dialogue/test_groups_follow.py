"""A group follows its unit through a reorganisation: its summaries are the successor's, and it is told once."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.sandbox import people
from bot.storage.models import Role, Unit, UnitSuccessor
from tests.cast import Stage
from tests.dialogue.setting_tags import appoint
from tests.dialogue.summarising import group_row, heard, in_group, linked, to_friday, weeks
from tests.dialogue.test_reorganise import SPLIT, closed

pytestmark = pytest.mark.telegram_only("groups on Zalo cannot be relied on")

MERGED = (
    "Xã Tuyên Thạnh đã được sắp xếp lại thành Xã Tuyên Thạnh: "
    "từ nay tổng kết hằng tuần ở nhóm này là của Xã Tuyên Thạnh."
)


async def unit_of_the_group(stage: Stage) -> str | None:
    """The code of the unit whose chat the group is."""
    row = await group_row(stage)
    return await stage.ask(lambda s: s.get_one(Unit, row.unit_id).code if row.unit_id else None)


async def said(stage: Stage, *, after: int) -> list[str]:
    return [text for text in heard(stage)[after:] if not text.startswith("📊")]


async def test_a_group_follows_its_unit_into_the_one_successor_and_is_told_once(stage: Stage) -> None:
    await linked(stage)
    before = len(heard(stage))
    await closed(stage)
    await stage.later(minutes=2)
    await stage.later(hours=2)
    assert await said(stage, after=before) == [MERGED]
    assert await unit_of_the_group(stage) == "m27817"
    await to_friday(stage)
    [week] = weeks(stage)
    assert week.startswith("📊 Xã Tuyên Thạnh: từ 1/3/2027")
    assert await said(stage, after=before) == [MERGED]
    [answer] = await in_group(stage, stage.bob, "/lienket")
    assert answer.startswith("Nhóm này là nhóm của Xã Tuyên Thạnh")


async def test_before_the_day_and_its_morning_the_group_is_the_old_units(stage: Stage) -> None:
    await linked(stage)
    before = len(heard(stage))
    await closed(stage, day="3/3/2027")
    old = await unit_of_the_group(stage)
    await stage.later(days=1)
    await stage.later(hours=20)  # Wednesday 05:00
    assert (await unit_of_the_group(stage), await said(stage, after=before)) == (old, [])
    await stage.later(hours=3)
    assert await unit_of_the_group(stage) == "m27817"
    assert await said(stage, after=before) == [MERGED]


@pytest.mark.parametrize("said", ["/lienket", "/tongket", "/tongket tat"])
async def test_between_midnight_and_that_morning_the_group_is_told_to_wait(stage: Stage, said: str) -> None:
    await linked(stage)
    await closed(stage, day="3/3/2027")
    await stage.later(days=1)
    await stage.later(hours=20)  # Wednesday 05:00
    [answer] = await in_group(stage, stage.bob, said)
    assert answer.startswith("Xã Tuyên Thạnh đã thôi hoạt động. Sáng nay nhóm sẽ theo đơn vị mới")
    await in_group(stage, stage.bob, "/lienket huy")
    assert (await in_group(stage, stage.bob, "/lienket"))[0] == answer
    assert (await group_row(stage)).unit_id is None


async def test_a_group_whose_unit_went_into_several_is_freed_and_told_how_to_go_on(stage: Stage) -> None:
    await appoint(stage, stage.bob, SPLIT, Role.UNIT_ADMIN)
    await in_group(stage, stage.bob, "/lienket")
    before = len(heard(stage))
    await closed(stage, "thai binh trung", SPLIT)
    await stage.later(minutes=2)
    await stage.later(hours=2)
    [told] = await said(stage, after=before)
    assert told.startswith("Xã Thái Bình Trung đã được chia về nhiều đơn vị")
    assert "gửi /lienket tại đây" in told
    row = await group_row(stage)
    assert (row.unit_id, row.linked_by_id) == (None, None)
    await stage.bob.presses("Tôi thuộc Xã Vĩnh Hưng")
    [answer] = await in_group(stage, stage.bob, "/lienket")
    assert answer.startswith("Nhóm này là nhóm của Xã Vĩnh Hưng")


async def test_through_two_closings_in_one_night_the_group_hears_of_the_last_unit_alone(stage: Stage) -> None:
    await linked(stage)
    before = len(heard(stage))
    await closed(stage, day="3/3/2027")
    await stage.ask(close_the_successor)
    await stage.later(days=2)
    [told] = await said(stage, after=before)
    assert told.startswith("Xã Tuyên Thạnh đã được sắp xếp lại thành Xã Thạnh Hưng:")
    [week] = await in_group(stage, stage.bob, "/tongket")
    assert week.startswith("📊 Xã Thạnh Hưng")


def close_the_successor(session: Session) -> None:
    """On the same day, into a unit that is there."""
    middle = session.scalars(select(Unit).where(Unit.code == "m27817")).one()
    last = session.scalars(select(Unit).where(Unit.name == "Xã Thạnh Hưng").order_by(Unit.id).limit(1)).one()
    middle.closed_on = date(2027, 3, 3)
    session.add(UnitSuccessor(unit_id=middle.id, successor_id=last.id, main=True))


async def test_a_group_that_the_bot_had_to_leave_follows_in_silence(stage: Stage) -> None:
    await linked(stage)
    before = len(heard(stage))
    people.remove_bot(stage.world, stage.bob.person, stage.group)
    await stage.settle()
    await closed(stage)
    await stage.later(minutes=2)
    assert await unit_of_the_group(stage) == "m27817"
    assert await said(stage, after=before) == []


async def test_once_a_group_followed_the_closing_is_not_undone(stage: Stage) -> None:
    await linked(stage)
    await appoint(stage, stage.bob, "Huyện Tân Trụ", Role.UNIT_ADMIN)
    await appoint(stage, stage.alice, "Huyện Tân Trụ", Role.MEMBER)
    await closed(stage)
    await stage.later(minutes=2)
    assert "Không hoàn tác được nữa" in (await stage.dung.presses("Hoàn tác"))[-1]
    assert await unit_of_the_group(stage) == "m27817"
