"""A group chat becomes that of a unit once an admin of the unit, who administers the group as well, asks for it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from bot.messages import Address
from bot.setup import Setup
from bot.speech import say
from bot.storage import obligations, people, units
from bot.storage.models import Group, Membership, MembershipState, Unit


def unit_of(session: Session, setup: Setup, group: Group, now: datetime) -> Unit | None:
    """The unit whose chat the group is; one that was closed holds no group any more."""
    unit = session.get(Unit, group.unit_id) if group.unit_id else None
    return unit if unit and obligations.alive_on(unit, setup.today(now)) else None


def decides(member: Membership | None, unit: Unit) -> bool:
    """Whether this is an admin of the unit or of one above it."""
    if member is None or member.state != MembershipState.ACTIVE or member.role not in people.ROLES_THAT_DECIDE:
        return False
    return units.is_within(unit, member.unit_id)


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
    if not decides(member, member.unit):
        group.linked_by_id = None
    elif admins is None:
        group.linked_by_id = None
        say(session, setup, to, language, "summaries/not_checked", now)
    elif not _is_among(session, member, group.channel, admins):
        group.linked_by_id = None
        say(session, setup, to, language, "summaries/not_group_admin", now)
    else:
        group.unit_id, group.summaries = member.unit_id, True
        say(session, setup, to, language, "summaries/linked", now, unit=member.unit.name)


def _is_among(session: Session, member: Membership, channel: str, admins: Collection[str]) -> bool:
    accounts = people.accounts_of(session, member.person_id) if member.person_id else ()
    return any(each.channel == channel and each.chat in admins for each in accounts)
