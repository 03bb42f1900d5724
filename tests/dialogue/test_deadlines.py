"""/thoihan and /ngaynghi: what is due next, where it stands, and on which days nobody is reminded."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import deadline_changes
from bot.campaigns import rule_of
from bot.domain.deadlines import Quiet, reminders
from bot.storage import duties
from bot.storage.models import DayOff, Duty, Obligation, ObligationState, Role, Unit
from tests.cast import STALE, Stage
from tests.dialogue.test_reorganise import appoint, signed

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
REFUSED = {
    "mai": "Bot chưa đọc được ngày này",
    "31/4": "Bot chưa đọc được ngày này",
    "5/3 - 3/3/2027": "Bot chưa đọc được ngày này",
    "1/2/2027": "Ngày này đã qua",
    "1/4 - 30/6": "Mỗi lần không quá 31 ngày",
    "1/7/2030": "trong vòng một năm",
    "6/3": "vốn đã là ngày nghỉ",
}


async def settle_next(stage: Stage, state: ObligationState) -> None:
    """Xã Tuyên Thạnh's next weekly report is filed, filed late or excused."""

    def work(session: Session) -> None:
        statement = select(Obligation).join(Obligation.unit).join(Obligation.duty)
        statement = statement.where(Unit.name == "Xã Tuyên Thạnh", Duty.code == "weekly", Obligation.state == "open")
        row = session.scalars(statement.order_by(Obligation.due_at).limit(1)).one()
        row.state, row.settled_at = state, stage.world.clock.now()

    await stage.ask(work)


async def steps(stage: Stage, period: str) -> dict[str, str]:
    """When people are reminded of a period, as the calendar stands now."""

    def work(session: Session) -> dict[str, str]:
        duty = session.scalars(select(Duty).where(Duty.code == "weekly")).one()
        shape, setup, now = deadline_changes.shape_of(session, duty), stage.app.setup, stage.world.clock.now()
        each = next(one for one in deadline_changes.periods_of(shape, setup, now) if one.period == period)
        today = setup.today(now)
        calendar = duties.calendar(session, duty.campaign, today, today)
        found = reminders(each, rule_of(shape.profile), calendar, Quiet(ZONE))
        return {step.name: f"{step.at:%H:%M %d/%m}" for step in found}

    return await stage.ask(work)


async def days_off(stage: Stage) -> dict[date, tuple[bool, str]]:
    return await stage.ask(lambda s: {row.day: (row.off, row.note) for row in s.scalars(select(DayOff))})


async def test_a_member_reads_the_last_minute_in_words_and_how_long_is_left(stage: Stage) -> None:
    await stage.later(minutes=1)
    [said] = await stage.alice.says("/thoihan")
    assert "Thời hạn báo cáo của Xã Tuyên Thạnh" in said
    assert "Báo cáo tuần: trước 17:00 thứ Sáu 5/3/2027 · còn 4 ngày · chưa nộp" in said
    assert "Báo cáo tuần: trước 17:00 thứ Sáu 12/3/2027 · còn 11 ngày · mở từ 5/3/2027" in said
    assert "Báo cáo quý: trước 17:00 thứ Tư 10/3/2027" in said
    assert said.count("trước 17:00") == 8
    assert stage.alice.buttons() == ["🖼 12 tháng tới", "📅 Lịch .ics"]


async def test_the_deadlines_in_english(stage: Stage) -> None:
    await stage.later(minutes=1)
    await stage.bob.says("/language")
    await stage.bob.presses("English")
    [said] = await stage.bob.says("/deadlines")
    assert "Weekly report: before 17:00 on Friday 5/3/2027 · 4 days left · not filed yet" in said


async def test_what_is_filed_or_excused_says_so(stage: Stage) -> None:
    await stage.later(minutes=1)
    for state in (ObligationState.FILED, ObligationState.EXCUSED):
        await settle_next(stage, state)
    [said] = await stage.bob.says("/thoihan")
    assert "✅ Báo cáo tuần: trước 17:00 thứ Sáu 5/3/2027 · đã nộp 09:01 1/3/2027" in said
    assert "➖ Báo cáo tuần: trước 17:00 thứ Sáu 12/3/2027 · được miễn" in said


async def test_what_is_overdue_comes_first_until_it_is_filed_late(stage: Stage) -> None:
    await stage.later(minutes=1)
    await stage.later(days=5)
    await stage.bob.hears()
    said = (await stage.bob.says("/thoihan"))[-1]
    assert said.index("Quá hạn, chưa nộp:") < said.index("Sắp tới:")
    assert "• Báo cáo tuần: trước 17:00 thứ Sáu 5/3/2027 · quá 16 giờ" in said
    await settle_next(stage, ObligationState.LATE)
    said = (await stage.bob.says("/thoihan"))[-1]
    assert "Quá hạn" not in said
    assert "🟡 Báo cáo tuần: trước 17:00 thứ Sáu 5/3/2027 · nộp trễ 09:01 6/3/2027" in said


