"""Which days are worked: Monday to Friday, but for days off and for weekend days worked in exchange."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingDays:
    """A calendar: `off` are days off beside the weekends, `worked` are worked in any case."""

    off: Collection[date] = frozenset()
    worked: Collection[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether people are at work on that day."""
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)

    def working_day_before(self, day: date) -> date:
        """The last working day before that day, which may itself be one."""
        day -= _DAY
        while not self.is_working(day):
            day -= _DAY
        return day

    def amended(self, days: Mapping[date, bool]) -> "WorkingDays":
        """The calendar with what coordinators declared: day → whether it is off. It overrules weekend and holiday."""
        off = {day for day, is_off in days.items() if is_off}
        worked = days.keys() - off
        return WorkingDays(off.union(self.off), worked.union(self.worked) - off)
