"""Who holds which role, who could, and which units nobody leads."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.folding import fold
from bot.storage.models import Account, Invitation, Membership, MembershipState, Role, Unit
from bot.storage.people import ROLES_THAT_DECIDE
from bot.storage.units import below

RANK = {Role.MEMBER: 0, Role.DEPUTY: 1, Role.UNIT_ADMIN: 2, Role.COORDINATOR: 3}


def of_unit(session: Session, unit_id: int) -> Sequence[Membership]:
    """Who holds a role in this very unit, the highest first."""
    rank = case({str(role): place for role, place in RANK.items()}, value=Membership.role)
    statement = select(Membership).where(Membership.unit_id == unit_id, Membership.role.in_(ROLES_THAT_DECIDE), _here())
    return session.scalars(statement.order_by(rank.desc(), Membership.id)).all()


def members(session: Session, unit_id: int, but: int) -> Sequence[Membership]:
    """The people of this very unit, but for one membership, by number."""
    statement = select(Membership).where(Membership.unit_id == unit_id, Membership.id != but, _here())
    return session.scalars(statement.order_by(Membership.id)).all()


def search(session: Session, root_id: int, typed: str, most: int, *, below_too: bool = True) -> Sequence[Membership]:
    """People of a unit, and of all below it, in whose name and unit's name all the typed words begin some word."""
    words = fold(typed).split()
    if not words:
        return []
    where = Membership.unit_id.in_(below(root_id)) if below_too else Membership.unit_id == root_id
    names = " " + Membership.folded + " " + Unit.folded
    statement = select(Membership).join(Membership.unit).where(where, _here())
    statement = statement.where(*(names.contains(f" {word}", autoescape=True) for word in words))
    return session.scalars(statement.order_by(Membership.id).limit(most)).all()


def without(session: Session, root_id: int, day: date) -> Sequence[Unit]:
    """Living units from this one down in which nobody who decides can be reached, by name."""
    statement = select(Unit).where(Unit.id.in_(below(root_id)), _alive(day), ~_is_led())
    return session.scalars(statement.order_by(Unit.folded, Unit.id)).all()


def note_led(session: Session, campaign: str) -> None:
    """Remember in which units somebody who decides can be reached by now."""
    statement = update(Unit).where(Unit.campaign == campaign, ~Unit.led, _is_led())
    session.execute(statement.values(led=True).execution_options(synchronize_session=False))


def lost(session: Session, campaign: str, day: date, most: int) -> Sequence[Unit]:
    """Living units that were led when this was last looked at, and are not any more; locked."""
    statement = select(Unit).where(Unit.campaign == campaign, Unit.led, _alive(day), ~_is_led())
    statement = statement.order_by(Unit.folded, Unit.id).limit(most)
    return session.scalars(statement.with_for_update(skip_locked=True)).all()


def deputies_over(session: Session, campaign: str, now: datetime, most: int) -> Sequence[Membership]:
    """Deputies whose time is over; locked."""
    statement = select(Membership).join(Membership.unit).where(Unit.campaign == campaign)
    over = (Membership.role == Role.DEPUTY, or_(Membership.role_until.is_(None), Membership.role_until <= now))
    statement = statement.where(*over).order_by(Membership.id).limit(most)
    return session.scalars(statement.with_for_update(skip_locked=True, of=Membership)).all()


def open_invitations(session: Session, root_id: int, now: datetime) -> Sequence[Invitation]:
    """Invitations into a unit and all below it that still work, the newest first."""
    works = (Invitation.expires_at > now, Invitation.used_at.is_(None))
    statement = select(Invitation).where(Invitation.unit_id.in_(below(root_id)), *works)
    return session.scalars(statement.order_by(Invitation.created_at.desc(), Invitation.code)).all()


def handing_over(session: Session, giver_id: int, now: datetime) -> Sequence[Invitation]:
    """By which somebody offers his own role and that still work."""
    works = (Invitation.expires_at > now, Invitation.used_at.is_(None), Invitation.hands_over)
    return session.scalars(select(Invitation).where(Invitation.created_by_id == giver_id, *works)).all()


def count_without(session: Session, root_id: int, day: date) -> int:
    """How many units `without` gives."""
    statement: Select[int] = select(func.count()).select_from(Unit)
    return session.scalar(statement.where(Unit.id.in_(below(root_id)), _alive(day), ~_is_led())) or 0


def fits(words: Sequence[str], name: str) -> bool:
    """Whether each of these folded words begins some word of the name."""
    there = fold(name).split()
    return all(any(each.startswith(word) for each in there) for word in words)


def _here() -> ColumnElement[bool]:
    """Active, and of a person who agreed that we keep data about him."""
    return (Membership.state == MembershipState.ACTIVE) & Membership.person_id.is_not(None)


def _alive(day: date) -> ColumnElement[bool]:
    opened = or_(Unit.opened_on.is_(None), Unit.opened_on <= day)
    return opened & or_(Unit.closed_on.is_(None), Unit.closed_on > day)


def _is_led() -> ColumnElement[bool]:
    return exists().where(
        Membership.unit_id == Unit.id,
        Membership.role.in_(ROLES_THAT_DECIDE),
        Membership.state == MembershipState.ACTIVE,
        Account.person_id == Membership.person_id,
        Account.reachable,
    )