async def test_a_unit_that_owes_nothing_sees_the_campaigns_deadlines_and_who_has_filed(stage: Stage) -> None:
    await stage.later(minutes=1)
    await settle_next(stage, ObligationState.FILED)
    said = (await stage.dung.says("/thoihan"))[-1]
    assert "Tỉnh Long An không phải nộp báo cáo" in said
    total = await stage.ask(lambda s: len(list(s.scalars(select(Obligation).where(Obligation.period == "2027-W09")))))
    assert f"Báo cáo tuần: trước 17:00 thứ Sáu 5/3/2027 · còn 4 ngày · đã nộp 1/{total}" in said
    assert stage.dung.buttons() == ["🖼 12 tháng tới", "📅 Lịch .ics", "✏️ Sửa thời hạn"]


async def test_the_calendar_file_holds_a_year_of_the_units_own_deadlines(stage: Stage) -> None:
    await stage.alice.says("/thoihan")
    [said] = await stage.alice.presses("Lịch .ics")
    content = (await stage.alice.file())[1].decode()
    assert f"📅 {content.count('BEGIN:VEVENT')} thời hạn" in said
    assert content.count("BEGIN:VEVENT") == 52 + 12 + 4 + 1 + 1
    assert "UID:long_an:weekly:2027-W09@" in content
    assert "education" not in content


async def test_public_holidays_are_off_from_the_start(stage: Stage) -> None:
    [said] = await stage.dung.says("/ngaynghi")
    assert "🌙 thứ Sáu 30/4/2027: nghỉ" in said
    assert "💼" not in said


async def test_a_day_off_moves_the_reminders_to_come_at_once(stage: Stage) -> None:
    assert (await steps(stage, "2027-W10"))["before_1d"] == "08:00 11/03"
    await stage.dung.says("/ngaynghi")
    await stage.dung.presses("Thêm ngày nghỉ")
    await stage.dung.says("11/3")
    [preview] = await stage.dung.says("Nghỉ bù")
    assert "thứ Năm 11/3/2027: nghỉ" in preview
    assert "Ghi chú: Nghỉ bù" in preview
    assert "đổi giờ" in preview
    assert await days_off(stage) == {}
    assert "Đã lưu" in (await stage.dung.presses("Lưu"))[0]
    assert await days_off(stage) == {date(2027, 3, 11): (True, "Nghỉ bù")}
    assert (await steps(stage, "2027-W10"))["before_1d"] == "08:00 10/03"
    assert "🌙 thứ Năm 11/3/2027: nghỉ (Nghỉ bù)" in (await stage.dung.presses("Quay lại"))[0]
    await stage.dung.presses("Bỏ: thứ Năm 11/3/2027")
    await stage.dung.presses("Lưu")
    assert await days_off(stage) == {}
    assert (await steps(stage, "2027-W10"))["before_1d"] == "08:00 11/03"


async def test_a_saturday_worked_in_exchange_is_no_day_off_any_more(stage: Stage) -> None:
    assert "after_1d" not in await steps(stage, "2027-W11")  # comes with after_3d on Monday
    await stage.dung.says("/ngaynghi")
    await stage.dung.presses("Thêm ngày làm bù")
    await stage.dung.says("20/3/2027")
    await stage.dung.presses("Không ghi chú")
    await stage.dung.presses("Lưu")
    assert (await steps(stage, "2027-W11"))["after_1d"] == "08:00 20/03"


async def test_a_range_takes_the_working_days_in_it(stage: Stage) -> None:
    await stage.dung.says("/ngaynghi")
    await stage.dung.presses("Thêm ngày nghỉ")
    await stage.dung.says("4/3 - 9/3")
    await stage.dung.presses("Không ghi chú")
    await stage.dung.presses("Lưu")
    assert [day.day for day in sorted(await days_off(stage))] == [4, 5, 8, 9]


async def test_a_day_that_cannot_be_off_gets_a_reason_and_an_example(stage: Stage) -> None:
    await stage.dung.says("/ngaynghi")
    await stage.dung.presses("Thêm ngày nghỉ")
    for typed, words in REFUSED.items():
        [said] = await stage.dung.says(typed)
        assert words in said
        assert "ví dụ: 30/4/2027" in said
    await stage.dung.says("11/3")
    await stage.dung.presses("Không ghi chú")
    await stage.dung.presses("Lưu")
    assert list(await days_off(stage)) == [date(2027, 3, 11)]


async def test_days_off_are_for_coordinators_and_changed_at_the_top_only(stage: Stage) -> None:
    assert "Việc này dành cho điều phối" in (await stage.bob.says("/ngaynghi"))[0]
    await appoint(stage, stage.bob, "Thị xã Kiến Tường", Role.COORDINATOR)
    assert "Điều phối cấp cao nhất mới sửa được" in (await stage.bob.says("/ngaynghi"))[0]
    assert stage.bob.buttons() == []
    await stage.bob.says("/thoihan")
    for action, args in (("daysoff.add", ("off",)), ("daysoff.remove", ("20270311",))):
        assert "chỉ điều phối cấp cao nhất được sửa" in (await signed(stage, stage.bob, action, *args))[0]
    assert await signed(stage, stage.bob, "daysoff.save") == STALE
    assert await days_off(stage) == {}


async def test_leaving_saves_nothing(stage: Stage) -> None:
    await stage.dung.says("/ngaynghi")
    await stage.dung.presses("Thêm ngày nghỉ")
    await stage.dung.says("11/3")
    await stage.dung.presses("Thôi")
    assert await signed(stage, stage.dung, "daysoff.save") == STALE
    assert await days_off(stage) == {}
