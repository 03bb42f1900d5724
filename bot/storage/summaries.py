"""Group chats tied to units, who gets the weekly summary, and what only a summary counts."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from bot.messages import Address
from bot.storage.models import (
    Account,
    Group,
    Membership,
    MembershipState,
    OutboxRow,
    Person,
    Post,
    PostState,
    Unit,
)
from bot.storage.people import ROLES_THAT_DECIDE
from bot.storage.units import below


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


def admins(session: Session, campaign: str, day: date) -> Iterator[tuple[int, Account, str]]:
    """Units alive on `day`, their admins and coordinators who can be reached, and the language of each.

    The newest membership of each comes first.
    """
    statement = (
        select(Membership.unit_id, Account, Person.language)
        .join(Membership.unit)
        .join(Membership.person)
        .join(Account, Account.person_id == Membership.person_id)
        .where(Membership.state == MembershipState.ACTIVE, Membership.role.in_(ROLES_THAT_DECIDE))
        .where(Unit.campaign == campaign, _is_alive(day), Account.reachable)
        .order_by(Membership.id.desc(), Account.id)
    )
    return ((unit_id, account, language) for unit_id, account, language in session.execute(statement))


def keys_put(session: Session, prefix: str) -> dict[str, datetime]:
    """The keys of queued or sent messages that begin so, and when each was queued."""
    statement = select(OutboxRow.key, OutboxRow.created_at).where(OutboxRow.key.startswith(prefix, autoescape=True))
    return {key: at for key, at in session.execute(statement) if key is not None}


def last_put(session: Session, prefix: str) -> datetime | None:
    """When the last of them was queued."""
    return session.scalar(
        select(func.max(OutboxRow.created_at)).where(OutboxRow.key.startswith(prefix, autoescape=True))
    )


def may_be_named(session: Session, membership_ids: Sequence[int]) -> set[int]:
    """Those of them who are still members and did not ask to stay unnamed."""
    named = (Membership.named, Membership.state == MembershipState.ACTIVE)
    return set(session.scalars(select(Membership.id).where(Membership.id.in_(membership_ids), *named)))


def members_reaching(
    session: Session,
    campaign: str,
    root_id: int,
    start: datetime,
    end: datetime,
    day: date,
    at_least: int,
    kinds: Sequence[str] = (),
) -> tuple[int, int]:
    """Active members of the unit and all below it with so many counted posts from `start` to before `end`, and all.

    `kinds` leaves members of other kinds out.
    """
    here = [Membership.unit_id.in_(below(root_id)), Membership.state == MembershipState.ACTIVE, _is_alive(day)]
    here += [Membership.kind.in_(kinds)] if kinds else []
    everybody = select(func.count()).select_from(Membership).join(Membership.unit).where(*here)
    window = (Post.handed_in_at >= start, Post.handed_in_at < end)
    reached = (
        select(Membership.id)
        .join(Membership.unit)
        .join(Post, Post.membership_id == Membership.id)
        .where(*here, *window, Post.campaign == campaign, Post.state == PostState.COUNTED)
        .group_by(Membership.id)
        .having(func.count() >= at_least)
    )
    number = session.scalar(select(func.count()).select_from(reached.subquery()))
    return number or 0, session.scalar(everybody) or 0


def _is_alive(day: date) -> ColumnElement[bool]:
    opened = or_(Unit.opened_on.is_(None), Unit.opened_on <= day)
    return opened & or_(Unit.closed_on.is_(None), Unit.closed_on > day)
