"""The commendation list of a part of the tree for a period: counted from the ledger, scored by bot/domain."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.actions.commendation_classes import ALL, Class, Line, class_of
from bot.actions.commendation_people import people
from bot.actions.commendation_periods import Slices, Window, slices, window_of
from bot.campaigns import Quota, UnitType
from bot.domain.commendation import Tally, proposed, rank
from bot.domain.periods import Period
from bot.setup import Setup
from bot.storage import commendation as stored
from bot.storage import obligations, units
from bot.storage.figures import Part, own_members, own_totals, part_of
from bot.storage.models import Unit


@dataclass(frozen=True, slots=True)
class Counted:
    """What the ledger says of all units below one: posts now and in the period before, members, reports on time.

    `own` has the posts of each unit without those below it by slice, if any quota is asked of units.
    """

    now: Counter[int]
    before: Counter[int]
    members: Counter[int]
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


def commend(
    session: Session, setup: Setup, root: Unit, period: Period, now: datetime, shown: slice = ALL
) -> Commendations | None:
    """The list for what stands below `root`, and for all people there; None if the period is still to come.

    Of each class those are named whose places in the list are `shown`.
    """
    window = window_of(setup, period, now)
    if window.start >= window.until:
        return None
    cuts = slices(window.start, window.until)
    of_units = tuple(_units(session, setup, root, window, cuts, shown))
    of_people = tuple(people(session, setup, root, window, cuts, shown))
    return Commendations(period, window, window.until < setup.midnight(period.end), of_units, of_people)


def _units(session: Session, setup: Setup, root: Unit, window: Window, cuts: Slices, shown: slice) -> Iterator[Class]:
    """The units below the root that are not closed, beside their peers; posts and members with those below them."""
    counted = _counted(session, setup, root, window, cuts)
    below = units.living_below(session, root.id, window.last)
    alive = [each for each in below if obligations.alive_on(each, window.last)]
    tallies = [_of_unit(setup, each, window, cuts, counted) for each in alive]
    names, of_class = {each.id: each.name for each in alive}, Counter(tally.peers for tally in tallies)
    ranked = rank(tallies)
    for row in _classes(setup.campaign.unit_types):
        scores = ranked.get(row.peers, [])
        if scores:
            chosen = proposed(scores, of_class[row.peers])
            lines = [Line(each, names[each.tally.key]) for each in chosen[shown]]
            code = f"u{setup.campaign.unit_types.index(row)}"
            peers = [each for each in tallies if each.peers == row.peers]
            yield class_of(code, row, lines, [each.tally for each in chosen], peers)


def _counted(session: Session, setup: Setup, root: Unit, window: Window, cuts: Slices) -> Counted:
    code, part = setup.campaign.code, part_of(session, [root.id], window.last)
    now = own_totals(session, code, part, window.start, window.until)
    before = own_totals(session, code, part, window.before_start, window.before_until)
    members = own_members(session, root.id, window.last, window.until.tzinfo)
    kept = stored.kept(session, code, root.id, window.start, window.until)
    asked = any(each.who == "unit" for each in setup.campaign.quotas)
    own = stored.of_units(session, code, root.id, cuts.starts, window.until) if asked else {}
    return Counted(_rolled_up(part, now), _rolled_up(part, before), _rolled_up(part, members), kept, own)


def _rolled_up(part: Part, own: Mapping[int, int]) -> Counter[int]:
    """By unit, the sum of what is its own and that of all below it."""
    sums: Counter[int] = Counter()
    for unit_id, number in own.items():
        at: int | None = unit_id
        while at is not None and at in part.rows:
            sums[at] += number
            at = part.rows[at].parent_id
    return sums


def _of_unit(setup: Setup, unit: Unit, window: Window, cuts: Slices, counted: Counted) -> Tally[int]:
    quotas = [each for each in setup.campaign.quotas if each.who == "unit" and _asks_unit(setup, each, unit)]
    reached, of = _reached(cuts, counted.own.get(unit.id, {}), quotas)
    on_time, due = counted.kept.get(unit.id, (0, 0))
    return Tally(
        key=unit.id,
        peers=setup.campaign.unit_type(unit.type, unit.name).peers,
        posts=counted.now[unit.id],
        size=counted.members[unit.id],
        on_time=on_time,
        due=due,
        reached=reached,
        quotas=of,
        before=counted.before[unit.id] if obligations.alive_on(unit, window.before_start.date()) else None,
    )


def _reached(cuts: Slices, posts: Mapping[int, int], quotas: Iterable[Quota]) -> tuple[int, int]:
    """In how many whole weeks and months the quotas were reached, and how many there were."""
    reached = of = 0
    for quota in quotas:
        done: dict[int, int] = {}
        for at, number in posts.items():
            span = cuts.span_of[quota.per].get(at, -1)
            done[span] = done.get(span, 0) + number
        reached += sum(span >= 0 and number >= quota.at_least for span, number in done.items())
        of += len(cuts.whole[quota.per])
    return reached, of


def _asks_unit(setup: Setup, quota: Quota, unit: Unit) -> bool:
    return not quota.types or setup.campaign.is_of(quota.types, unit.type, unit.name)


def _classes(rows: Iterable[UnitType]) -> Iterable[UnitType]:
    """One row for each class of peers, in the profile's order: the one for all of them, if there is one."""
    found: dict[str, UnitType] = {}
    for row in rows:
        if row.general or row.peers not in found:
            found[row.peers] = row
    return found.values()
