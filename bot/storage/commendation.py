"""What is counted for a commendation list: posts by slice of time, reports on time, and who may be named."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.orm import Session

from bot.storage.models import Membership, MembershipState, Obligation, ObligationState, Post, PostState, Unit
from bot.storage.units import below


class Share(NamedTuple):
    """How many counted posts somebody handed in for a unit in one slice of time."""

    unit_id: int
    membership_id: int
    slice: int
    posts: int


def shares(session: Session, campaign: str, root_id: int, starts: Sequence[datetime], end: datetime) -> list[Share]:
    """Counted posts of the unit and all below it, in slices that begin at `starts`, rising; the last ends at `end`."""
    columns = (Post.unit_id, Post.membership_id, _slice(starts, range(len(starts))).label("slice"))
    counted = and_(Post.campaign == campaign, Post.state == PostState.COUNTED, Post.unit_id.in_(below(root_id)))
    statement = select(*columns, func.count()).where(counted, Post.handed_in_at >= starts[0], Post.handed_in_at < end)
    rows = session.execute(statement.group_by(Post.unit_id, Post.membership_id, "slice"))
    return [Share._make(row) for row in rows]


def _slice(starts: Sequence[datetime], among: range) -> ColumnElement[int]:
    """The number of the slice, halved until found: a year has sixty, too many to be tried in turn for every post."""
    if len(among) == 1:
        return literal(among[0])
    middle = len(among) // 2
    earlier = Post.handed_in_at < starts[among[middle]]
    return case((earlier, _slice(starts, among[:middle])), else_=_slice(starts, among[middle:]))


def kept(session: Session, campaign: str, root_id: int, start: datetime, end: datetime) -> dict[int, tuple[int, int]]:
    """By unit, how many reports due in [start, end) were filed on time, and how many were owed at all."""
    on_time = func.count(case((Obligation.state == ObligationState.FILED, 1)))
    owed = (ObligationState.FILED, ObligationState.LATE, ObligationState.OPEN)
    statement = (
        select(Obligation.unit_id, on_time, func.count())
        .where(Obligation.campaign == campaign, Obligation.unit_id.in_(below(root_id)), Obligation.state.in_(owed))
        .where(Obligation.due_at >= start, Obligation.due_at < end)
        .group_by(Obligation.unit_id)
    )
    return {unit: (filed, due) for unit, filed, due in session.execute(statement)}


class Author(NamedTuple):
    """Somebody with posts: `name` is None if he is not to be named, left, or had his data erased."""

    id: int
    name: str | None
    kind: str
    unit: str
    since: datetime


def authors(session: Session, ids: Sequence[int]) -> list[Author]:
    """Who these are."""
    since = func.coalesce(Membership.decided_at, Membership.created_at)
    shown = and_(Membership.named, Membership.state == MembershipState.ACTIVE)
    columns = (Membership.id, case((shown, Membership.full_name)), Membership.kind, Unit.name, since)
    found: list[Author] = []
    for at in range(0, len(ids), _AT_ONCE):
        statement = select(*columns).join(Membership.unit).where(Membership.id.in_(ids[at : at + _AT_ONCE]))
        found += [Author._make(row) for row in session.execute(statement)]
    return found


_AT_ONCE = 5_000  # both databases bind far more values than this in one statement
