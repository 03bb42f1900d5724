"""Giving and taking roles: nobody gives more than he has, nor changes his own role or that of an equal."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.buttons import Tap
from bot.messages import Priority
from bot.setup import Setup
from bot.speech import say, say_to_account, say_to_person
from bot.storage import holders, operators, people, reviews, units
from bot.storage.audit import Actor, acting
from bot.storage.holders import RANK
from bot.storage.models import Membership, MembershipState, Role, Unit

GIVEN = (Role.DEPUTY, Role.UNIT_ADMIN, Role.COORDINATOR)
LONGEST_DEPUTY = timedelta(days=366)
AT_ONCE = 50
MOST_NAMES = 10
CLOCK = "clock"


def gives(by: Membership, now: datetime) -> bool:
    """Whether this member may give roles at all: admins and coordinators may, a deputy may not."""
    return by.state == MembershipState.ACTIVE and people.role_at(by, now) in (Role.UNIT_ADMIN, Role.COORDINATOR)


def may_give(by: Membership, unit: Unit, role: Role, now: datetime) -> bool:
    """Whether he may give this role in this unit: his own or one below, and no more than he has."""
    return gives(by, now) and RANK[role] <= RANK[Role(by.role)] and units.is_within(unit, by.unit_id)


def may_change(by: Membership, member: Membership, now: datetime) -> bool:
    """Whether he may change this member's role: not his own, and in his own unit not that of an equal."""
    if member.state != MembershipState.ACTIVE or member.person_id is None or member.person_id == by.person_id:
        return False
    less = RANK[people.role_at(member, now)] - RANK[Role(by.role)]
    return may_give(by, member.unit, Role.MEMBER, now) and (less < 0 or (less == 0 and member.unit_id != by.unit_id))


def to_give(by: Membership, member: Membership, now: datetime) -> list[Role]:
    """The roles that he may give to this member; a deputy may be one for longer."""
    if not may_change(by, member, now):
        return []
    roles = [role for role in GIVEN if may_give(by, member.unit, role, now)]
    return [role for role in roles if role == Role.DEPUTY or role != people.role_at(member, now)]


def to_offer(by: Membership, unit: Unit, now: datetime) -> list[Role]:
    """The roles that he may give in this unit to somebody who is to come."""
    return [role for role in GIVEN if may_give(by, unit, role, now)]


def end_of_deputy(setup: Setup, last: date, now: datetime) -> datetime | None:
    """When a deputy's role ends if `last` is its last day; None if that day is past, or more than a year ahead."""
    today = setup.today(now)
    return setup.midnight(last + timedelta(days=1)) if today <= last <= today + LONGEST_DEPUTY else None


def last_day(setup: Setup, until: datetime | None) -> date | None:
    """The last day of a role that ends at that moment."""
    return setup.today(until - timedelta(microseconds=1)) if until else None


def set_role(
    session: Session,
    setup: Setup,
    member: Membership,
    role: Role,
    until: datetime | None,
    by: str | None,
    now: datetime,
) -> None:
    """Make it the member's role and tell him; `by` is who did it, "" without a name, None if he need not be told."""
    member.role, member.role_until = role, until if role == Role.DEPUTY else None
    if role == Role.MEMBER:
        reviews.release(session, member.id)
    session.flush()
    if by is not None:
        last = last_day(setup, member.role_until)
        values: dict[str, Any] = {"role": role, "unit": member.unit.name, "by": by, "last": last}
        say_to_person(session, setup, member.person_id, "roles/set", now, rows=[(_HELP,)], **values)


def end_deputies(session: Session, setup: Setup, now: datetime) -> int:
    """Make deputies whose time is over members again, and tell them and the admins of the unit; how many."""
    over = holders.deputies_over(session, setup.campaign.code, now, AT_ONCE)
    with acting(session, Actor(setup.campaign.code, None, CLOCK, "end_deputies", now)):
        for member in over:
            set_role(session, setup, member, Role.MEMBER, None, None, now)
    for member in over:
        say_to_person(session, setup, member.person_id, "roles/deputy_over", now, unit=member.unit.name)
        values: dict[str, Any] = {"name": member.full_name, "unit": member.unit.name}
        rows = [(Tap("roles.unit_again", "roles.unit", (member.unit_id, 0)),)]
        for person_id in sorted({one.person_id or 0 for one in people.deciders_in(session, member.unit)}):
            say_to_person(session, setup, person_id, "roles/deputy_over_told", now, rows=rows, **values)
    return len(over)


def tell_of_loss(session: Session, setup: Setup, now: datetime) -> int:
    """Tell who decides above of units in which nobody who decides can be reached any more: once for each loss."""
    campaign = setup.campaign.code
    holders.note_led(session, campaign)
    found = holders.lost(session, campaign, setup.today(now), AT_ONCE)
    told: dict[int, list[Unit]] = {}
    for unit in found:
        unit.led = False
        accounts = people.deciders_for(session, unit.parent) if unit.parent else ()
        for account in accounts:
            told.setdefault(account.person_id, []).append(unit)
        if not accounts:
            _tell_operators(session, setup, unit, now)
    session.flush()
    for person_id, lost in told.items():
        _tell_of_lost(session, setup, person_id, lost, now)
    return len(found)


def _tell_of_lost(session: Session, setup: Setup, person_id: int, lost: Sequence[Unit], now: datetime) -> None:
    account = people.accounts_of(session, person_id)[0]
    shown = lost[:MOST_NAMES]
    rows = [(Tap("roles.appoint", "roles.unit", (unit.id, 0), {"name": unit.name}),) for unit in shown]
    names, more = [" › ".join(each.name for each in units.path(unit)) for unit in shown], len(lost) - len(shown)
    how: dict[str, Any] = {"rows": rows, "priority": Priority.REMINDER}
    say_to_account(session, setup, account, "roles/lost", now, **how, names=names, more=more)


def _tell_operators(session: Session, setup: Setup, unit: Unit, now: datetime) -> None:
    for each in operators.all_of_them(session):
        say(session, setup, operators.address(each), "vi", "operate/lost", now, unit=unit.name)


_HELP = Tap("help.show", "help.show")
