"""What is owed though its hour is past, and how much of a period came in: for those above who are told of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.storage.models import Membership, Obligation, ObligationState, Unit
from bot.storage.reminders import DutyPeriod, files, still_open
from bot.storage.units import below


class Node(NamedTuple):
    """A unit in the tree; `folded` is the name by which it is sorted."""

    parent_id: int | None
    name: str
    folded: str


def past_due(session: Session, campaign: str, unit_ids: Collection[int], now: datetime) -> Sequence[Obligation]:
    """What these units still owe though the due hour is past."""
    late = (still_open(campaign), Obligation.due_at <= now)
    statement = select(Obligation).where(*late, Obligation.unit_id.in_(unit_ids))
    named = joinedload(Obligation.duty, innerjoin=True), joinedload(Obligation.unit, innerjoin=True)
    return session.scalars(statement.options(*named).order_by(Obligation.due_at, Obligation.id)).all()


def behind_at(session: Session, campaign: str, root_id: int, due_at: datetime) -> Sequence[int]:
    """The units below this one that still owe what was due at this moment."""
    statement = select(Obligation.unit_id).where(still_open(campaign), Obligation.due_at == due_at)
    statement = statement.where(Obligation.unit_id.in_(below(root_id)), Obligation.unit_id != root_id)
    return session.scalars(statement.distinct()).all()


def expected(session: Session, periods: Collection[DutyPeriod]) -> Sequence[tuple[int, int, str]]:
    """(Duty, unit, state) of what is expected of these periods of one or several duties; closed ones are left out."""
    wanted = {(each.duty_id, each.period) for each in periods}
    statement = select(Obligation.duty_id, Obligation.period, Obligation.unit_id, Obligation.state).where(
        Obligation.duty_id.in_({duty_id for duty_id, _ in wanted}),
        Obligation.due_at.in_({each.due_at for each in periods}),
        Obligation.state != ObligationState.CLOSED,
    )
    rows = session.execute(statement)
    return [(duty_id, unit_id, state) for duty_id, period, unit_id, state in rows if (duty_id, period) in wanted]


def tree(session: Session, campaign: str) -> dict[int, Node]:
    """The units of a campaign, closed ones too."""
    statement = select(Unit.id, Unit.parent_id, Unit.name, Unit.folded).where(Unit.campaign == campaign)
    return {id_: Node(above, name, folded) for id_, above, name, folded in session.execute(statement)}


def with_deciders(session: Session, campaign: str) -> set[int]:
    """Units of which somebody who files can be reached."""
    statement = select(Membership.unit_id).join(Unit, Unit.id == Membership.unit_id)
    return set(session.scalars(statement.where(Unit.campaign == campaign, files()).distinct()))
