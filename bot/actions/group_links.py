"""A group chat becomes that of a unit once an admin of the unit, who administers the group as well, asks for it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages import Address, Priority
from bot.setup import Setup
from bot.speech import say
from bot.storage import obligations, people, units
from bot.storage.audit import Actor, acting
from bot.storage.models import Group, Membership, MembershipState, Unit


def unit_of(session: Session, setup: Setup, group: Group, now: datetime) -> Unit | None:
    """The unit whose chat the group is; one that was closed holds no group any more."""
    unit = session.get(Unit, group.unit_id) if group.unit_id else None
    return unit if unit and obligations.alive_on(unit, setup.today(now)) else None


def decides(member: Membership | None, unit: Unit, now: datetime) -> bool:
    """Whether this is an admin of the unit or of one above it, or stands in for one at this moment."""
    if member is None or member.state != MembershipState.ACTIVE:
        return False
    return people.role_at(member, now) in people.ROLES_THAT_DECIDE and units.is_within(unit, member.unit_id)


def ask(group: Group, member: Membership) -> None:
    """Have the messenger asked whether the member administers the group; `settle` goes on with its answer."""
    group.unit_id, group.linked_by_id = None, member.id


def undo(group: Group) -> None:
    """The group is nobody's any more."""
    group.unit_id = group.linked_by_id = None
    group.summaries = True


def settle(session: Session, setup: Setup, group_id: int, admins: Collection[str] | None, now: datetime) -> None:
    """Tie the group to the unit of who asked, if he is one of its `admins`; None if the messenger did not say."""
    group = session.get(Group, group_id, with_for_update=True)
    if group is None or group.unit_id is not None or group.linked_by_id is None:
        return
    member = session.get_one(Membership, group.linked_by_id)
    to, language = Address(group.channel, group.chat), member.person.language if member.person else "vi"
    if not decides(member, member.unit, now):
        group.linked_by_id = None
    elif admins is None:
        group.linked_by_id = None
        say(session, setup, to, language, "summaries/not_checked", now)
    elif not _is_among(session, member, group.channel, admins):
        group.linked_by_id = None
        say(session, setup, to, language, "summaries/not_group_admin", now)
    else:
        with acting(session, Actor(member.unit.campaign, member.id, group.channel, "@lienket", now)):
            group.unit_id, group.summaries = member.unit_id, True
        say(session, setup, to, language, "summaries/linked", now, unit=member.unit.name)


def follow(session: Session, setup: Setup, now: datetime) -> int:
    """Give groups of closed units to the one successor, free the others; how many, each told in one line."""
    today = setup.today(now)
    found = _left_in_closed(session, setup.campaign.code, today)
    for group in found:
        old, language = session.get_one(Unit, group.unit_id), _language(session, group)
        new = _successor(session, old, today)
        if new:
            group.unit_id = new.id
        else:
            undo(group)
        if group.present:
            to, key = Address(group.channel, group.chat), f"group_follows:{group.id}:{old.id}"
            values: dict[str, Any] = {"unit": old.name, "successor": new.name if new else None}
            values["divided"] = bool(units.successors(session, old.id))
            say(session, setup, to, language, "summaries/follows", now, priority=Priority.REMINDER, key=key, **values)
    session.flush()
    return len(found)


def hold(session: Session, unit_ids: Collection[int]) -> bool:
    """Whether some group is that of one of these units."""
    return session.scalar(select(Group.id).where(Group.unit_id.in_(unit_ids)).limit(1)) is not None


def _left_in_closed(session: Session, campaign: str, day: date) -> Sequence[Group]:
    """Groups of units that were closed by this day; locked."""
    statement = (
        select(Group)
        .join(Unit, Unit.id == Group.unit_id)
        .where(Unit.campaign == campaign, Unit.closed_on <= day)
        .order_by(Group.id)
    )
    return session.scalars(statement.with_for_update(skip_locked=True, of=Group)).all()


def _successor(session: Session, unit: Unit, day: date) -> Unit | None:
    """The one living unit that this one went into, maybe through others; None if there is not just one."""
    while unit.closed_on and unit.closed_on <= day:
        found = units.successors(session, unit.id)
        if len(found) != 1:
            return None
        unit = found[0]
    return unit


def _language(session: Session, group: Group) -> str:
    """That of who tied the group to its unit."""
    member = session.get(Membership, group.linked_by_id) if group.linked_by_id else None
    return member.person.language if member and member.person else "vi"


def _is_among(session: Session, member: Membership, channel: str, admins: Collection[str]) -> bool:
    accounts = people.accounts_of(session, member.person_id) if member.person_id else ()
    return any(each.channel == channel and each.chat in admins for each in accounts)
