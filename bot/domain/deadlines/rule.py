"""What a coordinator sets of a deadline: its days, hour, figures and reminders."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from dateutil.rrule import rrulestr

PeriodKind = Literal["weekly", "monthly", "quarterly", "half_year", "yearly", "once"]
OnDayOff = Literal["keep", "remind_before"]

STEPS = ("before_3d", "before_1d", "day", "before_2h", "after_1d", "after_3d")

# INTERVAL, COUNT and the like count from a first day, so that a day's being due would hang on the range asked for.
RRULE = r"^FREQ=(WEEKLY|MONTHLY|YEARLY)(;BY(DAY|MONTH|MONTHDAY)=[A-Z0-9,+-]+)*$"
STEP = r"^(day|(before|after)_[1-9][0-9]?[dh])$"

# The last ten years that there are: rules that never fall on a day are found out at once.
_TRIAL = date(9990, 1, 1)


@dataclass(frozen=True)
class DutyRule:
    """A kind of report: due at `due`, local time, on each day of `rrules` (RFC 5545) and on each of `dates`.

    A day that a month does not have is no due day of it; the last day of a month is BYMONTHDAY=-1. The named day itself
    is the day, also where the document says “before the 10th”: that is its `wording`.

    cut_off_days: 0, the figures end with the due hour; 5, with the end of the fifth day before the due day.
    opens_days: how many days before its due day a report opens; None, when the figures of the one before end.
    on_day_off: where the due day is no working day, steps of that day stay, or come on the working day before.
    steps: `before_3d`, `day`, `after_1d` come at `remind_at`; `before_2h` and `after_4h` count from the due hour.

    ValueError, in one sentence, for rules that cannot be read or fall on no day.
    """

    code: str
    kind: PeriodKind
    rrules: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()
    due: time = time(17)
    cut_off_days: int = 0
    opens_days: int | None = None
    on_day_off: OnDayOff = "keep"
    remind_at: time = time(8)
    steps: tuple[str, ...] = STEPS
    wording: str = ""

    def __post_init__(self) -> None:
        if not self.rrules and not self.dates:
            raise ValueError("rrules or dates must be given")
        for rrule in self.rrules:
            _check(rrule)
        for step in self.steps:
            if not re.fullmatch(STEP, step):
                raise ValueError(f"{step!r} is no step: it is day, before_3d, before_2h, after_1d or the like")
        if self.cut_off_days < 0 or (self.opens_days or 0) < 0:
            raise ValueError("cut_off_days and opens_days must not be negative")

    def days(self, start: date, end: date) -> list[date]:
        """The days in [start, end) that the rule names, in order, each once."""
        named = {day for day in self.dates if start <= day < end}
        return sorted(named.union(*(_days(rrule, start, end) for rrule in self.rrules)))


def _days(rrule: str, start: date, end: date) -> Iterator[date]:
    for moment in rrulestr(rrule, dtstart=datetime.combine(start, time())):
        if moment.date() >= end:
            return
        yield moment.date()


def _check(rrule: str) -> None:
    if not re.fullmatch(RRULE, rrule):
        raise ValueError(f"{rrule!r} is no rule of FREQ, BYDAY, BYMONTH and BYMONTHDAY")
    # Without either, the day would be that of the first day asked for.
    if "BYDAY=" not in rrule and "BYMONTHDAY=" not in rrule:
        raise ValueError(f"{rrule!r} names no day: BYDAY or BYMONTHDAY must be there")
    try:
        falls = any(True for _ in _days(rrule, _TRIAL, date.max))
    except (ValueError, IndexError, KeyError) as error:
        raise ValueError(f"{rrule!r} cannot be read: {error}") from None
    if not falls:
        raise ValueError(f"{rrule!r} falls on no day in ten years")
