"""Broadcasts: who is meant, who is left out and why, and the recipients as they were frozen."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased, contains_eager

from bot.domain.audience import Audience, Groups
from bot.storage.models import (
    GONE,
    Account,
    Broadcast,
    BroadcastState,
    Group,
    Membership,
    MembershipState,
    Obligation,
    ObligationState,
    Person,
    Post,
    Recipient,
    RecipientState,
    Unit,
)
from bot.storage.units import below

MOST_EXAMPLES = 5
NOT_REACHED = (RecipientState.FAILED, RecipientState.LEFT_OUT, RecipientState.STOPPED)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an audience is looked up with: the campaign, when this week and this day began, the fixed text if any.

    Only accounts on one of `channels` can be reached now; on any, if none is named.
    """

    campaign: str
    week: datetime
    day: datetime
    template: str | None = None
    channels: tuple[str, ...] = ()


class Example(NamedTuple):
    """Somebody of an audience; a group has its title and no unit."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of a broadcast now. `left_out` is reason → how many and who, for example.

    `channels` is how many get it where, groups among them.
    """

    people: int
    groups: int
    examples: tuple[Example, ...]
    left_out: dict[str, tuple[int, tuple[Example, ...]]]
    channels: dict[str, int]

    @property
    def reach(self) -> int:
        return self.people + self.groups


def preview(session: Session, audience: Audience, scope: Scope) -> Preview:
    """How many would get it, five examples, and who is left out and why."""
    people, groups = _people(audience, scope).subquery(), _groups(audience, scope).subquery()
    counts, grouped = _counts(session, people), _counts(session, groups)
    both = counts + grouped
    left_out = {
        reason: (
            sum(count for (each, _), count in both.items() if each == reason),
            _examples(session, people, groups, people.c.reason == reason, groups.c.reason == reason),
        )
        for reason in dict.fromkeys(reason for reason, _ in both if reason)
    }
    examples = _examples(session, people, groups, people.c.reason.is_(None), groups.c.reason.is_(None))
    told = {channel or "": count for (reason, channel), count in both.items() if reason is None}
    n_people, n_groups = (sum(n for (reason, _), n in found.items() if reason is None) for found in (counts, grouped))
    return Preview(n_people, n_groups, examples, left_out, told)


def freeze(session: Session, broadcast: Broadcast, audience: Audience, scope: Scope) -> None:
    """Write down who gets it, once each, and who is left out."""
    columns = ["broadcast_id", "person_id", "membership_id", "group_id", "channel", "chat", "reason", "state"]
    for found in (_people(audience, scope).subquery(), _groups(audience, scope).subquery()):
        state = case((found.c.reason.is_(None), RecipientState.WAITING.value), else_=RecipientState.LEFT_OUT.value)
        rows = select(literal(broadcast.id), *(found.c[name] for name in columns[1:-1]), state)
        session.execute(insert(Recipient).from_select(columns, rows.order_by(found.c.place)))


def _counts(session: Session, found: Subquery) -> Counter[tuple[str | None, str | None]]:
    """(Why not, on which channel) → how many."""
    statement = select(found.c.reason, found.c.channel, func.count()).group_by(found.c.reason, found.c.channel)
    return Counter({(row[0], row[1]): row[2] for row in session.execute(statement)})


