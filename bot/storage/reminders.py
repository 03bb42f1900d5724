"""Whom to remind of what: open obligations, those who file them and can be reached, and what they were told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.orm import Session

from bot.messages import Address
from bot.storage.models import (
    Account,
    Duty,
    Membership,
    MembershipState,
    Obligation,
    ObligationState,
    OutboxRow,
    Person,
    Post,
    PostState,
    Unit,
)
from bot.storage.people import ROLES_THAT_DECIDE

Where = ColumnElement[bool]


class DutyPeriod(NamedTuple):
    """A period of a duty with its due hour: its steps are the same for all units."""

    duty_id: int
    period: str
    due_at: datetime


class UnitName(NamedTuple):
    """A unit, as it is called."""

    name: str


class Owed(NamedTuple):
    """An obligation of a unit for which this person files; of an object of the session it has only what is told."""

    id: int
    duty: Duty
    period: DutyPeriod
    due_at: datetime
    unit: UnitName
    person_id: int


class Reachable(NamedTuple):
    """Where a person is spoken to, and in which language."""

    to: Address
    language: str


class MemberQuota(NamedTuple):
    """Posts that members owe from `since` on; asked of those let in by then, once, in a message `key` + person.

    `at_least` is by kind of member; the others owe nothing.
    """

    campaign: str
    key: str
    at_least: Mapping[str, int]
    since: datetime
    let_in_by: datetime


def open_periods(
    session: Session, campaign: str, start: datetime, end: datetime
) -> Sequence[tuple[DutyPeriod, datetime]]:
    """The periods due in [start, end) that some unit still owes, and when each opened; the next due first."""
    return _periods(session, start, end, still_open(campaign))


def expected_periods(
    session: Session, campaign: str, start: datetime, end: datetime
) -> Sequence[tuple[DutyPeriod, datetime]]:
    """The same with those that all have filed."""
    expected = and_(Obligation.campaign == campaign, Obligation.state != ObligationState.CLOSED)
    return _periods(session, start, end, expected)


def owed_by(session: Session, people: Collection[int], periods: Mapping[DutyPeriod, Duty]) -> Sequence[Owed]:
    """What is open in these periods of the units for which these people file; the rows are locked, the next first."""
    if not periods:
        return []
    last = max(period.due_at for period in periods)
    # Without the campaign, which the periods tell: with it some databases begin at what all its units owe.
    statement = (
        select(Obligation.id, Obligation.duty_id, Obligation.period, Obligation.due_at, Unit.name, Membership.person_id)
        .select_from(Membership)
        .join(Obligation, Obligation.unit_id == Membership.unit_id)
        .join(Unit, Unit.id == Obligation.unit_id)
        .where(Membership.person_id.in_(people), files())
        .where(Obligation.state == ObligationState.OPEN, Obligation.due_at <= last)
        .order_by(Obligation.due_at, Obligation.id)
        .with_for_update(of=Obligation)
    )
    found = {}
    for id_, duty_id, name, due_at, unit, person_id in session.execute(statement):
        period = DutyPeriod(duty_id, name, due_at)
        if period in periods and person_id:
            found[id_, person_id] = Owed(id_, periods[period], period, due_at, UnitName(unit), person_id)
    return list(found.values())


def behind_quota(
    session: Session, quota: MemberQuota, most: int | None = None, people: Collection[int] | None = None
) -> dict[int, int]:
    """Person → the posts that he still owes; only those who can be reached and were not told of this quota yet."""
    done = func.count(Post.id)
    asked = case(dict(quota.at_least), value=Membership.kind, else_=0)
    counts = and_(
        Post.membership_id == Membership.id, Post.state == PostState.COUNTED, Post.handed_in_at >= quota.since
    )
    statement = (
        select(Membership.person_id, asked - done)
        .join(Unit, Unit.id == Membership.unit_id)
        .outerjoin(Post, counts)
        .where(Unit.campaign == quota.campaign, Membership.state == MembershipState.ACTIVE, _reachable())
        .where(func.coalesce(Membership.decided_at, Membership.created_at) < quota.let_in_by, ~_was_put(quota.key))
        .where(Membership.kind.in_(quota.at_least))
        .group_by(Membership.id, Membership.person_id, Membership.kind)
        .having(done < asked)
        .order_by(Membership.person_id)
        .limit(most)
    )
    if people is not None:
        statement = statement.where(Membership.person_id.in_(people))
    return {person_id: left for person_id, left in session.execute(statement) if person_id}


def deciders(
    session: Session,
    unit_ids: Collection[int],
    key: str,
    most: int | None = None,
    *,
    roles: Collection[str] = ROLES_THAT_DECIDE,
) -> Sequence[Membership]:
    """Admins and coordinators of these units who can be reached and were not told by a message `key` + person."""
    statement = select(Membership).where(Membership.unit_id.in_(unit_ids), files(roles), ~_was_put(key))
    return session.scalars(statement.order_by(Membership.person_id, Membership.id).limit(most)).all()


def account_to_reach(session: Session, person_id: int | None) -> Account | None:
    """The address at which the person can be reached; of several the one that he used last."""
    statement = select(Account).where(Account.person_id == person_id, Account.reachable)
    order = (Account.used_at.desc().nulls_last(), Account.id)
    return session.scalars(statement.order_by(*order).limit(1)).first()


def reachable(session: Session, people: Collection[int]) -> dict[int, Reachable]:
    """By person, what `account_to_reach` has of each; those who cannot be reached are left out."""
    statement = (
        select(Account.person_id, Account.channel, Account.chat, Person.language)
        .join(Account.person)
        .where(Account.person_id.in_(people), Account.reachable)
        .order_by(Account.used_at.desc().nulls_last(), Account.id)
    )
    found: dict[int, Reachable] = {}
    for person_id, channel, chat, language in session.execute(statement):
        found.setdefault(person_id, Reachable(Address(channel, chat), language))
    return found


def duties(session: Session, ids: Collection[int]) -> dict[int, Duty]:
    """Duties by number."""
    return {duty.id: duty for duty in session.scalars(select(Duty).where(Duty.id.in_(ids)))}


def _periods(session: Session, start: datetime, end: datetime, which: Where) -> list[tuple[DutyPeriod, datetime]]:
    statement = (
        select(Obligation.duty_id, Obligation.period, Obligation.due_at, func.min(Obligation.opens_at))
        .where(which, Obligation.due_at >= start, Obligation.due_at < end)
        .group_by(Obligation.duty_id, Obligation.period, Obligation.due_at)
        .order_by(Obligation.due_at, Obligation.duty_id, Obligation.period)
    )
    return [(DutyPeriod(*row[:3]), row[3]) for row in session.execute(statement)]


def still_open(campaign: str) -> Where:
    """An obligation of the campaign that nobody has filed yet."""
    return and_(Obligation.campaign == campaign, Obligation.state == ObligationState.OPEN)


def files(roles: Collection[str] = ROLES_THAT_DECIDE) -> Where:
    """A membership of somebody who files for his unit, or holds one of these roles, and can be reached."""
    return and_(Membership.state == MembershipState.ACTIVE, Membership.role.in_(roles), _reachable())


def _reachable() -> Where:
    return select(Account.id).where(Account.person_id == Membership.person_id, Account.reachable).exists()


def _was_put(key: str) -> Where:
    return select(OutboxRow.id).where(OutboxRow.key == literal(key).concat(Membership.person_id)).exists()
