"""Laws of deadlines: windows share time out, ranges agree, reminders keep the peace, nothing is said twice."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.campaigns import load
from bot.campaigns.duties import rule_of
from bot.domain.deadlines import (
    DutyRule,
    Occurrence,
    Quiet,
    Step,
    WorkingDays,
    due_steps,
    may_speak,
    occurrences,
    reminders,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST, LAST = date(2025, 1, 1), date(2031, 1, 1)
Exceptions = dict[str, date | None]

long_an = st.sampled_from([rule_of(duty) for duty in load("long_an").duties])
odd = st.sampled_from(
    [
        DutyRule("two_days", "weekly", ("FREQ=WEEKLY;BYDAY=MO,TH",)),
        DutyRule("last_day", "monthly", ("FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYMONTHDAY=15")),
        DutyRule("leap", "yearly", ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",), (date(2027, 1, 1),)),
        DutyRule("first_monday", "quarterly", ("FREQ=MONTHLY;BYMONTH=1,4,7,10;BYDAY=1MO",)),
        DutyRule("tasks", "once", dates=(date(2026, 11, 15), date(2026, 11, 5), date(2027, 12, 31))),
    ]
)
hours = st.times().map(lambda hour: hour.replace(second=0, microsecond=0))
steps = st.lists(
    st.sampled_from(["day", "before_1d", "before_3d", "before_2h", "before_30h", "after_1d", "after_3d", "after_4h"]),
    unique=True,
).map(tuple)
rules = st.builds(
    replace,
    long_an | odd,
    due=hours,
    cut_off_days=st.sampled_from([0, 0, 1, 5, 40]),
    opens_days=st.none() | st.integers(0, 40),
    on_day_off=st.sampled_from(["keep", "remind_before"]),
    remind_at=hours,
    steps=steps,
)
quiets = st.builds(Quiet, st.just(ZONE), hours, hours) | st.just(Quiet(ZONE))
near = st.dates(date(2025, 12, 1), date(2026, 3, 31))
calendars = st.builds(WorkingDays, st.frozensets(near, max_size=60), st.frozensets(near, max_size=10))


@st.composite
def changed_rules(draw: st.DrawFn) -> tuple[DutyRule, Exceptions]:
    """A rule, and some of its periods in the middle years skipped or moved by up to three months."""
    rule = draw(rules)
    known = occurrences(rule, date(2026, 6, 1), date(2029, 6, 1), {}, ZONE)
    if not known:
        return rule, {}
    changes: Exceptions = {}
    for each in draw(st.lists(st.sampled_from(known), max_size=4, unique=True)):
        shift = draw(st.none() | st.integers(-90, 90))
        changes[each.period] = None if shift is None else each.due_at.date() + timedelta(days=shift)
    return rule, changes


def all_of(rule: DutyRule, exceptions: Mapping[str, date | None]) -> tuple[Occurrence, ...]:
    return occurrences(rule, FIRST, LAST, exceptions, ZONE)


@given(changed_rules())
def test_windows_follow_one_another_without_gap_or_overlap(changed: tuple[DutyRule, Exceptions]) -> None:
    windows = sorted((each.window_start, each.window_end) for each in all_of(*changed))
    assert all(before[1] == after[0] for before, after in pairwise(windows))
    assert all(start <= end for start, end in windows)


@given(changed_rules(), st.dates(FIRST, LAST), st.dates(FIRST, LAST))
def test_a_part_of_the_time_gives_the_same_as_the_whole(
    changed: tuple[DutyRule, Exceptions], one: date, other: date
) -> None:
    start, end = sorted((one, other))
    inside = tuple(each for each in all_of(*changed) if start <= each.due_at.date() < end)
    assert occurrences(changed[0], start, end, changed[1], ZONE) == inside


@given(changed_rules(), st.randoms())
def test_the_order_of_rules_dates_and_exceptions_does_not_matter(
    changed: tuple[DutyRule, Exceptions], random: Random
) -> None:
    rule, exceptions = changed
    shuffled = dict(random.sample(sorted(exceptions.items()), len(exceptions)))
    turned = replace(rule, rrules=rule.rrules[::-1] * 2, dates=rule.dates[::-1] * 2)
    assert all_of(turned, shuffled) == all_of(rule, exceptions)


@given(changed_rules())
def test_periods_stay_when_days_are_moved_and_none_comes_twice(changed: tuple[DutyRule, Exceptions]) -> None:
    rule, exceptions = changed
    periods = [each.period for each in all_of(rule, exceptions)]
    skipped = {period for period, day in exceptions.items() if day is None}
    assert len(set(periods)) == len(periods)
    assert set(periods) == {each.period for each in all_of(rule, {})} - skipped


@given(rules, calendars, quiets)
def test_reminders_keep_quiet_hours_days_off_the_opening_and_the_due_hour(
    rule: DutyRule, calendar: WorkingDays, quiet: Quiet
) -> None:
    for each in occurrences(rule, date(2026, 1, 1), date(2026, 3, 1), {}, ZONE):
        found = reminders(each, rule, calendar, quiet)
        assert all(before.at < after.at for before, after in pairwise(found))
        assert len({step.name for step in found}) == len(found)
        for step in found:
            assert may_speak(step.at, each.due_at, calendar, quiet)
            assert each.opens_at <= step.at < each.due_at if step.is_before else step.at > each.due_at


@given(st.lists(st.integers(0, 15 * 24 * 60), max_size=40).map(sorted), calendars, quiets, rules)
def test_whenever_the_bot_looks_no_step_is_said_twice_or_in_vain(
    minutes: list[int], calendar: WorkingDays, quiet: Quiet, rule: DutyRule
) -> None:
    weekly = replace(rule, kind="weekly", rrules=("FREQ=WEEKLY;BYDAY=FR",), dates=())
    [each] = occurrences(weekly, date(2026, 1, 9), date(2026, 1, 10), {}, ZONE)
    plan = reminders(each, weekly, calendar, quiet)
    done: list[str] = []
    for minute in minutes:
        now = datetime.combine(date(2026, 1, 1), time(), ZONE) + timedelta(minutes=minute)
        done += [step.name for step in decide_twice(plan, now, done, each.due_at, calendar, quiet)]
    assert len(set(done)) == len(done)


def decide_twice(
    plan: tuple[Step, ...], now: datetime, done: list[str], due_at: datetime, calendar: WorkingDays, quiet: Quiet
) -> list[Step]:
    """What is said and dropped at a moment; the second look, as another replica's, must find nothing more."""
    found = due_steps(plan, now, done, due_at, calendar, quiet)
    settled = [*found.dropped, *([found.say] if found.say else [])]
    if found.say:
        assert may_speak(now, due_at, calendar, quiet)
        assert found.say.at <= now
        assert found.say.is_before == (now < due_at)
        assert all(step.at < found.say.at for step in found.dropped)
    again = due_steps(plan, now, [*done, *(step.name for step in settled)], due_at, calendar, quiet)
    assert (again.say, again.dropped) == (None, ())
    return settled
