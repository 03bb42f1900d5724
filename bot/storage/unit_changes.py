"""Changes of units that a day to come brings."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.storage.models import Unit, UnitChange


def of_unit(session: Session, unit_id: int) -> Sequence[UnitChange]:
    """What is to be changed about a unit, as it stands now, the next first."""
    statement = select(UnitChange).where(UnitChange.unit_id == unit_id).order_by(UnitChange.day, UnitChange.id)
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def under(session: Session, unit_id: int) -> Sequence[UnitChange]:
    """Which units are to be put right under this one, the first first."""
    statement = select(UnitChange).where(UnitChange.parent_id == unit_id).order_by(UnitChange.day, UnitChange.id)
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def due(session: Session, campaign: str, day: date, most: int) -> Sequence[UnitChange]:
    """What this day or one before it brings in a campaign, the first first."""
    statement = select(UnitChange).join(UnitChange.unit).where(Unit.campaign == campaign, UnitChange.day <= day)
    statement = statement.order_by(UnitChange.day, UnitChange.id).limit(most)
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def hold(session: Session, unit_ids: Collection[int]) -> bool:
    """Whether one of these units is to be changed, or is to be the unit above another one."""
    about = or_(UnitChange.unit_id.in_(unit_ids), UnitChange.parent_id.in_(unit_ids))
    return session.scalar(select(UnitChange.id).where(about).limit(1)) is not None