def _examples(
    session: Session, people: Subquery, groups: Subquery, which: ColumnElement[bool], groups_which: ColumnElement[bool]
) -> tuple[Example, ...]:
    named = (
        select(Membership.full_name, Unit.name)
        .join(people, people.c.membership_id == Membership.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(which)
        .order_by(people.c.place)
        .limit(MOST_EXAMPLES)
    )
    titled = select(Group.title).join(groups, groups.c.group_id == Group.id).where(groups_which).limit(MOST_EXAMPLES)
    found = [Example(name or "", unit) for name, unit in session.execute(named)]
    found += [Example(title, "") for title in session.scalars(titled)]
    return tuple(found[:MOST_EXAMPLES])


def _people(audience: Audience, scope: Scope) -> Select[Any]:
    """One row for each person (place, ids, address, reason to leave him out); a roster's row without one counts too."""
    one = func.row_number().over(
        partition_by=func.coalesce(Membership.person_id, -Membership.id),
        order_by=(Membership.state != MembershipState.ACTIVE, Membership.id),
    )
    members = select(Membership.id, Membership.person_id, Membership.state, one.label("rank"))
    members = members.join(Unit, Unit.id == Membership.unit_id)
    chosen = members.where(*_who(audience, scope)).subquery()
    # A window over all accounts would be gone through once for each person: SQLite makes no index of it.
    best = _best_account(chosen.c.person_id, scope)
    told = _told_today(scope, chosen.c.person_id)
    reason = case(
        (chosen.c.state == MembershipState.LEFT, "left"),
        (Account.chat.is_(None), "no_account"),
        (_opted_out(audience, scope), "opted_out"),
        (~Account.reachable, "blocked"),
        (told, "told_today"),
    )
    return (
        select(
            chosen.c.id.label("place"),
            chosen.c.person_id,
            chosen.c.id.label("membership_id"),
            cast(null(), Integer).label("group_id"),
            Account.channel,
            Account.chat,
            reason.label("reason"),
        )
        .select_from(chosen)
        .outerjoin(Person, Person.id == chosen.c.person_id)
        .outerjoin(Account, Account.id == best)
        .where(chosen.c.rank == 1)
    )


def _best_account(person: ColumnElement[int], scope: Scope) -> ScalarSelect[int]:
    """Where the person can be reached, best where he was last."""
    account = aliased(Account)
    statement = select(account.id).where(account.person_id == person)
    if scope.channels:
        statement = statement.where(account.channel.in_(scope.channels))
    used = func.coalesce(account.used_at, account.created_at)
    return statement.order_by(account.reachable.desc(), used.desc(), account.id).limit(1).scalar_subquery()


def _groups(audience: Audience, scope: Scope) -> Select[Any]:
    """The same of the units' groups."""
    reason = case((~Group.present, "left"))
    nobody = [cast(null(), Integer).label(name) for name in ("person_id", "membership_id")]
    columns: list[Any] = [Group.id.label("place"), *nobody, Group.id.label("group_id"), Group.channel, Group.chat]
    statement: Select[Any] = select(*columns, reason.label("reason")).join(Unit, Unit.id == Group.unit_id)
    if audience.groups is Groups.NONE:
        return statement.where(~true())
    listed = [Unit.id.in_(_below_any(audience.units))] if audience.units or audience.people else []
    return statement.where(*_where(audience, scope), *listed)


def _who(audience: Audience, scope: Scope) -> list[ColumnElement[bool]]:
    states = [MembershipState.ACTIVE, MembershipState.LISTED]
    if audience.people:
        states.append(MembershipState.LEFT)  # whoever was named is told of, even when he is gone
    found = [*_where(audience, scope), Membership.state.in_(states)]
    if audience.groups is Groups.INSTEAD:
        found.append(~true())
    if audience.roles:
        found.append(Membership.role.in_(audience.roles))
    if audience.kinds:
        found.append(Membership.kind.in_(audience.kinds))
    if audience.units or audience.people:
        found.append(or_(Unit.id.in_(_below_any(audience.units)), Membership.id.in_(audience.people)))
    if audience.no_post:
        posted = and_(Post.membership_id == Membership.id, Post.handed_in_at >= scope.week, Post.state.not_in(GONE))
        found.append(~select(Post.id).where(posted).exists())
    if audience.not_reached is not None:
        before = (Recipient.broadcast_id == audience.not_reached, Recipient.state.in_(NOT_REACHED))
        found.append(Membership.id.in_(select(Recipient.membership_id).where(*before)))
    return found


def _where(audience: Audience, scope: Scope) -> list[ColumnElement[bool]]:
    """Which units."""
    found = [Unit.campaign == scope.campaign, Unit.id.in_(below(audience.root))]
    if audience.unit_types:
        found.append(Unit.type.in_(audience.unit_types))
    still_open = and_(Obligation.unit_id == Unit.id, Obligation.state == ObligationState.OPEN)
    if audience.missing:
        duty, period = audience.missing
        of_duty = (Obligation.duty_id == duty, Obligation.period == period)
        found.append(select(Obligation.id).where(still_open, *of_duty).exists())
    if audience.late is not None:
        due = Obligation.due_at == datetime.fromtimestamp(audience.late, UTC)
        found += [select(Obligation.id).where(still_open, due).exists(), Unit.id != audience.root]
    return found


def _below_any(unit_ids: Collection[int]) -> Select[Any]:
    tree = select(Unit.id).where(Unit.id.in_(unit_ids)).cte("listed", recursive=True)
    tree = tree.union_all(select(Unit.id).join(tree, Unit.parent_id == tree.c.id))
    return select(tree.c.id)


def _opted_out(audience: Audience, scope: Scope) -> ColumnElement[bool]:
    return ~true() if scope.template or audience.is_duty else ~Person.wants_broadcasts


def _told_today(scope: Scope, person: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the person got the same fixed text today."""
    if scope.template is None:
        return ~true()
    told = (
        select(Recipient.id)
        .join(Broadcast, Broadcast.id == Recipient.broadcast_id)
        .where(Broadcast.template == scope.template, Broadcast.started_at >= scope.day, Recipient.person_id == person)
        .where(Recipient.state.not_in(NOT_REACHED))
    )
    return told.exists()


def locked(session: Session, broadcast_id: int) -> Broadcast | None:
    """The broadcast as it is now; nobody else changes it before the caller's transaction ends."""
    return session.get(Broadcast, broadcast_id, with_for_update=True, populate_existing=True)


def in_state(session: Session, campaign: str, *states: BroadcastState) -> Sequence[Broadcast]:
    """The campaign's broadcasts in these states, oldest first; locked, but for those that somebody else holds."""
    statement = select(Broadcast).where(Broadcast.campaign == campaign, Broadcast.state.in_(states))
    return session.scalars(statement.order_by(Broadcast.id).with_for_update(skip_locked=True, of=Broadcast)).all()


def active_like(session: Session, broadcast: Broadcast, states: Collection[BroadcastState]) -> Broadcast | None:
    """Another broadcast with the same digest in one of these states."""
    same = (Broadcast.digest == broadcast.digest, Broadcast.state.in_(states), Broadcast.id != broadcast.id)
    return session.scalar(select(Broadcast).where(*same).limit(1))


def below_unit(session: Session, campaign: str, unit_id: int, before: int | None, most: int) -> Sequence[Broadcast]:
    """The latest broadcasts of this unit and all below it, the newest first."""
    statement = (
        select(Broadcast)
        .join(Unit, Unit.id == Broadcast.unit_id)
        .where(Broadcast.campaign == campaign, Broadcast.unit_id.in_(below(unit_id)), Broadcast.template.is_(None))
        .options(contains_eager(Broadcast.unit))
    )
    if before:
        statement = statement.where(Broadcast.id < before)
    return session.scalars(statement.order_by(Broadcast.id.desc()).limit(most)).all()


def sent_by(session: Session, memberships: Collection[int]) -> Sequence[Broadcast]:
    """What these members wrote to many, oldest first."""
    statement = select(Broadcast).where(Broadcast.by_id.in_(memberships)).order_by(Broadcast.id)
    return session.scalars(statement).all()
