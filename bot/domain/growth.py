"""How a page grew since the year began, from its figures month by month. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from bot.domain.figures_typed import Field, Figures

Months = Mapping[date, Figures]
"""The first of a month → its figures."""

AUDIENCE: Mapping[str, tuple[Field, ...]] = {
    "page": ("followers", "likes"),
    "group": ("members",),
    "channel": ("followers",),
}
"""What a page of each kind is measured by: the first of these that it has figures of."""


@dataclass(frozen=True, slots=True)
class Growth:
    """From `base` in the month `since` to `now` in the month `until`."""

    field: Field
    since: date
    base: int
    until: date
    now: int

    @property
    def more(self) -> int:
        return self.now - self.base

    @property
    def percent(self) -> Fraction | None:
        """Exactly, as a number of per cent; None if it began with nobody."""
        return Fraction(100 * self.more, self.base) if self.base else None

    @property
    def tenths(self) -> int | None:
        """The same in tenths of a per cent, cut off, so that “+5,0 %” is never a little less."""
        return None if self.percent is None else int(self.percent * 10)

    def reaches(self, percent: int) -> bool:
        """Whether it grew by so many per cent; from nobody any growth does."""
        return self.more > 0 if self.percent is None else self.percent >= percent


def growth(months: Months, field: Field, year: int) -> Growth | None:
    """From the last figure before the year, or else its first one, to its last; None if there are not two months."""
    known = [(month, value) for month in sorted(months) if (value := months[month].get(field)) is not None]
    inside = [each for each in known if each[0].year == year]
    before = [each for each in known if each[0].year == year - 1]
    if not inside:
        return None
    (since, base), (until, now) = (before or inside)[-1 if before else 0], inside[-1]
    return Growth(field, since, base, until, now) if since < until else None


def audience(kind: str, months: Months, year: int) -> Growth | None:
    """The growth that the year's target is about: followers, likes or members, whichever is known of such a page."""
    found = (growth(months, field, year) for field in AUDIENCE[kind])
    return next((each for each in found if each), None)
