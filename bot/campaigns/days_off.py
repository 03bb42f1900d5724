"""Vietnam's days off as public bodies keep them: where a campaign's calendar starts from.

The seed is the package holidays; what the government exchanges at short notice is not all in it. Coordinators add
and remove days (`WorkingDays.amended`).
"""

import sys
from datetime import date
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from threading import Lock
from typing import TYPE_CHECKING

from bot.domain.deadlines.working_days import WorkingDays

if TYPE_CHECKING:
    from holidays import HolidayBase

# Weekdays off, and the weekend days worked for them, that the package lacks.
_SWAPS = {
    date(2026, 1, 2): date(2026, 1, 10),  # 12729/VPCP-KGVX of 25/12/2025
}
_IMPORTING = Lock()


@lru_cache(maxsize=16)
def working_days(first_year: int, last_year: int) -> WorkingDays:
    """The working days of these years, both included; every other year has only its weekends off."""
    years = range(first_year, last_year + 1)
    known = _vietnam()(years=years)
    off = {*known.keys(), *_SWAPS}
    worked = {*known.weekend_workdays, *_SWAPS.values()}
    return WorkingDays(_within(off, years), _within(worked, years))


def _vietnam() -> "type[HolidayBase]":
    """Vietnam's calendar of the package, when it is needed.

    The usual way loads those of all countries, half a second and 10 MB that stay: their package is there while the one
    is imported, and runs nothing.
    """
    countries = "holidays.countries"
    with _IMPORTING:  # threads would take the place-holder from each other
        spec = None if countries in sys.modules else find_spec(countries)
        if spec:
            sys.modules[countries] = module_from_spec(spec)
        try:
            return import_module(f"{countries}.vietnam").Vietnam  # type: ignore[no-any-return]  # a module has any attributes
        finally:
            if spec:
                del sys.modules[countries]


def _within(days: set[date], years: range) -> frozenset[date]:
    return frozenset(day for day in days if day.year in years)
