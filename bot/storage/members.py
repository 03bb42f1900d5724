"""The members of units: listed by state, found by name, counted, and the rows of the roster that nobody claimed yet."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from bot.domain.folding import fold
from bot.storage.models import Account, Membership, MembershipState, Role, Unit
from bot.storage.units import below

Which = Literal["all", "pending", "silent", "listed", "left"]
"""Which members a list shows; “silent” are active ones whom the bot cannot reach."""

# What a roster shows of a member.
IN_ROSTER = (
    *("unit_id", "full_name", "kind", "rank", "position", "facebook_name"),
    *("role", "state", "decided_at", "phone"),
)
_THERE = (MembershipState.ACTIVE, MembershipState.PENDING, MembershipState.LISTED)
_REACHABLE = exists().where(Account.person_id == Membership.person_id, Account.reachable)


def of_unit(session: Session, unit_id: int, which: Which, page: int, most: int) -> Sequence[Membership]:
    """One page of a unit's members, by name."""
    statement = select(Membership).where(Membership.unit_id == unit_id, _which(which))
    statement = statement.order_by(Membership.folded, Membership.id).offset(page * most).limit(most)
    return session.scalars(statement).all()


def numbers(session: Session, unit_id: int) -> Mapping[str, int]:
    """How many members a unit has, by `Which`."""
    columns = [func.count().filter(_which(which)).label(which) for which in _CONDITIONS]
    return session.execute(select(*columns).where(Membership.unit_id == unit_id)).mappings().one()  # type: ignore[return-value]  # SQLAlchemy's row mapping has those names as keys


def number_below(session: Session, root_id: int) -> int:
    """How many active members a unit and all below it have."""
    statement = select(func.count()).select_from(Membership).where(Membership.state == MembershipState.ACTIVE)
    return session.scalars(statement.where(Membership.unit_id.in_(below(root_id)))).one()


def with_roles(session: Session, unit_id: int) -> Sequence[Membership]:
    """The active members of this very unit who are more than members, by name."""
    statement = select(Membership).where(Membership.unit_id == unit_id, Membership.state == MembershipState.ACTIVE)
    return session.scalars(statement.where(Membership.role != Role.MEMBER).order_by(Membership.folded)).all()


def found(session: Session, root_id: int, typed: str, most: int) -> Sequence[Membership]:
    """Members of a unit and all below it whose name holds what was typed, with or without diacritics.

    Those are first whose name ends so: people are called by the last word.
    """
    words = fold(typed)
    if not words:
        return []
    there = (Membership.unit_id.in_(below(root_id)), Membership.state.in_([*_THERE, MembershipState.LEFT]))
    statement = select(Membership).options(joinedload(Membership.unit)).where(*there)
    statement = statement.where(Membership.folded.contains(words, autoescape=True))
    closest = (Membership.folded.endswith(words, autoescape=True).desc(), Membership.folded, Membership.id)
    return session.scalars(statement.order_by(*closest).limit(most)).all()


def namesakes_listed(session: Session, unit_id: int, name: str) -> Sequence[Membership]:
    """Rows of a unit's roster that nobody claimed and that have this name, whatever its diacritics."""
    listed = (Membership.unit_id == unit_id, Membership.state == MembershipState.LISTED)
    statement = select(Membership).where(*listed, Membership.folded == fold(name))
    return session.scalars(statement.order_by(Membership.id)).all()


def with_code(session: Session, campaign: str, code: str) -> Membership | None:
    """The row of the roster that is claimed by this code, locked."""
    statement = select(Membership).join(Membership.unit).where(Unit.campaign == campaign)
    statement = statement.where(Membership.claim_code == code, Membership.state == MembershipState.LISTED)
    return session.scalar(statement.with_for_update(of=Membership))


def in_roster(session: Session, root_id: int, day: date) -> Sequence[Row[Any]]:
    """Everybody who is in a unit that lives on this day, or in one below it: listed, waiting or active; by id.

    Plain columns: of the people of a province, objects would take seconds.
    """
    alive = or_(Unit.closed_on.is_(None), Unit.closed_on > day)
    columns = [getattr(Membership, name) for name in IN_ROSTER]
    statement = select(*columns).join(Membership.unit).where(alive, Unit.id.in_(below(root_id)))
    return session.execute(statement.where(Membership.state.in_(_THERE)).order_by(Membership.id)).all()


def has_units_below(session: Session, unit_id: int) -> bool:
    """Whether any unit stands right under this one."""
    return session.scalar(select(Unit.id).where(Unit.parent_id == unit_id).limit(1)) is not None


def _which(which: Which) -> ColumnElement[bool]:
    return _CONDITIONS[which]


_CONDITIONS: Mapping[Which, ColumnElement[bool]] = {
    "all": Membership.state.in_(_THERE),
    "pending": Membership.state == MembershipState.PENDING,
    "silent": and_(Membership.state == MembershipState.ACTIVE, ~_REACHABLE),
    "listed": Membership.state == MembershipState.LISTED,
    "left": Membership.state == MembershipState.LEFT,
}
