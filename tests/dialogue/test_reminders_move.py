"""Reminders follow what changes meanwhile: a moved or skipped period, a day off, a returned report, the quiet hours."""

from datetime import time

import pytest

from bot.storage.models import ObligationState, Role
from tests.cast import Stage
from tests.dialogue.reminding import TO_FRIDAY_8, TO_TUESDAY_8, appoint, begin, obligation, reports, settle_all

UNIT = "Xã Tuyên Thạnh"


@pytest.fixture(autouse=True)
async def begun(stage: Stage) -> None:
    await begin(stage)


async def change_period(stage: Stage, *answers: str) -> None:
    """Dung skips or moves this week's report."""
    await stage.dung.says("/thoihan")
    for label in ("Sửa thời hạn", "Báo cáo tuần", "Bỏ, dời một kỳ", "thứ Sáu 5/3/2027"):
        await stage.dung.presses(label)
    for answer in answers:
        await (stage.dung.says(answer) if "/" in answer else stage.dung.presses(answer))
    await stage.dung.says("Công văn số 12")
    await stage.dung.presses("Lưu")


async def declare_off(stage: Stage, day: str) -> None:
    await stage.dung.says("/ngaynghi")
    await stage.dung.presses("Thêm ngày nghỉ")
    await stage.dung.says(day)
    await stage.dung.presses("Không ghi chú")
    await stage.dung.presses("Lưu")


async def test_a_period_that_is_moved_is_reminded_of_for_its_new_day_and_no_more_for_the_old(stage: Stage) -> None:
    await stage.later(**TO_TUESDAY_8)
    assert "trước 17:00 thứ Sáu 5/3/2027" in reports(await stage.bob.hears())[0]
    await change_period(stage, "12/3/2027")
    await stage.later(days=2)  # Thursday 08:00
    assert reports(await stage.bob.hears()) == []
    await stage.later(days=5)  # Tuesday 08:00
    assert "Báo cáo tuần: trước 17:00 thứ Sáu 12/3/2027 (còn 3 ngày)" in reports(await stage.bob.hears())[-1]


async def test_a_step_that_was_said_of_the_old_day_is_said_of_the_new_one_within_the_week(stage: Stage) -> None:
    await stage.later(**TO_TUESDAY_8)
    assert len(reports(await stage.bob.hears())) == 1
    await change_period(stage, "9/3/2027")
    await stage.later(days=3)  # Friday 08:00
    [text] = reports(await stage.bob.hears())
    assert "Báo cáo tuần: trước 17:00 thứ Ba 9/3/2027 (còn 4 ngày)" in text


async def test_a_period_that_is_skipped_is_reminded_of_no_more(stage: Stage) -> None:
    await stage.later(**TO_TUESDAY_8)
    await stage.bob.hears()
    await change_period(stage, "Không phải nộp kỳ này")
    assert (await obligation(stage)).state == ObligationState.CLOSED
    await stage.later(days=2)
    assert reports(await stage.bob.hears()) == []


async def test_a_day_off_that_is_added_moves_the_reminder_to_the_day_before(stage: Stage) -> None:
    await stage.later(**TO_TUESDAY_8)
    await stage.bob.hears()
    await declare_off(stage, "4/3/2027")
    await stage.later(days=1)  # Wednesday 08:00
    assert "Báo cáo tuần: trước 17:00 thứ Sáu 5/3/2027 (còn 2 ngày)" in reports(await stage.bob.hears())[0]
    await stage.later(days=1)
    assert reports(await stage.bob.hears()) == []


async def test_a_day_off_that_is_added_the_day_before_brings_the_reminder_at_once(stage: Stage) -> None:
    await stage.later(**TO_TUESDAY_8)
    await stage.later(days=1, hours=2)  # Wednesday 10:00
    await stage.bob.hears()
    await declare_off(stage, "4/3/2027")
    await stage.later(minutes=1)
    [text] = reports(await stage.bob.hears())
    assert "(còn 2 ngày)" in text
    assert "muộn hơn lịch" in text
    await stage.later(days=1)
    assert reports(await stage.bob.hears()) == []


async def test_a_day_off_that_is_taken_back_brings_the_reminder_back_to_its_day(stage: Stage) -> None:
    await declare_off(stage, "4/3/2027")
    await stage.later(**TO_TUESDAY_8)
    await stage.bob.hears()
    await stage.dung.says("/ngaynghi")
    await stage.dung.presses("Bỏ: thứ Năm 4/3/2027")
    await stage.dung.presses("Lưu")
    await stage.later(days=1)
    assert reports(await stage.bob.hears()) == []
    await stage.later(days=1)
    assert "(ngày mai)" in reports(await stage.bob.hears())[0]


async def test_a_returned_report_is_open_again_and_reminded_of(stage: Stage) -> None:
    await settle_all(stage, but=UNIT)
    await appoint(stage, stage.dung, "Thị xã Kiến Tường", Role.UNIT_ADMIN)
    await stage.later(days=3, hours=9)  # Thursday 18:00
    await stage.bob.says("/baocao")
    for label in ("Báo cáo tuần", "Tiếp", "Không ghi chú", "Nộp báo cáo"):
        await stage.bob.presses(label)
    assert (await obligation(stage)).state == ObligationState.FILED
    await stage.dung.hears()
    await stage.dung.presses("Xem báo cáo")
    await stage.dung.presses("Trả lại")
    await stage.dung.says("Thiếu số liệu tổ 2")
    assert (await obligation(stage)).state == ObligationState.OPEN
    assert "trả lại Báo cáo tuần" in (await stage.bob.hears())[-1]
    await stage.later(hours=14)  # Friday 08:00
    [text] = reports(await stage.bob.hears())
    assert "Báo cáo tuần: trước 17:00 thứ Sáu 5/3/2027 (hôm nay)" in text


async def test_nobody_is_reminded_in_the_quiet_hours_of_the_campaign(stage: Stage) -> None:
    stage.change_campaign(quotas=(), quiet_hours=(time(12), time(9, 30)))
    await stage.later(**TO_FRIDAY_8)
    assert reports(await stage.bob.hears()) == []
    await stage.later(hours=1, minutes=29)
    assert reports(await stage.bob.hears()) == []
    await stage.later(minutes=1)
    [text] = reports(await stage.bob.hears())
    assert "Báo cáo tuần: trước 17:00 thứ Sáu 5/3/2027 (hôm nay)" in text
    assert "muộn" not in text
    await stage.later(hours=5, minutes=30)  # 15:00, two hours before it is due
    assert reports(await stage.bob.hears()) == []
