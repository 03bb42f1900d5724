"""Tasks of a plan: duties that are due once and ask for no figures, and how far their owners are."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.storage import obligations
from bot.storage.models import Duty, Obligation, ObligationState, Unit
from bot.storage.units import below


def is_task(duty: Duty) -> bool:
    """Whether a duty is a task."""
    return bool(duty.rule.get("task"))


def of_campaign(session: Session, campaign: str) -> list[Duty]:
    """The tasks of a campaign, the last due first; ended ones too."""
    found = [duty for duty in obligations.duties(session, campaign) if is_task(duty)]
    return sorted(found, key=lambda duty: (max(duty.rule["dates"], default=""), duty.id), reverse=True)


def of_unit(session: Session, campaign: str, unit_id: int) -> Sequence[Obligation]:
    """The tasks that a unit has or had, open ones first, then by date."""
    ids = [duty.id for duty in of_campaign(session, campaign)]
    statement = select(Obligation).where(
        Obligation.unit_id == unit_id,
        Obligation.duty_id.in_(ids),
        Obligation.state.in_((ObligationState.OPEN, ObligationState.FILED, ObligationState.LATE)),
    )
    rows = session.scalars(statement.order_by(Obligation.due_at, Obligation.id)).all()
    return sorted(rows, key=lambda row: row.state != ObligationState.OPEN)


def counts(session: Session, duty_ids: Collection[int], root_id: int) -> dict[int, dict[str, int]]:
    """By task, how many units of this part of the tree are in which state; what is not owed is left out."""
    statement = select(Obligation.duty_id, Obligation.state, func.count()).where(
        Obligation.duty_id.in_(list(duty_ids)),
        Obligation.unit_id.in_(below(root_id)),
        Obligation.state != ObligationState.CLOSED,
    )
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for duty_id, state, number in session.execute(statement.group_by(Obligation.duty_id, Obligation.state)):
        found[duty_id][state] = number
    return found


def of_task(session: Session, duty_id: int, root_id: int) -> Sequence[Obligation]:
    """The task in each unit of this part of the tree, open ones first, by name."""
    statement = (
        select(Obligation)
        .join(Obligation.unit)
        .where(Obligation.duty_id == duty_id, Obligation.unit_id.in_(below(root_id)))
        .where(Obligation.state != ObligationState.CLOSED)
        .order_by(Unit.folded, Unit.id)
    )
    return sorted(session.scalars(statement), key=lambda row: row.state != ObligationState.OPEN)
