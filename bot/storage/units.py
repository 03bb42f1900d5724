"""The tree of units."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.folding import fold
from bot.domain.short_forms import spell_out
from bot.storage.models import Membership, MembershipState, Unit, UnitSuccessor

ESCAPE = "\\"


def find(
    session: Session,
    campaign: str,
    typed: str,
    day: date,
    most: int,
    *,
    within: int | None = None,
    to_come: bool = False,
) -> Sequence[Unit]:
    """Units alive on `day` whose name holds what was typed, with or without diacritics; the closest first.

    If there is none, short forms such as “THPT” are spelled out. `within` leaves out what does not stand under that
    unit; `to_come` adds units that open only later.
    """
    found: Sequence[Unit] = []
    for words in dict.fromkeys(filter(None, (fold(typed), fold(spell_out(typed))))):
        found = found or _holding(session, campaign, words, day, most, within=within, to_come=to_come)
    return found


def _holding(
    session: Session, campaign: str, words: str, day: date, most: int, *, within: int | None, to_come: bool
) -> Sequence[Unit]:
    pattern = words.replace(ESCAPE, ESCAPE * 2).replace("%", ESCAPE + "%").replace("_", ESCAPE + "_")
    statement = (
        select(Unit)
        .where(Unit.campaign == campaign, Unit.folded.like(f"%{pattern}%", escape=ESCAPE), _not_closed(day))
        .order_by(Unit.folded.like(f"%{pattern}", escape=ESCAPE).desc(), func.length(Unit.folded), Unit.folded, Unit.id)
        .limit(most)
    )
    if not to_come:
        statement = statement.where(or_(Unit.opened_on.is_(None), Unit.opened_on <= day))
    if within is not None:
        statement = statement.where(Unit.id.in_(below(within)))
    return session.scalars(statement).all()


def path(unit: Unit) -> list[Unit]:
    """The unit and all above it, the unit first."""
    units = [unit]
    while units[-1].parent is not None:
        units.append(units[-1].parent)
    return units


def is_within(unit: Unit, root_id: int) -> bool:
    """Whether the unit is `root_id` or below it."""
    return any(each.id == root_id for each in path(unit))


def below(*root_ids: int) -> Select[tuple[int]]:
    """The ids of these units and of all below them, each once, for use in a larger statement."""
    tree = select(Unit.id).where(Unit.id.in_(root_ids)).cte("below", recursive=True)
    tree = tree.union(select(Unit.id).join(tree, Unit.parent_id == tree.c.id))
    return select(tree.c.id)


def all_below(session: Session, root_id: int) -> Sequence[Unit]:
    """The unit and all below it, closed ones too."""
    return session.scalars(select(Unit).where(Unit.id.in_(below(root_id))).order_by(Unit.id)).all()


def living_below(session: Session, unit_id: int, day: date) -> Sequence[Unit]:
    """Units under this one that are not closed by `day`, by name."""
    statement = select(Unit).where(Unit.id.in_(below(unit_id)), Unit.id != unit_id, _not_closed(day))
    return session.scalars(statement.order_by(Unit.folded, Unit.id)).all()


def named(session: Session, parent_id: int, name: str) -> Sequence[Unit]:
    """Units right under this one that are not closed and whose name is the same without its diacritics."""
    statement = select(Unit).where(Unit.parent_id == parent_id, Unit.folded == fold(name), Unit.closed_on.is_(None))
    return session.scalars(statement.order_by(Unit.id)).all()


def successors(session: Session, unit_id: int) -> Sequence[Unit]:
    """The units that a closed one goes into, the main one first."""
    statement = select(Unit).join(UnitSuccessor, UnitSuccessor.successor_id == Unit.id)
    statement = statement.where(UnitSuccessor.unit_id == unit_id)
    return session.scalars(statement.order_by(UnitSuccessor.main.desc(), Unit.id)).all()


def predecessors(session: Session, unit_id: int) -> Sequence[Unit]:
    """The closed units that go into this one."""
    statement = select(Unit).join(UnitSuccessor, UnitSuccessor.unit_id == Unit.id)
    return session.scalars(statement.where(UnitSuccessor.successor_id == unit_id).order_by(Unit.id)).all()


def left_in_closed(
    session: Session, campaign: str, day: date, *, several: bool, most: int | None = None
) -> Sequence[Membership]:
    """Active members of units closed by `day` that have one successor, or `several`; locked, oldest first."""
    count = func.count(UnitSuccessor.successor_id)
    closed = select(UnitSuccessor.unit_id).group_by(UnitSuccessor.unit_id).having(count > 1 if several else count == 1)
    statement = (
        select(Membership)
        .join(Membership.unit)
        .where(Unit.campaign == campaign, Unit.closed_on <= day, Unit.id.in_(closed))
        .where(Membership.state == MembershipState.ACTIVE)
        .order_by(Membership.id)
        .limit(most)
    )
    return session.scalars(statement.with_for_update(skip_locked=True, of=Membership)).all()


def left_without_successor(session: Session, campaign: str, day: date, most: int) -> Sequence[Membership]:
    """Members, waiting and listed ones too, of units closed by `day` that went into no other; locked, oldest first."""
    nowhere = ~exists().where(UnitSuccessor.unit_id == Unit.id)
    there = (MembershipState.ACTIVE, MembershipState.PENDING, MembershipState.LISTED)
    gone = (Unit.campaign == campaign, Unit.closed_on <= day, nowhere)
    statement = select(Membership).join(Membership.unit).where(*gone, Membership.state.in_(there))
    statement = statement.order_by(Membership.id).limit(most)
    return session.scalars(statement.with_for_update(skip_locked=True, of=Membership)).all()


def _not_closed(day: date) -> ColumnElement[bool]:
    return or_(Unit.closed_on.is_(None), Unit.closed_on > day)
