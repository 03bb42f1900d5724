"""Reminders as people meet them: what is owed, put off, handed over on paper."""

import pytest
from sqlalchemy import select, update

from bot.storage.models import Account, ObligationState, Reminder, Role
from tests.cast import STALE, TAG, Stage
from tests.dialogue.reminding import (
    TO_FRIDAY_8,
    TO_TUESDAY_8,
    appoint,
    begin,
    obligation,
    reports,
    settle_all,
    signed,
    steps,
)

GROUP = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/123456789"


@pytest.fixture(autouse=True)
async def begun(request: pytest.FixtureRequest, stage: Stage) -> None:
    await begin(stage, quotas="quota" in request.node.name)


async def test_a_reminder_names_the_report_the_last_minute_and_what_to_do(stage: Stage) -> None:
    assert reports(await stage.bob.hears()) == []
    await stage.later(**TO_TUESDAY_8)
    [text] = reports(await stage.bob.hears())
    assert "Xã Tuyên Thạnh" in text
    assert "Báo cáo tuần: trước 17:00 thứ Sáu 5/3/2027 (còn 3 ngày)" in text
    assert "muộn" not in text
    assert stage.bob.buttons() == ["📝 Nộp Báo cáo tuần", "⏰ Nhắc lại ngày mai", "📄 Đã nộp bản giấy"]
    await stage.later(minutes=1)
    assert reports(await stage.bob.hears()) == []
    assert reports(await stage.alice.hears()) == []


async def test_all_of_one_morning_is_one_message(stage: Stage) -> None:
    await stage.later(**TO_FRIDAY_8)
    [text] = reports(await stage.bob.hears())
    assert "Báo cáo tuần: trước 17:00 thứ Sáu 5/3/2027 (hôm nay)" in text
    assert "Báo cáo tháng, Báo cáo quý: trước 17:00 thứ Tư 10/3/2027 (còn 5 ngày)" in text
    assert stage.bob.buttons()[:3] == ["📝 Nộp Báo cáo tuần", "📝 Nộp Báo cáo tháng", "📝 Nộp Báo cáo quý"]


async def test_what_is_filed_is_not_reminded_of(stage: Stage) -> None:
    await settle_all(stage)
    await stage.later(**TO_FRIDAY_8)
    assert reports(await stage.bob.hears()) == []


async def test_after_three_days_down_only_the_latest_step_is_said_and_says_that_it_is_late(stage: Stage) -> None:
    await stage.later(days=3)
    [text] = reports(await stage.bob.hears())
    assert "(ngày mai)" in text
    assert "Tin nhắc này đến muộn hơn lịch." in text
    weekly = (await obligation(stage)).id
    rows = await stage.ask(lambda s: s.execute(select(Reminder.step, Reminder.state, Reminder.late)).all())
    assert sorted(tuple(row) for row in rows) == [("before_1d", "said", True), ("before_3d", "dropped", False)]
    assert await stage.ask(lambda s: set(s.scalars(select(Reminder.obligation_id)))) == {weekly}
    await stage.later(minutes=5)
    assert reports(await stage.bob.hears()) == []


async def test_what_was_missed_in_the_night_waits_for_the_morning(stage: Stage) -> None:
    await stage.later(days=1, hours=13)  # Tuesday 22:00
    assert reports(await stage.bob.hears()) == []
    await stage.later(hours=8, minutes=29)
    assert reports(await stage.bob.hears()) == []
    await stage.later(minutes=1)
    [text] = reports(await stage.bob.hears())
    assert "muộn hơn lịch" in text


async def test_what_is_overdue_is_said_on_the_next_working_day_and_never_on_a_day_off(stage: Stage) -> None:
    await stage.later(days=5)  # Saturday
    assert reports(await stage.bob.hears()) == []
    await stage.later(days=1, hours=23)  # Monday 08:00
    [text] = reports(await stage.bob.hears())
    assert "Báo cáo tuần: đã quá hạn lúc 17:00 thứ Sáu 5/3/2027" in text
    assert text.count("Báo cáo tháng") == 1


