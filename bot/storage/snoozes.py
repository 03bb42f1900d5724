"""What people put off until a moment."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import CTE, and_, bindparam, delete, or_, select
from sqlalchemy.orm import Session

from bot.storage.models import Membership, Obligation, ObligationState, Snooze
from bot.storage.reminders import DutyPeriod, files

_FORGET = delete(Snooze).where(Snooze.obligation_id == bindparam("obligation"), Snooze.person_id == bindparam("person"))


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
    past = _put_off_until(now).c
    statement = (
        select(past.duty_id, past.period, past.due_at, past.opens_at, past.person_id)
        .join(Membership, and_(Membership.unit_id == past.unit_id, Membership.person_id == past.person_id))
        .where(past.campaign == campaign, past.state == ObligationState.OPEN, files())
        .where(past.due_at >= start, past.due_at < end)
        .order_by(past.person_id)
    )
    found: dict[DutyPeriod, tuple[datetime, list[int]]] = {}
    for duty_id, name, due_at, opens_at, person_id in session.execute(statement):
        found.setdefault(DutyPeriod(duty_id, name, due_at), (opens_at, []))[1].append(person_id)
    return found


def forget(session: Session, now: datetime, long_past: datetime, most: int) -> int:
    """Delete what was put off until a moment before `long_past`, or by now and is not open any more; how many.

    Of all campaigns: told of one, some databases would begin at all that its units ever owed.
    """
    useless = or_(Snooze.until < long_past, and_(Snooze.until <= now, Obligation.state != ObligationState.OPEN))
    statement = select(Snooze.obligation_id, Snooze.person_id).join(Obligation, Obligation.id == Snooze.obligation_id)
    statement = statement.where(useless).limit(most).with_for_update(skip_locked=True, of=Snooze)
    places = session.execute(statement).all()
    if places:
        rows = [{"obligation": obligation_id, "person": person_id} for obligation_id, person_id in places]
        session.connection().execute(_FORGET, rows)
    return len(places)


def snoozes(session: Session, people: Collection[int]) -> dict[tuple[int, int], datetime]:
    """(Obligation, person) → until when it was put off."""
    rows = session.execute(
        select(Snooze.obligation_id, Snooze.person_id, Snooze.until).where(Snooze.person_id.in_(people))
    )
    return {(obligation_id, person_id): until for obligation_id, person_id, until in rows}


def _put_off_until(now: datetime) -> CTE:
    """Of what was put off until a moment by now, the obligation's columns and the person, as a table of its own.

    Hardly anything is put off: from there it is near, while some databases would begin at what all units owe if they
    knew of the other conditions.
    """
    columns = (Obligation.campaign, Obligation.unit_id, Obligation.state, Snooze.person_id)
    period = (Obligation.duty_id, Obligation.period, Obligation.due_at, Obligation.opens_at)
    statement = select(*columns, *period).join(Snooze, Snooze.obligation_id == Obligation.id)
    return statement.where(Snooze.until <= now).cte("put_off").prefix_with("MATERIALIZED")
