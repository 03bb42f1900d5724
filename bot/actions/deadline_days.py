"""Days and hours of a deadline as a coordinator types or taps them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Literal

from bot.domain.days import read_day
from bot.domain.folding import fold
from bot.texts import render

Rhythm = Literal["weekly", "monthly", "quarterly", "yearly", "once"]
RHYTHMS: tuple[Rhythm, ...] = ("weekly", "monthly", "quarterly", "yearly", "once")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_DAYS = 12
MOST_DAYS_BEFORE = 31
LAST_SAFE_DAY = 28  # what every month has
JUNE = 6

_WEEKDAY_WORDS = (
    ("mo", "monday", "thu hai", "thu 2", "t2", "hai", "2"),
    ("tu", "tuesday", "thu ba", "thu 3", "t3", "ba", "3"),
    ("we", "wednesday", "thu tu", "thu 4", "t4", "4"),
    ("th", "thursday", "thu nam", "thu 5", "t5", "nam", "5"),
    ("fr", "friday", "thu sau", "thu 6", "t6", "sau", "6"),
    ("sa", "saturday", "thu bay", "thu 7", "t7", "bay", "7"),
    ("su", "sunday", "chu nhat", "cn"),
)
_LAST_DAY_WORDS = {"-1", "cuoi", "cuoi thang", "ngay cuoi", "ngay cuoi thang", "last", "last day"}
_HOUR = re.compile(r"(\d{1,2})(?:\s*(?:[:.hg]|giờ|gio)\s*(\d{2})?)?", re.IGNORECASE)
_BEFORE = re.compile(r"(\d{1,2})(?:\s*(?:ngay|days?))?(?:\s+(?:truoc|before))?")
_STEP = re.compile(r"(\d{1,2})\s*(ngay|days?|gio|hours?|h)\s+(truoc|before|sau|after)")
_AND = re.compile(r"\s*(?:,|;|\+|\bvà\b|\band\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a rule, as the fields of a `bot.campaigns.Duty`."""

    rrules: tuple[str, ...]
    dates: tuple[date, ...]
    wording: str

    def fields(self) -> dict[str, Any]:
        """The fields as JSON keeps them."""
        return {"rrules": list(self.rrules), "dates": [day.isoformat() for day in self.dates], "wording": self.wording}


def rhythm_of(period: str) -> Rhythm:
    """Which question asks for the days of a duty with these periods."""
    return "yearly" if period == "half_year" else next(each for each in RHYTHMS if each == period)


def period_for(rhythm: Rhythm, days: Days) -> str:
    """What the periods of a new duty are called: two days, one in each half of the year, make half-years."""
    months = [int(found[1]) for rrule in days.rrules if (found := re.search(r"BYMONTH=(\d+);", rrule))]
    halves = [month <= JUNE for month in months]
    return "half_year" if rhythm == "yearly" and sorted(halves) == [False, True] else rhythm


def read_days(rhythm: Rhythm, typed: str, today: date) -> Days | None:
    """The days in what was typed or tapped; None if there are none, or one that not every year or month has.

    weekly “thứ Sáu” or “FR”; monthly and quarterly (its last month) “10” or “cuối tháng”; yearly “30/5, 10/11”; once
    “1/7/2027”, none that has passed.
    """
    if rhythm == "weekly":
        return _weekly(typed)
    if rhythm in ("monthly", "quarterly"):
        return _monthly(typed, quarterly=rhythm == "quarterly")
    days = [coming_day(each, today) for each in _AND.split(typed.strip())]
    known = sorted({day for day in days if day})
    if None in days or not known or len(known) > MOST_DAYS:
        return None
    if rhythm == "yearly":
        return _yearly(known)
    return None if known[0] < today else Days((), tuple(known), _wording("once", known))


def read_hour(typed: str) -> time | None:
    """The hour in “17:00”, “17h”, “7h30” or “17 giờ”."""
    found = _HOUR.fullmatch(typed.strip())
    if found is None:
        return None
    try:
        return time(int(found[1]), int(found[2] or 0))
    except ValueError:
        return None


def read_days_before(typed: str) -> int | None:
    """How many days before its due day a report's figures end: “5” or “5 ngày”; 0, with the due hour."""
    found = _BEFORE.fullmatch(fold(typed))
    return int(found[1]) if found and int(found[1]) <= MOST_DAYS_BEFORE else None


def read_step(typed: str) -> str | None:
    """The reminder's step in “7 ngày trước” or “2 hours after”, as a `DutyRule` names it."""
    found = _STEP.fullmatch(fold(typed))
    if found is None or not int(found[1]):
        return None
    side = "before" if found[3] in ("truoc", "before") else "after"
    return f"{side}_{int(found[1])}{'d' if found[2].startswith(('ngay', 'day')) else 'h'}"


def in_order(steps: Iterable[str]) -> list[str]:
    """Steps from the earliest to the last, each once."""
    return sorted(set(steps), key=_hours_after_due)


def _hours_after_due(step: str) -> int:
    if step == "day":
        return -12  # after those of the days before, and mostly before those counted in hours
    side, _, length = step.partition("_")
    hours = int(length[:-1]) * (24 if length.endswith("d") else 1)
    return hours if side == "after" else -hours


def coming_day(typed: str, today: date) -> date | None:
    """The day in what was typed; without a year the next one of that name, today included."""
    day = read_day(typed, today)
    has_year = len(re.findall(r"\d+", typed)) > len(("day", "month"))
    if day and not has_year and day < today:
        return read_day(f"{day.day}/{day.month}/{today.year + 1}", today)
    return day


def _weekly(typed: str) -> Days | None:
    word = fold(typed)
    place = next((place for place, words in enumerate(_WEEKDAY_WORDS) if word in words), None)
    if place is None:
        return None
    return Days((f"FREQ=WEEKLY;BYDAY={WEEKDAYS[place]}",), (), _wording("weekly", weekday=place))


def _monthly(typed: str, *, quarterly: bool) -> Days | None:
    word = fold(typed).removeprefix("ngay ").strip()
    last = typed.strip() == "-1" or word in _LAST_DAY_WORDS or fold(typed) in _LAST_DAY_WORDS
    if not last and not (word.isdecimal() and 1 <= int(word) <= LAST_SAFE_DAY):
        return None
    day = -1 if last else int(word)
    if quarterly:
        rrule = f"FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY={day}"
        return Days((rrule,), (), _wording("quarterly", number=day))
    return Days((f"FREQ=MONTHLY;BYMONTHDAY={day}",), (), _wording("monthly", number=day))


def _yearly(days: Sequence[date]) -> Days | None:
    named = sorted({(day.month, day.day) for day in days})
    if (2, 29) in named:
        return None
    rrules = tuple(f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}" for month, day in named)
    in_order = sorted(days, key=lambda day: (day.month, day.day))
    return Days(rrules, (), _wording("yearly", in_order))


def _wording(rhythm: Rhythm, days: Sequence[date] = (), weekday: int = 0, number: int = 0) -> str:
    """The deadline in words. Vietnamese, as are the documents that other wordings are quoted from."""
    return render("deadlines/wording", "vi", rhythm=rhythm, days=days, weekday=weekday, number=number)
