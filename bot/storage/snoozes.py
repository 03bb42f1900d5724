"""What people put off until a moment."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session

from bot.storage.models import Membership, Obligation, Snooze
from bot.storage.reminders import DutyPeriod, files, still_open


def snooze(session: Session, person_id: int, obligations: Iterable[int], until: datetime) -> None:
    """The person hears no more of these until then."""
    for obligation_id in obligations:
        session.merge(Snooze(obligation_id=obligation_id, person_id=person_id, until=until))
    session.flush()


def wake(session: Session, places: Iterable[tuple[int, int]]) -> None:
    """These (obligation, person) are put off no longer."""
    for obligation_id, person_id in places:
        session.execute(delete(Snooze).where(Snooze.person_id == person_id, Snooze.obligation_id == obligation_id))


def woken(
    session: Session, campaign: str, start: datetime, end: datetime, now: datetime
) -> dict[DutyPeriod, tuple[datetime, list[int]]]:
    """The periods due in [start, end) that somebody who files put off until a moment that has come.

    When each opened, and these people.
    """
    # Hardly anything is put off: from there it is near, while some databases would begin at what all units owe.
    put_off = session.scalars(select(Snooze.obligation_id).where(Snooze.until <= now)).all()
    if not put_off:
        return {}
    statement = (
        select(Obligation.duty_id, Obligation.period, Obligation.due_at, Obligation.opens_at, Snooze.person_id)
        .select_from(Snooze)
        .join(Obligation, Obligation.id == Snooze.obligation_id)
        .join(Membership, and_(Membership.unit_id == Obligation.unit_id, Membership.person_id == Snooze.person_id))
        .where(Snooze.until <= now, Obligation.id.in_(put_off))
        .where(still_open(campaign), Obligation.due_at >= start, Obligation.due_at < end, files())
        .order_by(Snooze.person_id)
    )
    found: dict[DutyPeriod, tuple[datetime, list[int]]] = {}
    for duty_id, name, due_at, opens_at, person_id in session.execute(statement):
        found.setdefault(DutyPeriod(duty_id, name, due_at), (opens_at, []))[1].append(person_id)
    return found


def snoozes(session: Session, people: Collection[int]) -> dict[tuple[int, int], datetime]:
    """(Obligation, person) → until when it was put off."""
    rows = session.execute(
        select(Snooze.obligation_id, Snooze.person_id, Snooze.until).where(Snooze.person_id.in_(people))
    )
    return {(obligation_id, person_id): until for obligation_id, person_id, until in rows}
