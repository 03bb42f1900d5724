"""Days as people type them, in the Vietnamese order: “1/7”, “01-07-2027”, “ngày 1.7.27”."""

import re
from datetime import date

EARLIEST, LATEST = 2000, 2100

_DAY = re.compile(r"(?:ngày\s+)?(\d{1,2})\s*[/.-]\s*(\d{1,2})(?:\s*[/.-]\s*(\d{4}|\d{2}))?", re.IGNORECASE)


def read_day(typed: str, today: date) -> date | None:
    """The day in what was typed, day before month; without a year it is one of this year's. None if it is no day."""
    found = _DAY.fullmatch(typed.strip())
    if found is None:
        return None
    day, month, year = found.groups()
    full = int(year) if year else today.year
    try:
        read = date(full + 2000 if year and len(year) == 2 else full, int(month), int(day))
    except ValueError:
        return None
    return read if EARLIEST <= read.year <= LATEST else None
