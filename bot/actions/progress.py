"""How far a member, and his unit, are with what the campaign asks of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.campaigns import Campaign, Quota
from bot.domain.figures import UnitRow
from bot.domain.handins import month_start, week_start
from bot.setup import Setup
from bot.storage import posts
from bot.storage.models import Membership, Unit

MOST_CELLS = 10
DONE, TO_DO = "▓", "░"


def bar_of(done: int, of: int) -> str:
    """“▓▓▓░”: a cell for each of `of`, at least one, ten at most; the last one is full only when all is done."""
    cells = min(of, MOST_CELLS)
    full = min(cells, done * cells // of)
    return DONE * full + TO_DO * (cells - full)


@dataclass(frozen=True, slots=True)
class QuotaProgress:
    """One quota of a `who` (member or unit): `per` week or month, `done` of `at_least`, `left` to go."""

    who: str
    per: str
    done: int
    at_least: int

    @property
    def left(self) -> int:
        """Posts still owed."""
        return max(0, self.at_least - self.done)

    @property
    def bar(self) -> str:
        """“▓▓▓░”: a cell for each post, ten at most; the last one is full only when nothing is left."""
        return bar_of(self.done, self.at_least)


@dataclass(frozen=True, slots=True)
class Progress:
    """Posts that count this week and this month, and the quotas: the member's, then his unit's."""

    week: int
    month: int
    quotas: tuple[QuotaProgress, ...]


def progress(session: Session, setup: Setup, membership: Membership, now: datetime) -> Progress:
    """The member's progress and that of his unit; weeks start on Monday."""
    local = setup.local(now)
    week, month = posts.counted(session, membership.id, week_start(local), month_start(local))
    done = {"week": week, "month": month}
    own = [quota for quota in setup.campaign.quotas if is_for_member(quota, membership.kind)]
    quotas = (*_each(own, done.__getitem__), *unit_quotas(session, setup, membership.unit, now))
    return Progress(week, month, quotas)


def unit_quotas(session: Session, setup: Setup, unit: Unit, now: datetime) -> tuple[QuotaProgress, ...]:
    """The quotas of a unit, met by the posts of its own members; those of units below it are theirs."""
    local = setup.local(now)
    since = {"week": week_start(local), "month": month_start(local)}
    own = [quota for quota in setup.campaign.quotas if is_for_unit(setup.campaign, quota, unit)]
    return _each(own, lambda per: posts.counted_of_unit(session, unit.id, since[per], now))


def is_for_member(quota: Quota, kind: str) -> bool:
    """Whether the quota is asked of members of this kind."""
    return quota.who == "member" and (not quota.kinds or kind in quota.kinds)


def is_for_unit(campaign: Campaign, quota: Quota, unit: Unit | UnitRow) -> bool:
    """Whether the quota is asked of this unit."""
    return quota.who == "unit" and (not quota.types or campaign.is_of(quota.types, unit.type, unit.name))


def _each(quotas: Iterable[Quota], done: Callable[[str], int]) -> tuple[QuotaProgress, ...]:
    return tuple(QuotaProgress(each.who, each.per, done(each.per), each.at_least) for each in quotas)
