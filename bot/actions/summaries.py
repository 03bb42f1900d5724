"""The weekly summary of a unit: what was counted, whom to thank, what is due next."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.actions import quota_lines
from bot.actions.progress import QuotaProgress
from bot.actions.quota_lines import QuotaLine, own_quotas
from bot.campaigns import UnitType
from bot.domain.figures import ZERO, Count, UnitFigures
from bot.domain.handins import week_start
from bot.setup import Setup
from bot.storage import obligations
from bot.storage.contributors import Contributor, top_contributors
from bot.storage.figures import part_of, posts_of
from bot.storage.models import ObligationState, Unit
from bot.storage.obligations import Coming

WEEK = timedelta(days=7)
MOST_PLACES, MOST_NAMED, BEST, MOST_DUE = 8, 3, 3, 3
LOOKED_AT = 12  # of what is due next, as some may be filed already


@dataclass(frozen=True, slots=True)
class Board:
    """The best of the units of one class below a unit."""

    type: UnitType
    best: tuple[UnitFigures, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """Reports that are due at one moment, each as the `rule` of its duty."""

    at: datetime
    duties: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A unit's week from Monday to `until`, local times; `before` counts the week before up to the same hour.

    `places` are targets by name, None for all others, with a total of `total`; no one on a board is the last.
    """

    unit: str
    start: datetime
    until: datetime
    total: Count
    before: Count
    places: tuple[tuple[str | None, Count], ...]
    own: tuple[QuotaProgress, ...]
    quotas: tuple[QuotaLine, ...]
    praised: tuple[Contributor, ...]
    boards: tuple[Board, ...]
    due: tuple[Due, ...]

    @property
    def more(self) -> int:
        """Posts more than the week before."""
        return self.total.total - self.before.total


def summarise(session: Session, setup: Setup, unit: Unit, now: datetime) -> Summary:
    """The unit's week up to `now`."""
    return summarise_all(session, setup, [unit.id], now)[unit.id]


def summarise_all(session: Session, setup: Setup, unit_ids: Collection[int], now: datetime) -> dict[int, Summary]:
    """The weeks of many units up to `now`, in as many statements as one takes."""
    until = setup.local(now)
    start, code = week_start(until), setup.campaign.code
    part = part_of(session, unit_ids, until.date())
    counted = posts_of(session, code, part, start, until)
    before = posts_of(session, code, part, start - WEEK, until - WEEK)
    own, quotas = own_quotas(session, setup, part, now), quota_lines.of_part(session, setup, part, until)
    praised = top_contributors(session, code, part, start, until, MOST_NAMED)
    due = _due(session, setup, unit_ids, until)
    return {
        unit_id: Summary(
            unit=part.rows[unit_id].name,
            start=start,
            until=until,
            total=counted[unit_id].total,
            before=before[unit_id].total,
            places=_places(setup, counted[unit_id]),
            own=own[unit_id],
            quotas=quotas[unit_id],
            praised=tuple(praised[unit_id]),
            boards=tuple(_boards(setup, counted[unit_id])),
            due=due[unit_id],
        )
        for unit_id in unit_ids
    }


def template_of(summary: Summary) -> str:
    """The text for it: a short one where there was nothing in both weeks."""
    return "summaries/week" if summary.total.total or summary.before.total else "summaries/nothing"


def _places(setup: Setup, counted: UnitFigures) -> tuple[tuple[str | None, Count], ...]:
    """Where most posts stand, in the campaign's order, and all other places as one."""
    names = {target.code: target.name for target in setup.campaign.targets}
    known = [code for code in names if code in counted.counts]
    most = set(sorted(known, key=lambda code: -counted.counts[code].total)[:MOST_PLACES])
    shown: list[tuple[str | None, Count]] = [(names[code], counted.counts[code]) for code in known if code in most]
    others = sum((count for code, count in counted.counts.items() if code not in most), ZERO)
    return (*shown, (None, others)) if others.total else tuple(shown)


def _boards(setup: Setup, counted: UnitFigures) -> Iterator[Board]:
    """The best of each class of units below that has two or more; one alone has nobody to be compared with."""
    classes: dict[UnitType, list[UnitFigures]] = {each: [] for each in setup.campaign.unit_types}
    for each in _below(counted):
        classes[setup.campaign.unit_type(each.type, each.name)].append(each)
    for type_, peers in classes.items():
        best = sorted((each for each in peers if each.total.total), key=lambda each: -each.total.total)[:BEST]
        if len(peers) > 1 and best:
            yield Board(type_, tuple(best))


def _below(unit: UnitFigures) -> Iterator[UnitFigures]:
    for each in unit.units:
        yield each
        yield from _below(each)


def _due(session: Session, setup: Setup, unit_ids: Collection[int], until: datetime) -> dict[int, tuple[Due, ...]]:
    """What is due next and still open, by unit; reports of one hour stand together."""
    rules = {duty.id: duty.rule for duty in obligations.duties(session, setup.campaign.code)}
    coming = obligations.coming(session, unit_ids, until, LOOKED_AT)
    return {unit_id: _together(setup, rules, coming.get(unit_id, ())) for unit_id in unit_ids}


def _together(setup: Setup, rules: Mapping[int, dict[str, Any]], coming: Iterable[Coming]) -> tuple[Due, ...]:
    by_moment: dict[datetime, list[dict[str, Any]]] = defaultdict(list)
    for each in coming:
        if each.state == ObligationState.OPEN:
            by_moment[each.due_at].append(rules[each.duty_id])
    return tuple(Due(setup.local(at), tuple(duties)) for at, duties in list(by_moment.items())[:MOST_DUE])
