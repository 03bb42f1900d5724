"""Invitations that give a role: a link that works once, for who is to come, for a member, or to hand a role over."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.actions import roles
from bot.setup import Setup
from bot.speech import say_to_person
from bot.storage import holders, people
from bot.storage.holders import RANK
from bot.storage.models import Invitation, Membership, MembershipState, Role, Unit

INVITATION_LASTS = timedelta(days=14)
CODE_BYTES = 9  # 12 characters in a link


def create(
    session: Session,
    by: Membership,
    unit: Unit,
    now: datetime,
    role: Role = Role.MEMBER,
    until: datetime | None = None,
    *,
    hands_over: bool = False,
) -> Invitation:
    """An invitation into a unit; the caller has seen to it that `by` may give the role there."""
    invitation = Invitation(
        code=secrets.token_urlsafe(CODE_BYTES),
        unit=unit,
        created_by_id=by.id,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
        role=role,
        deputy_until=until if role == Role.DEPUTY else None,
        hands_over=hands_over,
    )
    session.add(invitation)
    session.flush()
    return invitation


def hand_over(session: Session, giver: Membership, now: datetime) -> Invitation:
    """Offer his own role; what he offered before is withdrawn, as he has it but once."""
    for each in holders.handing_over(session, giver.id, now):
        withdraw(each, now)
    return create(session, giver, giver.unit, now, Role(giver.role), hands_over=True)


def usable(session: Session, code: str | None, now: datetime) -> Invitation | None:
    """The invitation with this code, locked, if it works: who made it must still be able to give its role."""
    found = session.get(Invitation, code, with_for_update=True) if code else None
    if found is None or found.expires_at <= now or found.used_at is not None:
        return None
    if found.role == Role.MEMBER:
        return found
    giver = session.get_one(Membership, found.created_by_id)
    if found.role == Role.DEPUTY and (found.deputy_until is None or found.deputy_until <= now):
        return None
    return found if roles.may_give(giver, found.unit, Role(found.role), now) else None


def withdraw(invitation: Invitation, now: datetime) -> None:
    """It does not work any more."""
    invitation.expires_at = now


def adds_nothing(invitation: Invitation, member: Membership, now: datetime) -> bool:
    """Whether the member has the role already, or a higher one, and nobody gives it up for him."""
    have = RANK[people.role_at(member, now)]
    longer = invitation.role == Role.DEPUTY == member.role
    return not invitation.hands_over and have >= RANK[Role(invitation.role)] and not longer


def accept(session: Session, setup: Setup, invitation: Invitation, member: Membership, now: datetime) -> None:
    """Give its role to an active member of its unit; who hands his own over gives it up, and hears so."""
    invitation.used_at = now
    role, until = Role(invitation.role), invitation.deputy_until
    giver = session.get_one(Membership, invitation.created_by_id, with_for_update=True)
    if RANK[people.role_at(member, now)] < RANK[role] or role == Role.DEPUTY:
        roles.set_role(session, setup, member, role, until, None, now)
    if invitation.hands_over and giver.state == MembershipState.ACTIVE:
        roles.set_role(session, setup, giver, Role.MEMBER, None, None, now)
    values: dict[str, Any] = {"name": member.full_name, "unit": invitation.unit.name, "role": role}
    values["over"] = invitation.hands_over
    say_to_person(session, setup, giver.person_id, "roles/accepted_told", now, **values)


def decline(session: Session, setup: Setup, invitation: Invitation, member: Membership, now: datetime) -> None:
    """The member does not want it: it works no more, and who made it hears so."""
    withdraw(invitation, now)
    giver = session.get_one(Membership, invitation.created_by_id)
    values: dict[str, Any] = {"name": member.full_name, "unit": invitation.unit.name, "role": invitation.role}
    say_to_person(session, setup, giver.person_id, "roles/declined_told", now, **values)