async def test_who_cannot_be_reached_is_told_nothing_until_he_comes_back(stage: Stage) -> None:
    bob = str(stage.bob.person.id)
    await stage.ask(lambda s: s.execute(update(Account).where(Account.chat == bob).values(reachable=False)) and None)
    await stage.later(**TO_TUESDAY_8)
    assert await steps(stage) == []
    await stage.bob.says("/trogiup")
    await stage.later(minutes=1)
    assert len(reports(await stage.bob.hears())) == 1


async def test_put_off_until_tomorrow_it_comes_again_tomorrow_and_not_before(stage: Stage) -> None:
    await stage.later(**TO_TUESDAY_8)
    await stage.bob.hears()
    assert await stage.bob.presses("Nhắc lại ngày mai") == ["Bot sẽ nhắc lại lúc 08:00 3/3/2027."]
    await stage.later(hours=23)
    assert reports(await stage.bob.hears()) == []
    await stage.later(hours=1)
    [text] = reports(await stage.bob.hears())
    assert "(còn 2 ngày)" in text
    await stage.later(minutes=1)
    assert reports(await stage.bob.hears()) == []
    await stage.later(days=1)
    assert "(ngày mai)" in reports(await stage.bob.hears())[0]


async def test_what_is_due_before_tomorrow_cannot_be_put_off(stage: Stage) -> None:
    await settle_all(stage, but="Xã Tuyên Thạnh")
    await stage.later(**TO_FRIDAY_8)
    await stage.bob.presses("Nhắc lại ngày mai")
    await stage.later(hours=7)
    [text] = reports(await stage.bob.hears())
    assert "Báo cáo tuần" in text
    assert "Báo cáo tháng" not in text
    assert stage.bob.buttons() == ["📝 Nộp Báo cáo tuần", "📄 Đã nộp bản giấy"]


async def test_a_paper_that_came_is_confirmed_by_the_coordinator(stage: Stage) -> None:
    await stage.later(**TO_TUESDAY_8)
    assert "bản giấy của báo cáo nào" in (await stage.bob.presses("Đã nộp bản giấy"))[-1]
    assert "Đã hỏi điều phối" in (await stage.bob.presses("📄 Báo cáo tuần"))[0]
    [asked] = [text for text in await stage.dung.hears() if "bản giấy" in text]
    assert "Xã Tuyên Thạnh: Bob báo đã nộp bản giấy Báo cáo tuần, hạn 17:00 thứ Sáu 5/3/2027" in asked
    assert "Đã ghi: nhận bản giấy" in (await stage.dung.presses("✅ Xác nhận"))[0]
    assert "Không cần nộp trên bot nữa" in (await stage.bob.hears())[0]
    row = await obligation(stage)
    assert (row.state, row.reason) == (ObligationState.EXCUSED, "paper")
    await stage.later(days=2)
    assert reports(await stage.bob.hears()) == []


async def test_a_paper_that_did_not_come_is_still_owed(stage: Stage) -> None:
    await stage.later(**TO_TUESDAY_8)
    await stage.bob.presses("Đã nộp bản giấy")
    await stage.bob.presses("📄 Báo cáo tuần")
    await stage.dung.hears()
    assert "Báo cáo vẫn phải nộp" in (await stage.dung.presses("Chưa nhận được"))[0]
    assert "chưa nhận được bản giấy" in (await stage.bob.hears())[0]
    assert stage.bob.buttons() == ["📝 Nộp Báo cáo tuần"]
    row = await obligation(stage)
    assert (row.state, row.paper_by_id, row.paper_at) == (ObligationState.OPEN, None, None)
    assert await signed(stage, stage.dung, "remind.missing", row.id) == ["Việc này đã được giải quyết trước đó."]
    await stage.later(days=2)
    assert len(reports(await stage.bob.hears())) == 1


