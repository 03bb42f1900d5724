"""The commendation list of a part of the tree for a period: counted from the ledger, scored by bot/domain."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.campaigns import Quota, UnitType
from bot.domain.commendation import Score, Tally, proposed, rank
from bot.domain.figures import UnitFigures
from bot.domain.handins import month_start, week_start
from bot.domain.periods import Period
from bot.setup import Setup
from bot.storage import commendation as stored
from bot.storage import obligations, units
from bot.storage.commendation import Author, Share
from bot.storage.figures import figures
from bot.storage.models import Unit

WEEK, MOMENT = timedelta(days=7), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who is proposed: a unit, or a member with the unit that he is in."""

    score: Score[int]
    name: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Class:
    """A class of peers with `posts` in all; `code` is “u” or “p” and its number in the profile.

    `lines` name those proposed; `others` is the rest, with `other_posts`.
    """

    code: str
    vi: str
    en: str
    lines: tuple[Line, ...]
    others: int
    other_posts: int

    @property
    def posts(self) -> int:
        return sum(line.score.tally.posts for line in self.lines) + self.other_posts


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


@dataclass(frozen=True, slots=True)
class Counted:
    """What the ledger says of all units below one: now, in the period before, and which reports came on time."""

    now: Mapping[int, UnitFigures]
    before: Mapping[int, UnitFigures]
    kept: Mapping[int, tuple[int, int]]
    own: Mapping[int, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Commendations:
    """Who is proposed, units and people by class."""

    period: Period
    window: Window
    running: bool
    units: tuple[Class, ...]
    people: tuple[Class, ...]


def commend(session: Session, setup: Setup, root: Unit, period: Period, now: datetime) -> Commendations | None:
    """The list for what stands below `root`, and for all people there; None if the period is still to come."""
    window = window_of(setup, period, now)
    if window.start >= window.until:
        return None
    cuts = slices(window.start, window.until)
    shares = stored.shares(session, setup.campaign.code, root.id, cuts.starts, window.until)
    of_units = tuple(_units(session, setup, root, window, cuts, shares))
    people = tuple(_people(session, setup, root, window, cuts, shares))
    return Commendations(period, window, window.until < setup.midnight(period.end), of_units, people)


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
        at = _after(_begin(start, per), per)
        while at < until:
            cuts.add(at)
            at = _after(at, per)
    starts = tuple(sorted(cuts))
    whole = {per: tuple(_whole(starts, until, per)) for per in ("week", "month")}
    spans = {per: {at: number for number, (_, here) in enumerate(found) for at in here} for per, found in whole.items()}
    return Slices(starts, whole, spans)


def _whole(starts: Sequence[datetime], until: datetime, per: str) -> Iterator[tuple[datetime, range]]:
    for number, first in enumerate(starts):
        after = _after(first, per)
        if first == _begin(first, per) and after <= until:
            yield first, range(number, sum(at < after for at in starts))


def _units(
    session: Session, setup: Setup, root: Unit, window: Window, cuts: Slices, shares: Iterable[Share]
) -> Iterator[Class]:
    """The units below the root that are not closed, beside their peers; posts and members with those below them."""
    counted = _counted(session, setup, root, window, shares)
    below = units.living_below(session, root.id, window.last)
    alive = [each for each in below if obligations.alive_on(each, window.last) and each.id in counted.now]
    tallies = [_of_unit(setup, each, window, cuts, counted) for each in alive]
    names, of_class = {each.id: each.name for each in alive}, Counter(tally.peers for tally in tallies)
    ranked = rank(tallies)
    for row in _classes(setup.campaign.unit_types):
        scores = ranked.get(row.peers, [])
        if scores:
            lines = [Line(each, names[each.tally.key]) for each in proposed(scores, of_class[row.peers])]
            code = f"u{setup.campaign.unit_types.index(row)}"
            yield _class(code, row.vi, row.en, lines, [t for t in tallies if t.peers == row.peers])


def _counted(session: Session, setup: Setup, root: Unit, window: Window, shares: Iterable[Share]) -> Counted:
    code = setup.campaign.code
    last_before = (window.before_until - MOMENT).date()
    now = figures(session, code, root.id, window.start, window.until, window.last, named=False)
    before = figures(session, code, root.id, window.before_start, window.before_until, last_before, named=False)
    kept = stored.kept(session, code, root.id, window.start, window.until)
    return Counted(_by_unit(now), _by_unit(before), kept, _by_slice((each.unit_id, each) for each in shares))


def _of_unit(setup: Setup, unit: Unit, window: Window, cuts: Slices, counted: Counted) -> Tally[int]:
    quotas = [each for each in setup.campaign.quotas if each.who == "unit" and _asks_unit(setup, each, unit)]
    reached, of = _reached(cuts, counted.own.get(unit.id, {}), quotas, window.start)
    on_time, due = counted.kept.get(unit.id, (0, 0))
    now, was = counted.now[unit.id], counted.before.get(unit.id)
    before = was.total.total if was else 0
    return Tally(
        key=unit.id,
        peers=setup.campaign.unit_type(unit.type, unit.name).peers,
        posts=now.total.total,
        size=sum(now.members.values()),
        on_time=on_time,
        due=due,
        reached=reached,
        quotas=of,
        before=before if obligations.alive_on(unit, window.before_start.date()) else None,
    )


def _people(
    session: Session, setup: Setup, root: Unit, window: Window, cuts: Slices, shares: Sequence[Share]
) -> Iterator[Class]:
    """Those with posts for the root and all below it, by kind of member."""
    code = setup.campaign.code
    now = _by_slice((each.membership_id, each) for each in shares)
    earlier = stored.shares(session, code, root.id, [window.before_start], window.before_until)
    before = _by_slice((each.membership_id, each) for each in earlier)
    authors = {each.id: each for each in stored.authors(session, sorted(now))}
    asked = {kind.code: _asks_member(setup, kind.code) for kind in setup.campaign.membership.kinds}
    tallies = [
        _of_person(each, asked.get(each.kind, ()), window, cuts, now[each.id], before.get(each.id, {}))
        for each in authors.values()
    ]
    ranked = rank(tallies)
    for number, kind in enumerate(setup.campaign.membership.kinds):
        scores = ranked.get(kind.code, [])
        if scores:
            lines = [_named(each, authors[each.tally.key]) for each in proposed(scores, len(scores))]
            shown = [each for each in lines if each is not None]
            yield _class(f"p{number}", kind.vi, kind.en, shown, [t for t in tallies if t.peers == kind.code])


def _of_person(
    one: Author,
    quotas: Sequence[Quota],
    window: Window,
    cuts: Slices,
    now: Mapping[int, int],
    before: Mapping[int, int],
) -> Tally[int]:
    reached, of = _reached(cuts, now, quotas, one.since)
    was = sum(before.values()) if one.since <= window.before_start else None
    return Tally(one.id, one.kind, sum(now.values()), 1, 0, 0, reached, of, was)


def _reached(cuts: Slices, posts: Mapping[int, int], quotas: Iterable[Quota], since: datetime) -> tuple[int, int]:
    """In how many whole weeks and months from `since` on the quotas were reached, and how many there were."""
    reached = of = 0
    for quota in quotas:
        spans = cuts.whole[quota.per]
        missed = bisect_left(spans, since, key=_first_of) if spans and spans[0][0] < since else 0
        done: dict[int, int] = {}
        for at, number in posts.items():
            span = cuts.span_of[quota.per].get(at, -1)
            done[span] = done.get(span, 0) + number
        reached += sum(span >= missed and number >= quota.at_least for span, number in done.items())
        of += len(spans) - missed
    return reached, of


def _first_of(span: tuple[datetime, range]) -> datetime:
    return span[0]


def _asks_member(setup: Setup, kind: str) -> Sequence[Quota]:
    return [each for each in setup.campaign.quotas if each.who == "member" and kind in (each.kinds or (kind,))]


def _asks_unit(setup: Setup, quota: Quota, unit: Unit) -> bool:
    return not quota.types or setup.campaign.is_of(quota.types, unit.type, unit.name)


def _named(score: Score[int], one: Author) -> Line | None:
    return Line(score, one.name, one.unit) if one.name else None


def _class(code: str, vi: str, en: str, lines: Sequence[Line], of: Sequence[Tally[int]]) -> Class:
    shown = {line.score.tally.key for line in lines}
    others = [each for each in of if each.key not in shown]
    return Class(code, _capital(vi), _capital(en), tuple(lines), len(others), sum(each.posts for each in others))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _classes(rows: Iterable[UnitType]) -> Iterable[UnitType]:
    """One row for each class of peers, in the profile's order: the one for all of them, if there is one."""
    found: dict[str, UnitType] = {}
    for row in rows:
        if row.general or row.peers not in found:
            found[row.peers] = row
    return found.values()


def _by_unit(found: UnitFigures) -> dict[int, UnitFigures]:
    waiting, known = [found], dict[int, UnitFigures]()
    for each in waiting:
        known[each.unit_id] = each
        waiting.extend(each.units)
    return known


def _by_slice(pairs: Iterable[tuple[int, Share]]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    for key, share in pairs:
        of = found.setdefault(key, {})
        of[share.slice] = of.get(share.slice, 0) + share.posts
    return found


def _begin(at: datetime, per: str) -> datetime:
    return week_start(at) if per == "week" else month_start(at)


def _after(at: datetime, per: str) -> datetime:
    return at + WEEK if per == "week" else month_start(at + timedelta(days=32))
