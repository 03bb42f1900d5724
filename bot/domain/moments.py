"""Moments as people type them: “8:00”, “8h30 25/12”, “25/12 14:00”."""

import re
from datetime import datetime, time, timedelta

from bot.domain.days import read_day

_HOUR = re.compile(r"(?<![\d/.-])(\d{1,2})\s*(?::|h|giờ)\s*(\d{2})?(?![\d/])", re.IGNORECASE)
_DAY = timedelta(days=1)


def read_moment(typed: str, now: datetime) -> datetime | None:
    """The moment in what was typed, in the zone of `now`; an hour alone is one of the next 24. None if unread."""
    found = _HOUR.search(typed)
    if found is None:
        return None
    try:
        hour = time(int(found[1]), int(found[2] or 0))
    except ValueError:
        return None
    rest = f"{typed[: found.start()]} {typed[found.end() :]}".strip(" ,;")
    if not rest:
        today = datetime.combine(now.date(), hour, now.tzinfo)
        return today if today > now else today + _DAY
    day = read_day(rest, now.date())
    return datetime.combine(day, hour, now.tzinfo) if day else None
