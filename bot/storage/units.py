"""The tree of units."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.folding import fold
from bot.storage.models import Unit

ESCAPE = "\\"


def find(session: Session, campaign: str, typed: str, day: date, most: int) -> Sequence[Unit]:
    """Units alive on `day` whose name holds what was typed, with or without diacritics; the closest first."""
    words = fold(typed)
    if not words:
        return []
    pattern = words.replace(ESCAPE, ESCAPE * 2).replace("%", ESCAPE + "%").replace("_", ESCAPE + "_")
    statement = (
        select(Unit)
        .where(
            Unit.campaign == campaign,
            Unit.folded.like(f"%{pattern}%", escape=ESCAPE),
            or_(Unit.opened_on.is_(None), Unit.opened_on <= day),
            or_(Unit.closed_on.is_(None), Unit.closed_on > day),
        )
        .order_by(Unit.folded.like(f"%{pattern}", escape=ESCAPE).desc(), func.length(Unit.folded), Unit.folded, Unit.id)
        .limit(most)
    )
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


def below(root_id: int) -> Select[tuple[int]]:
    """The ids of the unit `root_id` and of all below it, for use in a larger statement."""
    tree = select(Unit.id).where(Unit.id == root_id).cte("below", recursive=True)
    tree = tree.union_all(select(Unit.id).join(tree, Unit.parent_id == tree.c.id))
    return select(tree.c.id)
