"""The stretches of time that a commendation list is about: the period, the one before it, their weeks and months."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.handins import month_start, week_start
from bot.domain.periods import Period
from bot.setup import Setup

WEEK, MOMENT = timedelta(days=7), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The moments of a period up to now, and the same stretch of the period before."""

    start: datetime
    until: datetime
    before_start: datetime
    before_until: datetime

    @property
    def last(self) -> date:
        return (self.until - MOMENT).date()


@dataclass(frozen=True, slots=True)
class Slices:
    """A stretch of time in pieces that begin at `starts`, each within one week and one month.

    `whole` has, by “week” and “month”, each whole one: its first moment and the numbers of its pieces. `span_of` has
    the number of the whole one that a piece is part of.
    """

    starts: tuple[datetime, ...]
    whole: Mapping[str, tuple[tuple[datetime, range], ...]]
    span_of: Mapping[str, Mapping[int, int]]


def window_of(setup: Setup, period: Period, now: datetime) -> Window:
    """What is compared: of a period that is not over, only as much of the one before."""
    start, end = setup.midnight(period.start), setup.midnight(period.end)
    until, before = min(end, setup.local(now)), setup.midnight(period.before.start)
    whole = setup.midnight(period.before.end)
    return Window(start, until, before, whole if until == end else min(whole, before + (until - start)))


def slices(start: datetime, until: datetime) -> Slices:
    """The pieces of [start, until), local times: cut at each Monday and at each first of a month."""
    cuts = {start}
    for per in ("week", "month"):
        at = after(_begin(start, per), per)
        while at < until:
            cuts.add(at)
            at = after(at, per)
    starts = tuple(sorted(cuts))
    whole = {per: tuple(_whole(starts, until, per)) for per in ("week", "month")}
    spans = {per: {at: number for number, (_, here) in enumerate(found) for at in here} for per, found in whole.items()}
    return Slices(starts, whole, spans)


def _whole(starts: Sequence[datetime], until: datetime, per: str) -> Iterator[tuple[datetime, range]]:
    for number, first in enumerate(starts):
        end = after(first, per)
        if first == _begin(first, per) and end <= until:
            yield first, range(number, sum(at < end for at in starts))


def _begin(at: datetime, per: str) -> datetime:
    return week_start(at) if per == "week" else month_start(at)


def after(at: datetime, per: str) -> datetime:
    """The beginning of the next week or month, if `at` is that of one."""
    return at + WEEK if per == "week" else month_start(at + timedelta(days=32))
