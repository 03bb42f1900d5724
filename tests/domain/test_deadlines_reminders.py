"""When people are reminded: working days, quiet hours, days off, and what is said after the bot was down."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.campaigns.days_off import working_days
from bot.domain.deadlines import (
    Decision,
    DutyRule,
    Quiet,
    Step,
    WorkingDays,
    due_steps,
    may_speak,
    occurrences,
    reminders,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
QUIET = Quiet(ZONE)
CALENDAR = working_days(2025, 2030)
WEEKLY = DutyRule("weekly", "weekly", ("FREQ=WEEKLY;BYDAY=FR",))
MONTHLY = DutyRule("monthly", "monthly", ("FREQ=MONTHLY;BYMONTHDAY=10",))


def at(written: str) -> datetime:
    return datetime.fromisoformat(f"{written}+07:00")


def steps_for(rule: DutyRule, day: str, calendar: WorkingDays = CALENDAR, quiet: Quiet = QUIET) -> tuple[Step, ...]:
    start = date.fromisoformat(day)
    [occurrence] = occurrences(rule, start, date.fromordinal(start.toordinal() + 1), {}, ZONE)
    return reminders(occurrence, rule, calendar, quiet)


def told(steps: Collection[Step]) -> list[str]:
    return [f"{step.name} {step.at:%d/%m %H:%M}" for step in steps]


# What is due, on which day, the steps; see the calendars of those weeks for the days off.
TABLE = [
    pytest.param(
        WEEKLY,
        "2026-06-12",
        [
            "before_3d 09/06 08:00",
            "before_1d 11/06 08:00",
            "day 12/06 08:00",
            "before_2h 12/06 15:00",
            "after_3d 15/06 08:00",
        ],
        id="one day after a Friday is Monday, as is three days after",
    ),
    pytest.param(
        MONTHLY,
        "2026-06-10",
        [
            "before_3d 05/06 08:00",
            "before_1d 09/06 08:00",
            "day 10/06 08:00",
            "before_2h 10/06 15:00",
            "after_1d 11/06 08:00",
            "after_3d 15/06 08:00",
        ],
        id="three days before a Wednesday is Friday",
    ),
    pytest.param(
        MONTHLY,
        "2026-05-10",
        [
            "before_3d 07/05 08:00",
            "before_1d 08/05 08:00",
            "day 10/05 08:00",
            "before_2h 10/05 15:00",
            "after_1d 11/05 08:00",
            "after_3d 13/05 08:00",
        ],
        id="due on a Sunday",
    ),
    pytest.param(
        WEEKLY,
        "2026-01-02",
        [
            "before_3d 30/12 08:00",
            "before_1d 31/12 08:00",
            "day 02/01 08:00",
            "before_2h 02/01 15:00",
            "after_3d 05/01 08:00",
        ],
        id="a Friday off in exchange, after New Year",
    ),
    pytest.param(
        WEEKLY,
        "2026-01-09",
        [
            "before_3d 06/01 08:00",
            "before_1d 08/01 08:00",
            "day 09/01 08:00",
            "before_2h 09/01 15:00",
            "after_1d 10/01 08:00",
            "after_3d 12/01 08:00",
        ],
        id="the Saturday worked for it takes a reminder",
    ),
    pytest.param(
        WEEKLY,
        "2026-02-20",
        ["before_1d 13/02 17:00", "day 20/02 08:00", "before_2h 20/02 15:00", "after_3d 23/02 08:00"],
        id="Tet: the only working moment before is that of the opening",
    ),
    pytest.param(
        WEEKLY,
        "2025-01-31",
        ["before_1d 24/01 17:00", "day 31/01 08:00", "before_2h 31/01 15:00", "after_3d 03/02 08:00"],
        id="Tet of the year before",
    ),
    pytest.param(
        MONTHLY,
        "2027-02-10",
        [
            "before_1d 03/02 08:00",
            "day 10/02 08:00",
            "before_2h 10/02 15:00",
            "after_1d 11/02 08:00",
            "after_3d 15/02 08:00",
        ],
        id="Tet in the month of a monthly report",
    ),
]


@pytest.mark.parametrize(("rule", "day", "expected"), TABLE)
def test_reminders_keep_to_working_days(rule: DutyRule, day: str, expected: list[str]) -> None:
    assert told(steps_for(rule, day)) == expected


def test_a_rule_may_remind_before_a_day_off() -> None:
    rule = replace(MONTHLY, on_day_off="remind_before")
    assert told(steps_for(rule, "2026-05-10")) == [
        "before_3d 07/05 08:00",
        "day 08/05 08:00",
        "before_2h 08/05 15:00",
        "after_1d 11/05 08:00",
        "after_3d 13/05 08:00",
    ]


def test_where_all_the_time_is_off_the_due_day_is_taken_all_the_same() -> None:
    rule = replace(WEEKLY, on_day_off="remind_before", opens_days=3)
    assert told(steps_for(rule, "2026-02-20")) == [
        "day 20/02 08:00",
        "before_2h 20/02 15:00",
        "after_3d 23/02 08:00",
    ]


@pytest.mark.parametrize(
    ("due", "steps", "expected"),
    [
        (time(8), ("before_2h",), ["before_2h 12/06 06:30"]),  # from 06:00 to the end of the quiet hours
        (time(6, 30), ("before_2h",), ["before_2h 11/06 20:59"]),  # which would be too late here
        (time(23, 30), ("before_2h",), ["before_2h 12/06 20:59"]),
        (time(20), ("after_2h",), ["after_2h 15/06 06:30"]),  # at 22:00 on a Friday
        (time(7), ("day", "before_1d"), ["before_1d 11/06 08:00"]),  # 08:00 on the day itself is too late
        (time(10), ("day", "before_2h"), ["before_2h 12/06 08:00"]),  # of two on one moment the later is kept
        (time(9), ("before_50h",), ["before_50h 10/06 07:00"]),
        (time(17), (), []),
    ],
)
def test_quiet_hours_are_kept_and_the_due_hour_is_not_passed(
    due: time, steps: tuple[str, ...], expected: list[str]
) -> None:
    assert told(steps_for(replace(WEEKLY, due=due, steps=steps), "2026-06-12")) == expected


def test_a_step_before_the_opening_comes_with_it_in_the_morning() -> None:
    rule = replace(WEEKLY, opens_days=2, steps=("before_3d", "before_1d"))
    assert told(steps_for(rule, "2026-06-12")) == ["before_3d 10/06 08:00", "before_1d 11/06 08:00"]
    assert told(steps_for(replace(rule, opens_days=1), "2026-06-12")) == ["before_1d 11/06 08:00"]


def test_a_step_in_the_night_before_a_day_off_goes_to_the_evening() -> None:
    rule = replace(MONTHLY, due=time(12), steps=("before_13h",))  # 23:00 on Friday 9/10, before a Saturday
    assert told(steps_for(rule, "2026-10-10")) == ["before_13h 10/10 06:30"]
    assert told(steps_for(replace(rule, on_day_off="remind_before"), "2026-10-10")) == ["before_13h 09/10 20:59"]


@pytest.mark.parametrize(
    ("quiet", "hour", "covered"),
    [
        (QUIET, "21:00", True),
        (QUIET, "00:00", True),
        (QUIET, "06:29", True),
        (QUIET, "06:30", False),
        (QUIET, "20:59", False),
        (Quiet(ZONE, time(11, 30), time(13)), "12:00", True),
        (Quiet(ZONE, time(11, 30), time(13)), "13:00", False),
        (Quiet(ZONE, time(8), time(8)), "08:00", False),
    ],
)
def test_quiet_hours_begin_with_their_first_minute_and_pass_midnight(quiet: Quiet, hour: str, covered: bool) -> None:
    moment = at(f"2026-06-10T{hour}")
    assert quiet.covers(moment) is quiet.covers(moment.astimezone(UTC)) is covered
    assert not quiet.covers(quiet.over(moment))
    assert not quiet.covers(quiet.ahead(moment))
    assert quiet.ahead(moment) <= moment <= quiet.over(moment) < quiet.ahead(moment) + timedelta(hours=10)


def test_what_the_ledger_gives_back_in_utc_makes_the_same_reminders() -> None:
    [occurrence] = occurrences(WEEKLY, date(2026, 6, 12), date(2026, 6, 13), {}, ZONE)
    stored = replace(occurrence, due_at=occurrence.due_at.astimezone(UTC), opens_at=occurrence.opens_at.astimezone(UTC))
    assert reminders(stored, WEEKLY, CALENDAR, QUIET) == reminders(occurrence, WEEKLY, CALENDAR, QUIET)


def test_the_seed_knows_tet_and_the_days_exchanged() -> None:
    off = [date(2026, 1, 1), date(2026, 1, 2), date(2026, 2, 16), date(2026, 2, 20), date(2026, 9, 2), date(2026, 6, 6)]
    worked = [date(2026, 1, 10), date(2025, 4, 26), date(2026, 2, 13), date(2026, 2, 23), date(2026, 6, 5)]
    assert [CALENDAR.is_working(day) for day in off] == [False] * 6
    assert [CALENDAR.is_working(day) for day in worked] == [True] * 5
    assert CALENDAR.working_day_before(date(2026, 2, 22)) == date(2026, 2, 13)
    assert CALENDAR.working_day_before(date(2026, 6, 5)) == date(2026, 6, 4)
    assert working_days(2025, 2025).is_working(date(2026, 1, 2))


def test_coordinators_overrule_weekends_and_days_off() -> None:
    days = {date(2026, 6, 6): False, date(2026, 6, 8): True, date(2026, 9, 2): False, date(2026, 1, 10): True}
    calendar = CALENDAR.amended(days)
    assert {day: not calendar.is_working(day) for day in days} == days
    assert calendar.amended({}) == calendar == calendar.amended(days)
    assert calendar.is_working(date(2026, 6, 9))


FRIDAY = steps_for(WEEKLY, "2026-06-12")
DUE = at("2026-06-12T17:00")


def decide(now: str, *done: str) -> tuple[str | None, bool, list[str]]:
    found = due_steps(FRIDAY, at(now), done, DUE, CALENDAR, QUIET)
    return found.say.name if found.say else None, found.late, [step.name for step in found.dropped]


@pytest.mark.parametrize(
    ("now", "done", "expected"),
    [
        ("2026-06-09T07:59", (), (None, False, [])),
        ("2026-06-09T08:00", (), ("before_3d", False, [])),
        ("2026-06-09T08:30", (), ("before_3d", False, [])),
        ("2026-06-09T08:31", (), ("before_3d", True, [])),
        ("2026-06-09T08:31", ("before_3d",), (None, False, [])),
        ("2026-06-12T14:00", (), ("day", True, ["before_3d", "before_1d"])),
        ("2026-06-12T16:59", ("before_3d",), ("before_2h", True, ["before_1d", "day"])),
        ("2026-06-12T16:59", ("before_2h",), (None, False, ["before_3d", "before_1d", "day"])),
        ("2026-06-12T17:00", ("before_3d", "before_1d", "day"), (None, False, ["before_2h"])),
        ("2026-06-15T08:00", ("before_3d",), ("after_3d", False, ["before_1d", "day", "before_2h"])),
        ("2026-06-18T10:00", ("before_3d", "before_1d", "day", "before_2h"), ("after_3d", True, [])),
        ("2026-06-10T23:00", (), (None, False, [])),  # a quiet hour: it waits
        ("2026-06-13T10:00", (), (None, False, [])),  # a Saturday: it waits
    ],
)
def test_after_a_silence_the_latest_step_is_said_once_if_it_still_helps(
    now: str, done: tuple[str, ...], expected: tuple[str | None, bool, list[str]]
) -> None:
    assert decide(now, *done) == expected


def test_without_steps_there_is_nothing_to_say() -> None:
    assert due_steps((), DUE, (), DUE, CALENDAR, QUIET) == Decision()


def test_people_are_told_on_a_day_off_only_if_something_is_due_that_day() -> None:
    saturday = at("2026-10-10T08:00")
    assert may_speak(saturday, at("2026-10-10T17:00"), CALENDAR, QUIET)
    assert not may_speak(saturday, at("2026-10-09T17:00"), CALENDAR, QUIET)
    assert not may_speak(at("2026-10-10T21:00"), at("2026-10-10T22:00"), CALENDAR, QUIET)