async def test_a_coordinator_is_asked_once_about_a_paper(stage: Stage) -> None:
    await stage.later(**TO_TUESDAY_8)
    await stage.bob.presses("Đã nộp bản giấy")
    data = stage.bob.data_of("📄 Báo cáo tuần")
    await stage.bob.presses("📄 Báo cáo tuần")
    await stage.dung.hears()
    assert "chưa trả lời" in (await stage.bob.forges(data))[0]
    assert await stage.dung.hears() == []


async def test_without_a_coordinator_nothing_is_claimed(stage: Stage) -> None:
    await appoint(stage, stage.dung, "Huyện Tân Hưng", Role.COORDINATOR)
    await stage.later(**TO_TUESDAY_8)
    await stage.bob.presses("Đã nộp bản giấy")
    assert "Hãy nộp trên bot" in (await stage.bob.presses("📄 Báo cáo tuần"))[0]
    assert (await obligation(stage)).paper_at is None


async def test_nobody_answers_for_units_that_are_not_his(stage: Stage) -> None:
    await stage.later(**TO_TUESDAY_8)
    mine, other = await obligation(stage), await obligation(stage, unit="Xã Thạnh Hưng")
    refused = (await signed(stage, stage.bob, "remind.paper!", other.id))[-1]
    assert "dành cho quản trị đơn vị trong phạm vi của mình" in refused
    assert (await obligation(stage, unit="Xã Thạnh Hưng")).paper_at is None
    await stage.bob.presses("Đã nộp bản giấy")
    await stage.bob.presses("📄 Báo cáo tuần")
    await stage.dung.hears()
    await appoint(stage, stage.dung, "Huyện Tân Hưng", Role.COORDINATOR)
    await stage.dung.presses("✅ Xác nhận")
    assert (await obligation(stage)).state == ObligationState.OPEN
    await appoint(stage, stage.bob, "Xã Tuyên Thạnh", Role.COORDINATOR)
    await signed(stage, stage.bob, "remind.received", mine.id)
    assert (await obligation(stage)).state == ObligationState.OPEN


async def test_a_reminder_of_somebody_else_cannot_be_put_off(stage: Stage) -> None:
    await stage.later(**TO_TUESDAY_8)
    await stage.bob.hears()
    number = await stage.ask(lambda s: s.scalars(select(Reminder.id)).first() or 0)
    assert await signed(stage, stage.dung, "remind.snooze", number) == STALE
    assert await signed(stage, stage.dung, "remind.paper", number) == STALE


async def test_who_owes_posts_by_the_quota_hears_on_friday_morning(stage: Stage) -> None:
    await stage.later(**TO_FRIDAY_8)
    assert await stage.alice.hears() == [
        "✍️ Tuần này anh/chị còn thiếu 1 bài. Hãy gửi link bài vào đây trước hết Chủ nhật 7/3/2027."
    ]
    [text] = reports(await stage.bob.hears())
    assert "còn thiếu 1 bài" in text
    await stage.later(hours=3)
    assert await stage.alice.hears() == []


async def test_who_met_the_quota_hears_nothing(stage: Stage) -> None:
    await stage.alice.says(f"{GROUP}\nDân quân xã ra quân giúp dân gặt lúa. {TAG}")
    await stage.later(**TO_FRIDAY_8)
    assert await stage.alice.hears() == []


async def test_a_quota_is_asked_for_on_the_working_day_before_a_friday_off(stage: Stage) -> None:
    await stage.later(days=51)  # Wednesday 21/4
    await stage.alice.hears()
    await stage.later(days=6, hours=23)  # Wednesday 28/4 08:00; 30/4 is a Friday off
    assert await stage.alice.hears() == []
    await stage.later(days=1)
    assert len([text for text in await stage.alice.hears() if "còn thiếu 1 bài" in text]) == 1
    await stage.later(days=1)
    assert await stage.alice.hears() == []


async def test_in_english_the_reminder_is_english(stage: Stage) -> None:
    await stage.bob.says("/language")
    await stage.bob.presses("English")
    await stage.later(**TO_TUESDAY_8)
    [text] = [text for text in await stage.bob.hears() if "Reports to file" in text]
    assert "Weekly report: before 17:00 Friday 5/3/2027 (in 3 days)" in text
