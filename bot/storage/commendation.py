"""What is counted for a commendation list: posts by slice of time, reports on time, and who may be named."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, select
from sqlalchemy.orm import Session

from bot.storage.models import Membership, MembershipState, Obligation, ObligationState, Post, PostState, Unit
from bot.storage.units import below

Spans = Sequence[Sequence[datetime]]
"""Lists of moments, each rising and not empty, at which spans of time begin."""


def of_units(
    session: Session, campaign: str, root_id: int, starts: Sequence[datetime], end: datetime
) -> dict[int, dict[int, int]]:
    """By unit, root and all below it, its counted posts by slice of time, without those of the units below it.

    Slices begin at `starts`, rising; the last ends at `end`. Those without posts are left out.
    """
    slice_ = _slice(Post.handed_in_at, starts, range(len(starts))).label("slice")
    statement = select(Post.unit_id, slice_, func.count()).where(_window(campaign, root_id, starts[0], end))
    found: dict[int, dict[int, int]] = {}
    for unit_id, number, posts in session.execute(statement.group_by(Post.unit_id, "slice")):
        found.setdefault(unit_id, {})[number] = posts
    return found


def of_people(session: Session, campaign: str, root_id: int, start: datetime, end: datetime) -> dict[int, int]:
    """By membership, how many counted posts it handed in for the unit and all below it."""
    window = _window(campaign, root_id, start, end)
    return _pairs(session, select(Post.membership_id, func.count()).where(window).group_by(Post.membership_id))


Author = Row[*tuple[Any, ...]]
"""Somebody with posts: his number and kind; whether he may be named, which who left or had his data erased may not;
whether he was there before; his posts; for each list of spans how many had begun when he was let in."""


def authors(
    session: Session, campaign: str, root_id: int, start: datetime, end: datetime, before: datetime, spans: Spans
) -> Sequence[Author]:
    """Who handed in posts for the unit and all below it from `start` to before `end`."""
    window = _window(campaign, root_id, start, end)
    handed_in = select(Post.membership_id, func.count().label("posts")).where(window).group_by(Post.membership_id)
    own = handed_in.subquery()
    shown = and_(Membership.named, Membership.state == MembershipState.ACTIVE, Membership.full_name.is_not(None))
    columns = (Membership.id, Membership.kind, shown, before >= _SINCE, own.c.posts)
    missed = [_missed(starts, range(len(starts) + 1)) for starts in spans]
    statement = select(*columns, *missed).join(own, own.c.membership_id == Membership.id)
    return session.execute(statement).all()


def names(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """The name of each member, and that of his unit."""
    found: dict[int, tuple[str, str]] = {}
    for at in range(0, len(ids), _AT_ONCE):
        statement = select(Membership.id, Membership.full_name, Unit.name).join(Membership.unit)
        for id_, name, unit in session.execute(statement.where(Membership.id.in_(ids[at : at + _AT_ONCE]))):
            found[id_] = name or "", unit
    return found


def spans_reached(
    session: Session, campaign: str, root_id: int, starts: Sequence[datetime], end: datetime, at_least: int
) -> dict[int, int]:
    """By membership, in how many spans of time it handed in so many of these posts: only those since it was let in.

    Spans begin at `starts`, rising, at least one; the last ends at `end`. Memberships without any are left out.
    """
    span = _slice(Post.handed_in_at, starts, range(len(starts))).label("span")
    window = _window(campaign, root_id, starts[0], end)
    each = select(Post.membership_id, span).where(window).group_by(Post.membership_id, "span")
    enough = each.having(func.count() >= at_least).subquery()
    since_then = enough.c.span >= _missed(starts, range(len(starts) + 1))
    statement = select(Membership.id, func.count()).join(enough, enough.c.membership_id == Membership.id)
    return _pairs(session, statement.where(since_then).group_by(Membership.id))


def _pairs(session: Session, statement: Select[int, int]) -> dict[int, int]:
    return dict(session.execute(statement).all())


_SINCE = func.coalesce(Membership.decided_at, Membership.created_at)


def _window(campaign: str, root_id: int, start: datetime, end: datetime) -> ColumnElement[bool]:
    counted = and_(Post.campaign == campaign, Post.state == PostState.COUNTED, Post.unit_id.in_(below(root_id)))
    return and_(counted, Post.handed_in_at >= start, Post.handed_in_at < end)


def _slice(at: ColumnElement[datetime] | Any, starts: Sequence[datetime], among: range) -> ColumnElement[int]:
    """The number of the slice, halved until found: a year has sixty, too many to be tried in turn for every post."""
    if len(among) == 1:
        return literal(among[0])
    middle = len(among) // 2
    earlier = at < starts[among[middle]]
    return case((earlier, _slice(at, starts, among[:middle])), else_=_slice(at, starts, among[middle:]))


def _missed(starts: Sequence[datetime], among: range) -> ColumnElement[int]:
    """How many of the spans had begun when a member was let in, found in the same way."""
    if len(among) == 1:
        return literal(among[0])
    middle = len(among) // 2
    fewer = starts[among[middle] - 1] >= _SINCE
    return case((fewer, _missed(starts, among[:middle])), else_=_missed(starts, among[middle:]))


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


_AT_ONCE = 5_000  # both databases bind far more values than this in one statement
