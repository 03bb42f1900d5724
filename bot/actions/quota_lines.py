"""How far units are with what the campaign asks of them and of their members, for many units at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.actions.progress import QuotaProgress, bar_of, is_for_unit
from bot.campaigns import Kind, Quota, UnitType
from bot.domain.handins import month_start, week_start
from bot.setup import Setup
from bot.storage import summaries as storage
from bot.storage.figures import Part, own_totals, part_of
from bot.storage.models import Unit

MOST_BEHIND = 3
Reached = tuple[int, int]
"""How many have reached a quota, and of how many."""


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """How many of the members, or of the units, have reached a quota; `whom` names their kinds or types, if not all.

    `behind` names the first of the unit's own members who have not, those furthest from it before others; `more` is
    how many others there are. Only who decides over the unit may see them: the texts name nobody unless told to.
    """

    quota: Quota
    reached: int
    of: int
    whom: tuple[Kind | UnitType, ...] = ()
    behind: tuple[str, ...] = ()
    more: int = 0

    @property
    def bar(self) -> str:
        """“▓▓▓░”: how many of them all."""
        return bar_of(self.reached, self.of) if self.of else ""


def reached_quotas(session: Session, setup: Setup, unit: Unit, now: datetime) -> tuple[QuotaLine, ...]:
    """How far the unit and all below it are with each quota that is asked of somebody there but of the unit alone."""
    part = part_of(session, [unit.id], setup.today(now))
    return of_part(session, setup, part, setup.local(now))[unit.id]


def of_part(session: Session, setup: Setup, part: Part, until: datetime) -> dict[int, tuple[QuotaLine, ...]]:
    """For each unit of the part what `reached_quotas` has of it, up to `until`, a local time."""
    found = [reached(session, setup, part, quota, until) for quota in setup.campaign.quotas]
    return {
        root_id: tuple(line for line in (lines[root_id] for lines in found) if _asks_others(setup, line, part, root_id))
        for root_id in part.inside
    }


def reached(session: Session, setup: Setup, part: Part, quota: Quota, until: datetime) -> dict[int, QuotaLine]:
    """How far each unit of the part, with all below it, is with a quota in the week or month up to `until`."""
    by_unit, whom = _by_unit(session, setup, part, quota, until), _whom(setup, quota)
    behind = _behind(session, setup, part, quota, until)
    lines = {}
    for root_id, unit_ids in part.inside.items():
        there = [by_unit[unit_id] for unit_id in unit_ids if unit_id in by_unit]
        names = behind.get(root_id, [])
        enough, of = sum(enough for enough, _ in there), sum(of for _, of in there)
        more = max(0, len(names) - MOST_BEHIND)
        lines[root_id] = QuotaLine(quota, enough, of, whom, tuple(names[:MOST_BEHIND]), more)
    return lines


def own_quotas(session: Session, setup: Setup, part: Part, now: datetime) -> dict[int, tuple[QuotaProgress, ...]]:
    """For each unit of the part what `unit_quotas` has of it."""
    campaign = setup.campaign
    asked = [each for each in campaign.quotas if each.who == "unit"]
    done = {per: _done(session, setup, part, per, setup.local(now)) for per in {each.per for each in asked}}
    return {
        root_id: tuple(
            QuotaProgress(each.who, each.per, done[each.per].get(root_id, 0), each.at_least)
            for each in asked
            if is_for_unit(campaign, each, part.rows[root_id])
        )
        for root_id in part.inside
    }


def _by_unit(session: Session, setup: Setup, part: Part, quota: Quota, until: datetime) -> Mapping[int, Reached]:
    """By unit, without those below it: its members, or the unit itself, if the quota is asked of it."""
    if quota.who == "member":
        start, code = _start(quota.per, until), setup.campaign.code
        return storage.members_reaching(session, code, part.alive, start, until, quota.at_least, quota.kinds)
    asked = [id_ for id_ in part.alive if is_for_unit(setup.campaign, quota, part.rows[id_])]
    done = _done(session, setup, part, quota.per, until)
    return {unit_id: (int(done.get(unit_id, 0) >= quota.at_least), 1) for unit_id in asked}


def _behind(session: Session, setup: Setup, part: Part, quota: Quota, until: datetime) -> Mapping[int, list[str]]:
    """By unit that was asked for, its own members who have not reached the quota."""
    if quota.who != "member":
        return {}
    start, code = _start(quota.per, until), setup.campaign.code
    asked = [each for each in part.inside if each in part.alive]
    return storage.members_behind(session, code, asked, start, until, quota.at_least, quota.kinds)


def _asks_others(setup: Setup, line: QuotaLine, part: Part, unit_id: int) -> bool:
    return line.of > is_for_unit(setup.campaign, line.quota, part.rows[unit_id])


def _done(session: Session, setup: Setup, part: Part, per: str, until: datetime) -> dict[int, int]:
    """By unit, the posts of its own members up to and at `until`, a local time."""
    end = until + timedelta(microseconds=1)
    return own_totals(session, setup.campaign.code, part, _start(per, until), end)


def _start(per: str, until: datetime) -> datetime:
    return week_start(until) if per == "week" else month_start(until)


def _whom(setup: Setup, quota: Quota) -> tuple[Kind | UnitType, ...]:
    campaign = setup.campaign
    kinds = [kind for kind in campaign.membership.kinds if kind.code in quota.kinds]
    types = [campaign.class_named(each) for each in quota.types]
    return (*kinds, *(row for row in types if row))
