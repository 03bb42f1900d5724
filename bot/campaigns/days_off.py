"""Vietnam's days off as public bodies keep them: where a campaign's calendar starts from.

The seed is the package holidays; what the government exchanges at short notice is not all in it. Coordinators add
and remove days (`WorkingDays.amended`).
"""

from datetime import date
from functools import lru_cache

from bot.domain.deadlines.working_days import WorkingDays

# Weekdays off, and the weekend days worked for them, that the package lacks.
_SWAPS = {
    date(2026, 1, 2): date(2026, 1, 10),  # 12729/VPCP-KGVX of 25/12/2025
}


@lru_cache(maxsize=16)
def working_days(first_year: int, last_year: int) -> WorkingDays:
    """The working days of these years, both included; every other year has only its weekends off."""
    from holidays import country_holidays  # takes half a second, and most commands need no calendar

    years = range(first_year, last_year + 1)
    known = country_holidays("VN", years=years)
    off = {*known.keys(), *_SWAPS}
    worked = {*known.weekend_workdays, *_SWAPS.values()}
    return WorkingDays(_within(off, years), _within(worked, years))


def _within(days: set[date], years: range) -> frozenset[date]:
    return frozenset(day for day in days if day.year in years)
