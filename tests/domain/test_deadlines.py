"""Which days reports are due on, their periods and the time that their figures cover: Long An's rules, and odd ones."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from bot.campaigns import Duty, load
from bot.campaigns.duties import rule_of
from bot.domain.deadlines import BEGINNING, STEPS, DutyRule, Occurrence, occurrences

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DUTIES = {duty.code: duty for duty in load("long_an").duties}
WEEKLY, MONTHLY = rule_of(DUTIES["weekly"]), rule_of(DUTIES["monthly"])
YEARS = range(2025, 2031)
FRIDAYS = [date(2025, 1, 3) + timedelta(weeks=count) for count in range(313)]  # to Friday 27/12/2030
ONE_OFF = DutyRule("list", "once", dates=(date(2026, 9, 30),))


def due(
    rule: DutyRule, start: str, end: str, exceptions: Mapping[str, date | None] | None = None
) -> tuple[Occurrence, ...]:
    return occurrences(rule, date.fromisoformat(start), date.fromisoformat(end), exceptions or {}, ZONE)


def at(written: str) -> datetime:
    return datetime.fromisoformat(f"{written}+07:00")


def spans(found: tuple[Occurrence, ...]) -> list[tuple[str, str, str]]:
    return [(each.period, f"{each.window_start:%d/%m %H:%M}", f"{each.window_end:%d/%m %H:%M}") for each in found]


def days_of(*written: str) -> list[date]:
    """“10/6” → that day of every year."""
    pairs = [tuple(map(int, day.split("/"))) for day in written]
    return sorted(date(year, month, day) for year in YEARS for day, month in pairs)


TABLE = [
    ("weekly", FRIDAYS, "%G-W%V"),
    ("monthly", days_of(*(f"10/{month}" for month in range(1, 13))), "%Y-%m"),
    ("quarterly", days_of("10/3", "10/6", "10/9", "10/12"), "%Y-Q{quarter}"),
    ("half_year", days_of("10/6"), "%Y-H1"),
    ("yearly", days_of("20/11"), "%Y"),
    ("education_half_year", days_of("30/5", "10/11"), "%Y-H{half}"),
]


@pytest.mark.parametrize(("code", "days", "period"), TABLE)
def test_every_report_of_six_years_is_due_at_17_on_the_day_of_the_circular(
    code: str, days: list[date], period: str
) -> None:
    found = due(rule_of(DUTIES[code]), "2025-01-01", "2031-01-01")
    assert [each.due_at for each in found] == [at(f"{day}T17:00") for day in days]
    assert {each.due_at.utcoffset() for each in found} == {timedelta(hours=7)}
    assert [each.period for each in found] == [
        day.strftime(period).format(quarter=day.month // 3, half=1 if day.month < 7 else 2) for day in days
    ]
    assert all(each.duty == code and each.opens_at == each.window_start for each in found)


def test_four_reports_fall_on_friday_10_june_2033() -> None:
    found = [each for duty in DUTIES.values() for each in due(rule_of(duty), "2033-06-10", "2033-06-11")]
    assert [(each.duty, each.period) for each in found] == [
        ("weekly", "2033-W23"),
        ("monthly", "2033-06"),
        ("quarterly", "2033-Q2"),
        ("half_year", "2033-H1"),
    ]
    assert {each.due_at for each in found} == {at("2033-06-10T17:00")}


@pytest.mark.parametrize(
    ("day", "period"),
    [
        ("2026-01-02", "2026-W01"),
        ("2026-12-25", "2026-W52"),
        ("2027-01-01", "2026-W53"),  # its week began in 2026
        ("2027-01-08", "2027-W01"),
        ("2028-02-25", "2028-W08"),
        ("2028-03-03", "2028-W09"),
    ],
)
def test_a_week_has_the_number_that_calendars_give_it(day: str, period: str) -> None:
    next_day = date.fromisoformat(day) + timedelta(days=1)
    assert [each.period for each in due(WEEKLY, day, str(next_day))] == [period]


def test_29_february_is_in_the_window_of_its_week_and_of_its_month() -> None:
    assert spans(due(WEEKLY, "2028-03-01", "2028-03-04")) == [("2028-W09", "25/02 17:00", "03/03 17:00")]
    assert spans(due(MONTHLY, "2028-03-01", "2028-04-01")) == [("2028-03", "10/02 17:00", "10/03 17:00")]


def test_a_report_on_29_february_is_due_in_leap_years_and_covers_the_years_between() -> None:
    rule = DutyRule("leap", "yearly", ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",))
    assert [(each.period, each.window_start.year) for each in due(rule, "2025-01-01", "2033-01-01")] == [
        ("2028", 2024),
        ("2032", 2028),
    ]
    assert due(rule, "2104-01-01", "2105-01-01")[0].window_start.year == 2096


def test_a_month_without_a_31st_has_no_report_of_the_31st_but_one_of_its_last_day() -> None:
    of_31, of_last = (DutyRule("m", "monthly", (f"FREQ=MONTHLY;BYMONTHDAY={day}",)) for day in ("31", "-1"))
    assert [each.period for each in due(of_31, "2026-01-01", "2026-06-01")] == ["2026-01", "2026-03", "2026-05"]
    assert [each.due_at.day for each in due(of_last, "2028-01-01", "2028-05-01")] == [31, 29, 31, 30]


def test_a_second_day_in_one_period_gets_a_number() -> None:
    rule = DutyRule("twice", "monthly", ("FREQ=MONTHLY;BYMONTHDAY=20", "FREQ=MONTHLY;BYMONTHDAY=5,20"))
    assert [each.period for each in due(rule, "2026-06-06", "2026-07-06")] == ["2026-06.2", "2026-07"]


def test_a_one_off_covers_everything_and_opens_a_month_before() -> None:
    [found] = due(ONE_OFF, "2026-01-01", "2027-01-01")
    assert found == Occurrence(
        "list",
        "2026-09-30",
        at("2026-09-30T17:00"),
        at(f"{BEGINNING}T00:00"),
        at("2026-09-30T17:00"),
        at("2026-08-31T17:00"),
    )
    assert due(ONE_OFF, "2026-10-01", "2030-01-01") == ()


def test_the_last_day_asked_for_is_not_included() -> None:
    assert MONTHLY.days(date(2026, 6, 10), date(2026, 7, 10)) == [date(2026, 6, 10)]
    assert ONE_OFF.days(date(2026, 9, 1), date(2026, 9, 30)) == []
    assert [each.due_at.day for each in due(WEEKLY, "2026-06-05", "2026-06-12")] == [5]
    assert due(WEEKLY, "2026-06-05", "2026-06-05") == ()


def test_a_skipped_reports_time_goes_to_the_next_one() -> None:
    found = due(WEEKLY, "2026-02-09", "2026-02-28", {"2026-W08": None})
    assert spans(found) == [("2026-W07", "06/02 17:00", "13/02 17:00"), ("2026-W09", "13/02 17:00", "27/02 17:00")]
    assert found[1].opens_at == at("2026-02-13T17:00")


def test_a_moved_report_keeps_its_period_and_its_neighbours_close_the_gap() -> None:
    found = due(WEEKLY, "2026-02-09", "2026-03-07", {"2026-W08": date(2026, 2, 24)})
    assert spans(found) == [
        ("2026-W07", "06/02 17:00", "13/02 17:00"),
        ("2026-W08", "13/02 17:00", "24/02 17:00"),
        ("2026-W09", "24/02 17:00", "27/02 17:00"),
        ("2026-W10", "27/02 17:00", "06/03 17:00"),
    ]


def test_a_report_that_was_moved_into_the_time_asked_for_is_there_and_one_moved_out_is_not() -> None:
    moved = {"2026": date(2028, 1, 5)}
    rule = rule_of(DUTIES["yearly"])
    assert [each.period for each in due(rule, "2028-01-01", "2028-02-01", moved)] == ["2026"]
    assert due(rule, "2026-01-01", "2027-01-01", moved) == ()


def test_the_first_report_of_a_year_may_be_moved_into_the_year_before() -> None:
    moved = {"2026-W53": date(2026, 12, 31)}  # from Friday 1/1/2027
    assert spans(due(WEEKLY, "2026-12-26", "2027-01-01", moved)) == [("2026-W53", "25/12 17:00", "31/12 17:00")]
    assert spans(due(WEEKLY, "2027-01-01", "2027-01-09", moved)) == [("2027-W01", "31/12 17:00", "08/01 17:00")]


def test_the_second_of_two_days_covers_the_time_since_the_first_however_long_ago() -> None:
    rule = DutyRule("tasks", "once", dates=(date(2026, 9, 30), date(2010, 1, 15)))
    assert [each.window_start for each in due(rule, "2026-01-01", "2027-01-01")] == [at("2010-01-15T17:00")]


def test_two_on_one_moment_share_it_and_the_later_periods_window_is_empty() -> None:
    found = due(WEEKLY, "2026-06-01", "2026-06-13", {"2026-W23": date(2026, 6, 12)})
    assert spans(found) == [("2026-W23", "29/05 17:00", "12/06 17:00"), ("2026-W24", "12/06 17:00", "12/06 17:00")]


def test_exceptions_of_periods_that_the_rule_does_not_know_are_left_alone() -> None:
    unknown = {"2026-W54": None, "2026-06": date(2026, 6, 1), "spring": None}
    assert due(WEEKLY, "2026-06-01", "2026-07-01", unknown) == due(WEEKLY, "2026-06-01", "2026-07-01")


def test_figures_up_to_the_fifth_end_with_that_day() -> None:
    rule = rule_of(DUTIES["monthly"].model_copy(update={"cut_off_days": 5}))
    [found] = due(rule, "2026-06-01", "2026-07-01")
    assert (found.window_start, found.window_end) == (at("2026-05-06T00:00"), at("2026-06-06T00:00"))
    assert (found.opens_at, found.due_at) == (at("2026-05-06T00:00"), at("2026-06-10T17:00"))
    [later] = due(rule, "2026-06-01", "2026-07-01", {"2026-06": date(2026, 6, 12)})
    assert (later.window_end, later.due_at) == (found.window_end, at("2026-06-12T17:00"))
    [sooner] = due(rule, "2026-06-01", "2026-07-01", {"2026-06": date(2026, 6, 3)})
    assert sooner.window_end == sooner.due_at == at("2026-06-03T17:00")


def test_a_report_may_open_so_many_days_before_it_is_due() -> None:
    rule = rule_of(DUTIES["yearly"].model_copy(update={"opens_days": 30}))
    assert due(rule, "2026-11-01", "2026-12-01")[0].opens_at == at("2026-10-21T00:00")


BAD_RULES = [
    ({}, "rrules or dates"),
    ({"rrules": ("FREQ=DAILY",)}, "is no rule"),
    ({"rrules": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR",)}, "is no rule"),
    ({"rrules": ("FREQ=MONTHLY",)}, "names no day"),
    ({"rrules": ("FREQ=WEEKLY;BYDAY=XX",)}, "cannot be read"),
    ({"rrules": ("FREQ=WEEKLY;BYDAY=,",)}, "cannot be read"),
    ({"rrules": ("FREQ=MONTHLY;BYMONTHDAY=X",)}, "cannot be read"),
    ({"rrules": ("FREQ=MONTHLY;BYMONTHDAY=10;BYMONTHDAY=+-",)}, "cannot be read"),
    ({"rrules": ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",)}, "falls on no day"),
    ({"rrules": ("FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=1",)}, "falls on no day"),
    ({"dates": (date(2026, 1, 1),), "steps": ("before_3d", "noon")}, "'noon' is no step"),
    ({"dates": (date(2026, 1, 1),), "cut_off_days": -1}, "negative"),
]


@pytest.mark.parametrize(("fields", "reason"), BAD_RULES)
def test_a_rule_that_cannot_be_is_refused_in_a_sentence(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        DutyRule("x", "monthly", **fields)


def test_a_duty_of_the_profile_has_the_defaults_of_the_issue_and_survives_as_json() -> None:
    duty = DUTIES["monthly"]
    assert (duty.due, duty.remind_at, duty.steps, duty.on_day_off) == (time(17), time(8), STEPS, "keep")
    assert (duty.cut_off_days, duty.opens_days, duty.dates) == (0, None, ())
    once = duty.model_copy(update={"period": "once", "rrules": (), "dates": (date(2026, 9, 30),), "steps": ("day",)})
    assert Duty.model_validate(once.model_dump(mode="json")) == once
    assert due(rule_of(once), "2026-01-01", "2027-01-01")[0].period == "2026-09-30"


def test_a_duty_without_a_day_is_refused() -> None:
    fields = DUTIES["monthly"].model_dump()
    with pytest.raises(ValidationError, match="rrules or dates must be given"):
        Duty.model_validate({**fields, "rrules": ()})
    with pytest.raises(ValidationError, match="falls on no day"):
        Duty.model_validate({**fields, "rrules": ("FREQ=MONTHLY;BYMONTHDAY=32",)})
