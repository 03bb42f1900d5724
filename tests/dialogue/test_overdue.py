"""What the levels above hear: who has not filed, whom to remind, and where nobody can be told."""

import pytest

from bot.actions.overdue import _told_apart
from bot.storage.models import Role
from bot.storage.overdue import Node
from tests.cast import Stage
from tests.dialogue.reminding import (
    appoint,
    begin,
    obligation,
    settle_all,
    signed,
)


@pytest.fixture(autouse=True)
async def begun(stage: Stage) -> None:
    await begin(stage)


async def test_an_hour_after_the_due_hour_the_levels_above_get_one_digest(stage: Stage) -> None:
    await settle_all(stage, but="Xã Tuyên Thạnh")
    await stage.later(days=4, hours=8, minutes=59)  # Friday 17:59
    assert [text for text in await stage.dung.hears() if "chưa nộp" in text] == []
    await stage.later(minutes=1)
    [text] = [text for text in await stage.dung.hears() if "chưa nộp" in text]
    assert "Hạn nộp: 17:00 thứ Sáu 5/3/2027" in text
    assert "1/10 đơn vị chưa nộp Báo cáo tuần" in text
    assert "• Xã Tuyên Thạnh" in text
    assert "muộn" not in text
    await stage.later(minutes=10)
    assert [text for text in await stage.dung.hears() if "chưa nộp" in text] == []
    await stage.later(days=2, hours=13, minutes=50)  # Monday 08:00
    assert len([text for text in await stage.dung.hears() if "chưa nộp" in text]) == 1
    await stage.later(days=2)
    assert [text for text in await stage.dung.hears() if "chưa nộp" in text] == []


async def test_when_all_have_filed_nobody_above_hears_a_thing(stage: Stage) -> None:
    await settle_all(stage)
    await stage.later(days=4, hours=9)
    assert [text for text in await stage.dung.hears() if "chưa nộp" in text] == []


async def test_an_admin_above_hears_of_the_units_below_his_own(stage: Stage) -> None:
    await appoint(stage, stage.alice, "Thị xã Kiến Tường", Role.UNIT_ADMIN)
    await stage.later(days=4, hours=9)
    [text] = [text for text in await stage.alice.hears() if "chưa nộp" in text]
    assert "8/8 đơn vị chưa nộp Báo cáo tuần" in text
    assert "Thị xã Kiến Tường" not in text


async def test_one_button_reminds_all_who_are_late_once_a_day(stage: Stage) -> None:
    await settle_all(stage, but="Xã Tuyên Thạnh")
    await stage.later(days=4, hours=9)
    await stage.bob.hears()
    [answer] = [text for text in await stage.dung.presses("Nhắc tất cả") if "Đã nhắc" in text]
    assert "Đã nhắc 1 người; còn 1 đơn vị chưa nộp." in answer
    [text] = await stage.bob.hears()
    assert "Cấp trên nhắc nộp báo cáo" in text
    assert "Báo cáo tuần: đã quá hạn" in text
    assert "mỗi người chỉ được nhắc một lần" in (await stage.dung.presses("Nhắc tất cả"))[-1]
    assert await stage.bob.hears() == []


async def test_nobody_is_reminded_by_button_at_night_or_on_a_day_off(stage: Stage) -> None:
    await settle_all(stage, but="Xã Tuyên Thạnh")
    await stage.later(days=4, hours=9)
    await stage.bob.hears()
    await stage.later(hours=4)
    assert "từ 08:00 thứ Hai 8/3/2027" in (await stage.dung.presses("Nhắc tất cả"))[-1]
    await stage.later(hours=16)
    assert "từ 08:00 thứ Hai 8/3/2027" in (await stage.dung.presses("Nhắc tất cả"))[-1]
    assert await stage.bob.hears() == []


async def test_who_stands_over_nobody_reminds_nobody(stage: Stage) -> None:
    await settle_all(stage, but="Xã Thạnh Hưng")
    await stage.later(days=4, hours=9)
    due = int((await obligation(stage)).due_at.timestamp())
    assert "Không còn đơn vị nào" in (await signed(stage, stage.bob, "remind.all", due))[-1]


async def test_a_week_before_the_coordinator_hears_which_units_nobody_can_be_told_in(stage: Stage) -> None:
    await stage.later(days=1, hours=23)  # Wednesday 3/3 08:00: a week before the monthly report
    heard = [text for text in await stage.dung.hears() if "liên lạc" in text]
    [text] = [text for text in heard if "Báo cáo tháng" in text]
    assert "Báo cáo tuần, Báo cáo tháng, Báo cáo quý (sớm nhất 17:00 thứ Tư 10/3/2027)" in text
    assert "9 đơn vị chưa có ai liên lạc được" in text
    assert "Xã Tuyên Thạnh" not in text
    await stage.later(days=2)
    assert [text for text in await stage.dung.hears() if "Báo cáo tháng" in text and "liên lạc" in text] == []


def test_units_of_one_name_are_told_apart_by_the_unit_above() -> None:
    tree = {
        1: Node(None, "Tân An", "tan an"),
        2: Node(None, "Kiến Tường", "kien tuong"),
        3: Node(1, "Phường 1", "phuong 1"),
        4: Node(2, "Phường 1", "phuong 1"),
        5: Node(2, "Phường 2", "phuong 2"),
    }
    assert _told_apart([tree[3], tree[4], tree[5]], tree) == ["Phường 1 (Tân An)", "Phường 1 (Kiến Tường)", "Phường 2"]
