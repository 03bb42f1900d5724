"""Group chats tied to units, who gets the weekly summary, and what only a summary counts."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from bot.messages import Address
from bot.storage.figures import counted
from bot.storage.models import (
    Account,
    Group,
    Membership,
    MembershipState,
    OutboxRow,
    Person,
    Post,
    Unit,
)
from bot.storage.people import ROLES_THAT_DECIDE


def group_at(session: Session, chat: Address, now: datetime) -> Group:
    """The group at this address, where the bot is: one from before it kept groups is written down."""
    group = session.scalar(select(Group).where(Group.channel == chat.channel, Group.chat == chat.chat))
    if group is None:
        group = Group(channel=chat.channel, chat=chat.chat, title="", added_at=now)
        session.add(group)
    group.present = True
    session.flush()
    return group


def asked(session: Session) -> Sequence[Group]:
    """Groups that somebody wants to tie to his unit, and of which nobody knows yet whether he administers them."""
    wanted = (Group.present, Group.unit_id.is_(None), Group.linked_by_id.is_not(None))
    return session.scalars(select(Group).where(*wanted).order_by(Group.id)).all()


def tied(session: Session, campaign: str, day: date) -> Iterator[tuple[int, Group, str | None]]:
    """Units alive on `day`, their groups that get the summary, and the language of who tied each, if he is there."""
    statement = (
        select(Unit.id, Group, Person.language)
        .join(Unit, Unit.id == Group.unit_id)
        .outerjoin(Membership, Membership.id == Group.linked_by_id)
        .outerjoin(Membership.person)
        .where(Group.present, Group.summaries, Unit.campaign == campaign, _is_alive(day))
        .order_by(Group.id)
    )
    return ((unit_id, group, language) for unit_id, group, language in session.execute(statement))


def admins(session: Session, campaign: str, day: date) -> Iterator[tuple[int, int, Address, str]]:
    """Units alive on `day`, their admins and coordinators who can be reached: person, address and language of each.

    The newest membership of each comes first.
    """
    statement = (
        select(Membership.unit_id, Account.person_id, Account.channel, Account.chat, Person.language)
        .select_from(Membership)
        .join(Membership.unit)
        .join(Membership.person)
        .join(Account, Account.person_id == Membership.person_id)
        .where(Membership.state == MembershipState.ACTIVE, Membership.role.in_(ROLES_THAT_DECIDE))
        .where(Unit.campaign == campaign, _is_alive(day), Account.reachable)
        .order_by(Membership.id.desc(), Account.id)
    )
    return ((row[0], row[1], Address(row[2], row[3]), row[4]) for row in session.execute(statement))


def put_at(session: Session, keys: Collection[str]) -> dict[str, datetime]:
    """Those of the keys under which a message is queued or was sent, and when each was queued."""
    statement = select(OutboxRow.key, OutboxRow.created_at).where(OutboxRow.key.in_(keys))
    return {key: at for key, at in session.execute(statement) if key is not None}


def last_put(session: Session, prefix: str) -> datetime | None:
    """When the last of them was queued."""
    return session.scalar(
        select(func.max(OutboxRow.created_at)).where(OutboxRow.key.startswith(prefix, autoescape=True))
    )


def members_reaching(
    session: Session,
    campaign: str,
    unit_ids: Collection[int],
    start: datetime,
    until: datetime,
    at_least: int,
    kinds: Sequence[str] = (),
) -> dict[int, tuple[int, int]]:
    """By unit, its active members with so many counted posts from `start` to before `until`, and all of them.

    `kinds` leaves members of other kinds out. Posts for other units count, too: he owes them, not the unit.
    """
    done = select(func.count(Post.id)).where(Post.membership_id == Membership.id, counted(campaign, start, until))
    reached = func.sum(case((done.correlate(Membership).scalar_subquery() >= at_least, 1), else_=0))
    here = [Membership.unit_id.in_(unit_ids), Membership.state == MembershipState.ACTIVE]
    here += [Membership.kind.in_(kinds)] if kinds else []
    statement = select(Membership.unit_id, reached, func.count()).where(*here).group_by(Membership.unit_id)
    return {unit_id: (int(enough), number) for unit_id, enough, number in session.execute(statement)}


def members_behind(
    session: Session,
    campaign: str,
    unit_ids: Collection[int],
    start: datetime,
    until: datetime,
    at_least: int,
    kinds: Sequence[str] = (),
) -> dict[int, list[str]]:
    """By unit, the names of those of `members_reaching` who have fewer posts: the fewest first, then by name."""
    done = select(func.count(Post.id)).where(Post.membership_id == Membership.id, counted(campaign, start, until))
    number = done.correlate(Membership).scalar_subquery()
    here = [Membership.unit_id.in_(unit_ids), Membership.state == MembershipState.ACTIVE, number < at_least]
    here += [Membership.kind.in_(kinds)] if kinds else []
    statement = select(Membership.unit_id, Membership.full_name).where(*here)
    found: dict[int, list[str]] = {}
    for unit_id, name in session.execute(statement.order_by(number, Membership.folded, Membership.id)):
        found.setdefault(unit_id, []).append(name or "")
    return found


def _is_alive(day: date) -> ColumnElement[bool]:
    opened = or_(Unit.opened_on.is_(None), Unit.opened_on <= day)
    return opened & or_(Unit.closed_on.is_(None), Unit.closed_on > day)
