"""/thoihan for coordinators: duties are changed, added, ended, skipped and moved; nothing before the confirm."""

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import obligations
from bot.storage.models import Duty, DutyException, Obligation, ObligationState, Role, Unit
from tests.cast import STALE, Stage
from tests.dialogue.test_reorganise import appoint, signed

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TODAY = date(2027, 3, 1)
UNIT = "Xã Tuyên Thạnh"
ACTIONS: dict[str, tuple[str | int, ...]] = {
    "deadlines.list": (),
    "deadlines.duty": (1,),
    "deadlines.set": (1, "hour"),
    "deadlines.add": (),
    "deadlines.periods": (1,),
    "deadlines.period": (1, "2027-W09"),
}
RECURRING = (
    ("Hằng tuần", "thứ Hai", "FREQ=WEEKLY;BYDAY=MO", "weekly"),
    ("Hằng tháng", "25", "FREQ=MONTHLY;BYMONTHDAY=25", "monthly"),
    ("Hằng quý", "Ngày cuối tháng", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", "quarterly"),
)
IN_A_CONVERSATION = ("rhythm", "day", "hour", "toggle", "next", "off_day", "end", "save", "skip", "restore", "period!")


async def opened(stage: Stage, name: str, *buttons: str) -> list[str]:
    """Dung opens a duty, and presses on."""
    await stage.dung.says("/thoihan")
    await stage.dung.presses("Sửa thời hạn")
    said = await stage.dung.presses(name)
    for label in buttons:
        said = await stage.dung.presses(label)
    return said


async def owed(stage: Stage, code: str, unit: str = UNIT) -> dict[str, tuple[str, str]]:
    """Period → due hour and state of what a unit owes by a duty."""

    def work(session: Session) -> dict[str, tuple[str, str]]:
        statement = select(Obligation).join(Obligation.unit).join(Obligation.duty)
        statement = statement.where(Unit.name == unit, Duty.code == code).order_by(Obligation.due_at)
        rows = session.scalars(statement)
        return {row.period: (f"{row.due_at.astimezone(ZONE):%H:%M %d/%m}", row.state) for row in rows}

    return await stage.ask(work)


async def rule(stage: Stage, code: str) -> dict[str, object]:
    return await stage.ask(lambda s: dict(s.scalars(select(Duty.rule).where(Duty.code == code)).one()))


async def codes(stage: Stage) -> list[str]:
    return await stage.ask(lambda s: list(s.scalars(select(Duty.code).order_by(Duty.id))))


async def test_another_weekday_is_shown_first_and_holds_for_the_ledger_when_saved(stage: Stage) -> None:
    await stage.later(minutes=1)
    [preview] = await opened(stage, "Báo cáo tuần", "Ngày hạn", "thứ Năm")
    assert "thứ Sáu 5/3/2027 → thứ Năm 4/3/2027" in preview
    assert "thứ Năm hằng tuần (hạn 17:00)" in preview
    assert "đổi giờ" in preview
    units = await stage.ask(
        lambda s: len(list(s.scalars(select(Obligation.id).where(Obligation.period == "2027-W09"))))
    )
    assert f"{units} đơn vị" in preview
    assert (await owed(stage, "weekly"))["2027-W09"] == ("17:00 05/03", "open")
    assert "Đã lưu" in (await stage.dung.presses("Lưu"))[0]
    assert (await owed(stage, "weekly"))["2027-W09"] == ("17:00 04/03", "open")
    await stage.later(minutes=1)
    assert (await owed(stage, "weekly"))["2027-W09"] == ("17:00 04/03", "open")
    assert "trước 17:00 thứ Năm 4/3/2027" in (await stage.alice.says("/thoihan"))[-1]


async def test_another_hour_keeps_what_was_filed(stage: Stage) -> None:
    await stage.later(minutes=1)

    def file(session: Session) -> None:
        statement = select(Obligation).join(Obligation.unit).where(Unit.name == UNIT, Obligation.period == "2027-W09")
        session.scalars(statement).one().state = ObligationState.FILED

    await stage.ask(file)
    [preview] = await opened(stage, "Báo cáo tuần", "Giờ hạn", "16:00")
    assert "17:00 thứ Sáu 5/3/2027 → 16:00" in preview
    assert "… và 47 kỳ khác" in preview
    await stage.dung.presses("Lưu")
    rows = await owed(stage, "weekly")
    assert rows["2027-W09"] == ("17:00 05/03", "filed")
    assert rows["2027-W10"] == ("16:00 12/03", "open")


async def test_a_period_that_falls_due_again_after_the_change_is_owed_once(stage: Stage) -> None:
    await stage.later(minutes=1)
    await stage.later(days=5)  # Saturday: the report of Friday is overdue
    await opened(stage, "Báo cáo tuần", "Ngày hạn", "Chủ nhật")
    await stage.dung.presses("Lưu")
    assert (await owed(stage, "weekly"))["2027-W09"] == ("17:00 07/03", "open")
    await stage.later(minutes=1)
    rows = await stage.ask(
        lambda s: Counter(s.scalars(select(Obligation.unit_id).where(Obligation.period == "2027-W09")))
    )
    assert set(rows.values()) == {1}


async def test_units_that_owe_it_from_now_on_are_not_late_at_once(stage: Stage) -> None:
    await stage.later(minutes=1)
    await stage.later(days=21)
    [preview] = await opened(stage, "Báo cáo tuần", "Đơn vị phải nộp", "☐ trường", "Tiếp")
    assert " → " in preview
    await stage.dung.presses("Lưu")
    day = TODAY + timedelta(days=21)

    def first(session: Session) -> tuple[int, date]:
        statement = select(Obligation).join(Obligation.unit).join(Obligation.duty)
        rows = list(session.scalars(statement.where(Unit.type == "school", Duty.code == "weekly")))
        return len(rows), min((row.due_at.astimezone(ZONE).date() for row in rows), default=day)

    schools = await stage.ask(lambda s: len(list(s.scalars(select(Unit.id).where(Unit.type == "school")))))
    made, earliest = await stage.ask(first)
    assert made >= schools
    assert earliest >= day


async def test_somebody_must_owe_it(stage: Stage) -> None:
    await opened(stage, "Báo cáo định kỳ ngành giáo dục", "Đơn vị phải nộp")
    ticked = next(label for label in stage.dung.buttons() if label.startswith("☑"))
    await stage.dung.presses(ticked)
    assert await stage.dung.presses("Tiếp") == ["Hãy chọn ít nhất một loại đơn vị."]


async def test_steps_are_switched_off_and_the_preview_counts_what_falls_away(stage: Stage) -> None:
    [preview] = await opened(stage, "Báo cáo năm", "Nhắc việc", "☑ 2 giờ trước", "Tiếp")
    assert "Nhắc việc trong 12 tháng tới: 1 bỏ" in preview
    assert "Lần tới vẫn là thứ Bảy 20/11/2027" in preview
    await stage.dung.presses("Lưu")
    assert (await rule(stage, "yearly"))["steps"] == ["before_3d", "before_1d", "day", "after_1d", "after_3d"]


async def test_reminders_may_come_on_the_working_day_before_a_day_off(stage: Stage) -> None:
    [preview] = await opened(stage, "Báo cáo năm", "Trúng ngày nghỉ", "Nhắc vào ngày làm việc trước đó")
    assert "Nhắc việc trong 12 tháng tới:" in preview
    await stage.dung.presses("Lưu")
    assert (await rule(stage, "yearly"))["on_day_off"] == "remind_before"


async def test_a_change_that_changes_nothing_cannot_be_saved(stage: Stage) -> None:
    [preview] = await opened(stage, "Báo cáo tuần", "Giờ hạn", "17:00")
    assert "vẫn như cũ, không có gì để lưu" in preview
    assert stage.dung.buttons() == ["✖ Thôi"]


async def test_the_profile_no_longer_overrules_what_a_coordinator_set(stage: Stage) -> None:
    await opened(stage, "Báo cáo tuần", "Giờ hạn", "16:00")
    await stage.dung.presses("Lưu")
    campaign, now = stage.app.setup.campaign, stage.world.clock.now()
    assert await stage.ask(lambda s: obligations.seed(s, campaign, TODAY, now)) == 0
    assert (await rule(stage, "weekly"))["due"] == "16:00:00"


async def test_a_report_on_one_day_is_added_by_questions(stage: Stage) -> None:
    await stage.dung.says("/thoihan")
    await stage.dung.presses("Sửa thời hạn")
    await stage.dung.presses("Thêm kỳ báo cáo")
    await stage.dung.says("Báo cáo đợt huấn luyện")
    await stage.dung.presses("Một lần")
    assert "ví dụ: 1/7/2027" in (await stage.dung.says("1/2/2027"))[0]
    await stage.dung.says("20/3/2027")
    assert "ví dụ: 17:00" in (await stage.dung.says("25:00"))[0]
    await stage.dung.says("7h30")
    await stage.dung.presses("☐ xã")
    [preview] = await stage.dung.presses("Tiếp")
    assert "Báo cáo đợt huấn luyện (mới)" in preview
    assert "thêm kỳ: trước 07:30 thứ Bảy 20/3/2027" in preview
    assert "own_1" not in await codes(stage)
    await stage.dung.presses("Lưu")
    assert await owed(stage, "own_1") == {"2027-03-20": ("07:30 20/03", "open")}
    assert await owed(stage, "own_1", "Thị xã Kiến Tường") == {}
    assert "Báo cáo đợt huấn luyện: trước 07:30 thứ Bảy 20/3/2027" in (await stage.alice.says("/thoihan"))[-1]


async def test_recurring_reports_are_added_by_buttons(stage: Stage) -> None:
    for number, (rhythm, day, rrule, period) in enumerate(RECURRING, 1):
        await stage.dung.says("/thoihan")
        for label in ("Sửa thời hạn", "Thêm kỳ báo cáo"):
            await stage.dung.presses(label)
        await stage.dung.says("Báo cáo thêm")
        for label in (rhythm, day, "17:00", "☐ xã", "Tiếp", "Lưu"):
            await stage.dung.presses(label)
        made = await rule(stage, f"own_{number}")
        assert (made["rrules"], made["period"], made["owed_by"]) == ([rrule], period, ["commune"])
        assert await owed(stage, f"own_{number}")


async def test_an_ended_report_is_owed_until_then_and_may_go_on_after_all(stage: Stage) -> None:
    await stage.later(minutes=1)
    await opened(stage, "Báo cáo tuần", "Kết thúc")
    [preview] = await stage.dung.says("22/3")
    assert "Thôi phải nộp từ ngày 22/3/2027" in preview
    assert "bỏ kỳ: thứ Sáu 26/3/2027" in preview
    await stage.dung.presses("Lưu")
    states = {period: state for period, (_, state) in (await owed(stage, "weekly")).items()}
    assert (states["2027-W10"], states["2027-W11"], states["2027-W12"]) == ("open", "open", "closed")
    await opened(stage, "Báo cáo tuần", "Kết thúc", "Không kết thúc nữa")
    await stage.dung.presses("Lưu")
    assert (await owed(stage, "weekly"))["2027-W12"] == ("17:00 26/03", "open")


async def test_one_period_is_moved_with_a_reason_and_put_back(stage: Stage) -> None:
    await stage.later(minutes=1)
    await opened(stage, "Báo cáo tuần", "Bỏ, dời một kỳ", "thứ Sáu 12/3/2027")
    assert "ví dụ: 1/7/2027" in (await stage.dung.says("hôm qua"))[0]
    assert "Vì lý do gì?" in (await stage.dung.says("11/3/2027"))[0]
    [preview] = await stage.dung.says("Công văn số 12")
    assert "thứ Sáu 12/3/2027 → thứ Năm 11/3/2027" in preview
    assert "Lý do: Công văn số 12" in preview
    assert (await owed(stage, "weekly"))["2027-W10"] == ("17:00 12/03", "open")
    await stage.dung.presses("Lưu")
    assert (await owed(stage, "weekly"))["2027-W10"] == ("17:00 11/03", "open")
    assert await stage.ask(lambda s: s.scalars(select(DutyException.reason)).all()) == ["Công văn số 12"]
    await opened(stage, "Báo cáo tuần", "Bỏ, dời một kỳ", "thứ Sáu 12/3/2027", "Trở lại như thường lệ", "Lưu")
    assert (await owed(stage, "weekly"))["2027-W10"] == ("17:00 12/03", "open")


async def test_one_period_is_skipped_and_stays_on_the_list(stage: Stage) -> None:
    await stage.later(minutes=1)
    await opened(stage, "Báo cáo tuần", "Bỏ, dời một kỳ", "thứ Sáu 12/3/2027", "Không phải nộp kỳ này")
    [preview] = await stage.dung.says("Nghỉ lễ")
    assert "bỏ kỳ: thứ Sáu 12/3/2027" in preview
    await stage.dung.presses("Lưu")
    assert (await owed(stage, "weekly"))["2027-W10"] == ("17:00 12/03", "closed")
    assert "thứ Sáu 12/3/2027 · không phải nộp" in (await opened(stage, "Báo cáo tuần", "Bỏ, dời một kỳ"))[0]


async def test_two_coordinators_do_not_overwrite_each_other(stage: Stage) -> None:
    await appoint(stage, stage.bob, "Tỉnh Long An", Role.COORDINATOR)
    await opened(stage, "Báo cáo tuần", "Giờ hạn", "16:00")
    await stage.later(minutes=1)
    await stage.bob.says("/thoihan")
    for label in ("Sửa thời hạn", "Báo cáo tuần", "Giờ hạn", "11:00", "Lưu"):
        await stage.bob.presses(label)
    assert "vừa được người khác sửa" in (await stage.dung.presses("Lưu"))[-1]
    assert (await rule(stage, "weekly"))["due"] == "11:00:00"


async def test_only_coordinators_at_the_top_may_change_deadlines_on_every_button(stage: Stage) -> None:
    await appoint(stage, stage.bob, "Thị xã Kiến Tường", Role.COORDINATOR)
    await stage.bob.says("/thoihan")
    assert stage.bob.buttons() == ["🖼 12 tháng tới", "📅 Lịch .ics"]
    for action, args in ACTIONS.items():
        assert "chỉ điều phối cấp cao nhất được sửa" in (await signed(stage, stage.bob, action, *args))[0]
    for action in IN_A_CONVERSATION:
        assert await signed(stage, stage.bob, f"deadlines.{action}", "once") == STALE


async def test_who_lost_the_office_cannot_save_what_he_began(stage: Stage) -> None:
    await opened(stage, "Báo cáo tuần", "Giờ hạn", "16:00")
    await appoint(stage, stage.dung, "Thị xã Kiến Tường", Role.COORDINATOR)
    assert "chỉ điều phối cấp cao nhất được sửa" in (await stage.dung.presses("Lưu"))[0]
    assert (await rule(stage, "weekly"))["due"] == "17:00:00"


async def test_leaving_saves_nothing_and_words_where_a_button_is_meant_ask_again(stage: Stage) -> None:
    await opened(stage, "Báo cáo tuần", "Giờ hạn", "16:00")
    assert "Xin xem lại" in (await stage.dung.says("đồng ý"))[0]
    await stage.dung.presses("Thôi")
    assert await signed(stage, stage.dung, "deadlines.save") == STALE
    assert (await rule(stage, "weekly"))["due"] == "17:00:00"
