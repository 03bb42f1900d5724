"""The periods of a duty, each with its due hour and the stretch of time that its figures cover."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from bot.domain.deadlines.rule import DutyRule, PeriodKind

# A report that none came before covers everything since then.
BEGINNING = date(2000, 1, 1)

# Such a report opens so long before it is due, unless its rule says otherwise.
OPENS_FIRST = timedelta(days=30)

# 29 February, the rarest day, comes after eight years at the latest: one occurrence always lies further back.
_LOOK_BACK = 9


@dataclass(frozen=True)
class Occurrence:
    """One period of a duty: the figures of [window_start, window_end) are due at `due_at`, open from `opens_at`."""

    duty: str
    period: str
    due_at: datetime
    window_start: datetime
    window_end: datetime
    opens_at: datetime


@dataclass(frozen=True)
class _Due:
    """An occurrence before it is known what came before it."""

    period: str
    named: date
    day: date
    due_at: datetime
    cut_off: datetime


def occurrences(
    rule: DutyRule, start: date, end: date, exceptions: Mapping[str, date | None], zone: tzinfo
) -> tuple[Occurrence, ...]:
    """All that is due on the days [start, end), in order of the due hour.

    exceptions: period → the day to which it was moved; None, it is skipped, and the next one covers its time as well.
    Periods that the rule does not know are left alone. A moved report keeps its period; its figures end with its new
    due hour, or, if the rule sets them a cut-off day, on that day as before. The windows follow one another without gap
    or overlap. Two moved to one moment share it: the later period's window is empty.
    """
    all_due = sorted(_around(rule, start, end, exceptions, zone), key=lambda due: (due.cut_off, due.named))
    first = [_occurrence(rule, None, all_due[0], zone)] if all_due else []
    found = first + [_occurrence(rule, before, due, zone) for before, due in pairwise(all_due)]
    inside = (each for each in found if start <= each.due_at.date() < end)
    return tuple(sorted(inside, key=lambda each: (each.due_at, each.window_end, each.period)))


def _around(rule: DutyRule, start: date, end: date, exceptions: Mapping[str, date | None], zone: tzinfo) -> list[_Due]:
    """What is due in that time, with all that could come just before any of it, wherever it was moved."""
    years = [int(period[:4]) for period in exceptions if period[:4].isdecimal()]
    first = min([date(start.year - _LOOK_BACK, 1, 1), *rule.dates])
    last = max([end, *(date(year + 1, 1, 7) for year in years)])  # the last ISO week ends in the next year
    found = []
    for period, named in _periods(rule, first, last).items():
        day = exceptions.get(period, named)
        if day is not None:
            due_at = datetime.combine(day, rule.due, zone)
            found.append(_Due(period, named, day, due_at, _cut_off(rule, named, due_at)))
    return found


def _periods(rule: DutyRule, first: date, last: date) -> dict[str, date]:
    """Period → the day that the rule names. A second day in one week, month … makes “2026-06.2”."""
    found: dict[str, date] = {}
    counts: dict[str, int] = {}
    for day in rule.days(first, last):
        period = _period(rule.kind, day)
        counts[period] = counts.get(period, 0) + 1
        found[period if counts[period] == 1 else f"{period}.{counts[period]}"] = day
    return found


def _period(kind: PeriodKind, day: date) -> str:
    """The week, month … in which the rule's day lies: it does not change when the deadline is moved."""
    if kind == "weekly":
        week = day.isocalendar()
        return f"{week.year}-W{week.week:02}"
    if kind == "once":
        return day.isoformat()
    part = {
        "monthly": f"-{day.month:02}",
        "quarterly": f"-Q{(day.month + 2) // 3}",
        "half_year": f"-H{(day.month + 5) // 6}",
        "yearly": "",
    }
    return f"{day.year}{part[kind]}"


def _cut_off(rule: DutyRule, named: date, due_at: datetime) -> datetime:
    if rule.cut_off_days == 0:
        return due_at
    last_day = named - timedelta(days=rule.cut_off_days)
    return min(due_at, _midnight(last_day + timedelta(days=1), due_at.tzinfo))


def _occurrence(rule: DutyRule, before: _Due | None, due: _Due, zone: tzinfo) -> Occurrence:
    start = before.cut_off if before else min(_midnight(BEGINNING, zone), due.cut_off)
    if rule.opens_days is not None:
        opens_at = min(_midnight(due.day - timedelta(days=rule.opens_days), zone), due.due_at)
    else:
        opens_at = start if before else due.due_at - OPENS_FIRST
    return Occurrence(rule.code, due.period, due.due_at, start, due.cut_off, opens_at)


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, time(), zone)
