"""The periods that people are commended for, and the short codes that they travel under in buttons. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_CODE = re.compile(r"(?P<year>20\d\d)(?:(?P<part>[QH])(?P<number>[1-4]))?")
_DAYS = re.compile(r"(?P<first>[1-9]\d{5})-(?P<end>[1-9]\d{5})")
_MONTHS = {"Q": 3, "H": 6}


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` to before `end`; `code` is “2027Q1”, “2027H1”, “2027”, or two ordinals of days."""

    code: str
    start: date
    end: date

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def before(self) -> "Period":
        """The one before it, as long as this one: the quarter before a quarter, so many days before so many days."""
        found = _CODE.fullmatch(self.code)
        if found is None:
            return between(self.start - (self.end - self.start), self.start - timedelta(days=1))
        months = _MONTHS.get(found["part"] or "", 12)
        return _at(self.start.year * 12 + self.start.month - 1 - months, months)


def read_period(code: str) -> Period | None:
    """The period of a code; None if it is none."""
    if found := _CODE.fullmatch(code):
        months = _MONTHS.get(found["part"] or "", 12)
        number = int(found["number"] or 1)
        return _at(int(found["year"]) * 12 + (number - 1) * months, months) if number * months <= 12 else None
    if found := _DAYS.fullmatch(code):
        first, end = date.fromordinal(int(found["first"])), date.fromordinal(int(found["end"]))
        return Period(code, first, end) if first < end else None
    return None


def between(first: date, last: date) -> Period:
    """The period of these days, both included; a whole quarter, half-year or year is known by its name."""
    end = last + timedelta(days=1)
    months = (end.year - first.year) * 12 + end.month - first.month
    if first.day == end.day == 1 and months in (3, 6, 12) and (first.month - 1) % months == 0:
        return _at(first.year * 12 + first.month - 1, months)
    return Period(f"{first.toordinal()}-{end.toordinal()}", first, end)


def usual(today: date) -> list[Period]:
    """Those that are offered: this quarter, half-year and year, and the last ones."""
    month = today.year * 12 + today.month - 1
    return [_at(month // months * months - back * months, months) for months in (3, 6, 12) for back in (0, 1)]


def _at(month: int, months: int) -> Period:
    """So many months from the `month`-th on, counted from the year 0."""
    year, number = month // 12, month % 12 // months + 1
    part = {3: f"Q{number}", 6: f"H{number}", 12: ""}[months]
    after = month + months
    return Period(f"{year}{part}", date(year, month % 12 + 1, 1), date(after // 12, after % 12 + 1, 1))
