"""Whom to thank: those with the most posts of each of some units, asked for all at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bot.domain.figures import Count
from bot.storage.figures import ALL, OF_MEDIA, Part, Where, counted
from bot.storage.models import Membership, MembershipState, Post, Unit

Numbers = tuple[int, int]
"""How many posts, and how many of these are media."""


@dataclass(frozen=True, slots=True)
class Contributor:
    """A member, the unit that he is in now, and his posts."""

    membership_id: int
    name: str
    unit: str
    count: Count


def top_contributors(
    session: Session, campaign: str, part: Part, start: datetime, end: datetime, most: int
) -> dict[int, list[Contributor]]:
    """For each unit of the part, those with the most counted posts for it and all below it.

    Of equals the earlier member comes first. Nobody who left, was erased or asked to stay unnamed is among them.
    """
    found = _contributions(session, and_(Post.unit_id.in_(part.rows), counted(campaign, start, end)))
    best = {root_id: _best(found, unit_ids, most) for root_id, unit_ids in part.inside.items()}
    wanted = {id_ for chosen in best.values() for id_, _ in chosen}
    named = (
        select(Membership.id, Membership.full_name, Unit.name).join(Membership.unit).where(Membership.id.in_(wanted))
    )
    names = {id_: (name or "", unit) for id_, name, unit in session.execute(named)}
    return {
        root_id: [Contributor(id_, *names[id_], Count(number - media, media)) for id_, (number, media) in chosen]
        for root_id, chosen in best.items()
    }


def _contributions(session: Session, window: Where) -> dict[int, list[tuple[int, Numbers]]]:
    """By unit, the posts of each member who may be named."""
    nameable = (Membership.named, Membership.state == MembershipState.ACTIVE, Membership.full_name.is_not(None))
    columns = (Post.unit_id, Post.membership_id)
    statement = select(*columns, ALL, OF_MEDIA).join(Post.membership).where(window, *nameable).group_by(*columns)
    found: dict[int, list[tuple[int, Numbers]]] = defaultdict(list)
    for unit_id, id_, number, media in session.execute(statement):
        found[unit_id].append((id_, (number, media)))
    return found


def _best(
    found: Mapping[int, Iterable[tuple[int, Numbers]]], unit_ids: Iterable[int], most: int
) -> list[tuple[int, Numbers]]:
    """The members with the most posts in all of these units together."""
    totals: dict[int, Numbers] = {}
    for unit_id in unit_ids:
        for id_, (number, media) in found.get(unit_id, ()):
            before = totals.get(id_, (0, 0))
            totals[id_] = (before[0] + number, before[1] + media)
    return nsmallest(most, totals.items(), key=lambda each: (-each[1][0], each[0]))
