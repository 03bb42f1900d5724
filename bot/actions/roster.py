"""The tree of units of a campaign, and who is appointed in it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.campaigns import UnitRow
from bot.messages import Address
from bot.storage import people
from bot.storage.models import Membership, MembershipState, Role, Unit


def load_tree(session: Session, campaign: str, rows: list[UnitRow]) -> int:
    """Put in the units that the campaign does not have yet; how many. Parents stand before their units."""
    known = {unit.code: unit for unit in session.scalars(select(Unit).where(Unit.campaign == campaign))}
    before = len(known)
    for row in rows:
        if row.code not in known:
            parent = known[row.parent_code] if row.parent_code else None
            unit = Unit(campaign=campaign, code=row.code, type=row.type, name=row.name)
            unit.parent = parent
            known[row.code] = unit
            session.add(unit)
    session.flush()
    return len(known) - before


def unit_with_code(session: Session, campaign: str, code: str) -> Unit | None:
    """The unit with this code."""
    return session.scalar(select(Unit).where(Unit.campaign == campaign, Unit.code == code))


def appoint(session: Session, at: Address, unit: Unit, role: Role, now: datetime) -> Membership | None:
    """Make the person at this address, who has registered, hold a role in a unit; None if nobody registered there."""
    account = people.account_of(session, at)
    if account is None:
        return None
    member = people.active_membership(session, account.person_id, unit.campaign)
    member = member or people.pending_membership(session, account.person_id, unit.campaign)
    if member is None:
        return None
    member.unit, member.role, member.state = unit, role, MembershipState.ACTIVE
    member.decided_at = member.decided_at or now
    return member
