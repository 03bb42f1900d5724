"""Duties, their exceptions, days off, and what each unit owes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from bot.storage.models import (
    DayOff,
    Duty,
    DutyException,
    Obligation,
    ObligationState,
    Reminder,
    ReminderState,
    Unit,
)
from bot.storage.upserts import dialect_of, insert_into

Key = tuple[int, int, str]
"""Unit, duty, period."""

_KEY = [Obligation.unit_id, Obligation.duty_id, Obligation.period]
MAY_CHANGE = (ObligationState.OPEN, ObligationState.CLOSED)
_MOMENTS = ("window_start", "window_end", "opens_at", "due_at")
_CHANGE = (
    update(Obligation)
    # By the state, too: what was read a moment ago may be filed by now.
    .where(Obligation.id == bindparam("row"), or_(*(Obligation.state == each for each in MAY_CHANGE)))
    .values(**{each: bindparam(each) for each in _MOMENTS}, state=ObligationState.OPEN, reason=None, settled_at=None)
)
_AT_ONCE = 1000  # rows; what is made of ten thousand in memory is never given back whole


class Kept(NamedTuple):
    """What is compared of an obligation whenever the ledger is brought up to date."""

    id: int
    unit_id: int
    period: str
    state: str
    window_start: datetime
    window_end: datetime
    opens_at: datetime
    due_at: datetime


class Coming(NamedTuple):
    """What is due next."""

    due_at: datetime
    duty_id: int
    state: str


def duties(session: Session, campaign: str) -> Sequence[Duty]:
    """The duties of a campaign, ended ones too, in the order in which they were made."""
    return session.scalars(select(Duty).where(Duty.campaign == campaign).order_by(Duty.id)).all()


def exceptions(session: Session, duty_id: int) -> dict[str, date | None]:
    """Period → the day to which it was moved, None if it is skipped."""
    rows = session.scalars(select(DutyException).where(DutyException.duty_id == duty_id))
    return {row.period: row.moved_to for row in rows}


def days_off(session: Session, campaign: str) -> dict[date, bool]:
    """Day → whether coordinators declared it off (True) or worked (False)."""
    rows = session.scalars(select(DayOff).where(DayOff.campaign == campaign))
    return {row.day: row.off for row in rows}


def units_of(session: Session, campaign: str) -> Sequence[Unit]:
    """All units of a campaign, closed ones too."""
    return session.scalars(select(Unit).where(Unit.campaign == campaign).order_by(Unit.id)).all()


def of_duty(session: Session, duty_id: int, since: datetime, periods: Collection[str]) -> list[Kept]:
    """What units owe by a duty, due since then or for one of these periods."""
    wanted = or_(Obligation.due_at >= since, Obligation.period.in_(list(periods)))
    columns = [getattr(Obligation, name) for name in Kept._fields]  # objects would take several times as long
    statement = select(*columns).where(Obligation.duty_id == duty_id, wanted)
    # In one order: two that change the same rows would else wait for each other.
    return [Kept(*row) for row in session.execute(statement.order_by(Obligation.id))]


def add(session: Session, rows: Iterable[dict[str, Any]]) -> int:
    """Write obligations down that nobody else wrote down meanwhile; how many there were."""
    statement = insert_into(dialect_of(session), Obligation).on_conflict_do_nothing(index_elements=_KEY)
    waiting, added = iter(rows), 0
    while some := list(islice(waiting, _AT_ONCE)):
        session.connection().execute(statement, some)
        added += len(some)
    return added


def change(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """These rows, each by its id as `row`, are owed from then to then; those filed or excused meanwhile stay so."""
    if rows:
        session.connection().execute(_CHANGE, rows)


def close(session: Session, ids: Collection[int], reason: str, now: datetime) -> None:
    """These are not owed any more, as far as they still are."""
    if ids:
        values = {"state": ObligationState.CLOSED, "reason": reason, "settled_at": now}
        still_owed = Obligation.id.in_(ids), Obligation.state == ObligationState.OPEN
        session.execute(update(Obligation).where(*still_owed).values(**values))


def forget_reminders(session: Session, ids: Collection[int]) -> None:
    """Nobody was told of these yet."""
    if ids:
        session.execute(delete(Reminder).where(Reminder.obligation_id.in_(ids)))


def of_unit(session: Session, unit_id: int, since: datetime, most: int) -> Sequence[Obligation]:
    """What a unit owes and has filed, due since then, the next first; what was closed is left out."""
    statement = select(Obligation).where(
        Obligation.unit_id == unit_id, Obligation.due_at >= since, Obligation.state != ObligationState.CLOSED
    )
    return session.scalars(statement.order_by(Obligation.due_at, Obligation.id).limit(most)).all()


def coming(session: Session, unit_ids: Collection[int], since: datetime, most: int) -> dict[int, list[Coming]]:
    """By unit, what `of_unit` has of it."""
    statement = (
        select(Obligation.unit_id, Obligation.due_at, Obligation.duty_id, Obligation.state)
        .where(Obligation.unit_id.in_(unit_ids), Obligation.due_at >= since)
        .where(Obligation.state != ObligationState.CLOSED)
        .order_by(Obligation.due_at, Obligation.id)
    )
    found: dict[int, list[Coming]] = defaultdict(list)
    for unit_id, due_at, duty_id, state in session.execute(statement):
        if len(found[unit_id]) < most:
            found[unit_id].append(Coming(due_at, duty_id, state))
    return found


def open_between(session: Session, campaign: str, start: datetime, end: datetime) -> Sequence[Obligation]:
    """What is still open and due in [start, end), the next first."""
    statement = select(Obligation).where(
        Obligation.campaign == campaign,
        Obligation.state == ObligationState.OPEN,
        Obligation.due_at >= start,
        Obligation.due_at < end,
    )
    return session.scalars(statement.order_by(Obligation.due_at, Obligation.id)).all()


def alive_on(unit: Unit, day: date) -> bool:
    """Whether the unit was there on this day."""
    return (unit.opened_on is None or unit.opened_on <= day) and (unit.closed_on is None or unit.closed_on > day)


def still_due(session: Session, campaign: str, unit_ids: Collection[int], now: datetime) -> Sequence[Obligation]:
    """What these units owe, overdue or open by now, the next due first."""
    statement = select(Obligation).where(
        Obligation.campaign == campaign,
        Obligation.unit_id.in_(list(unit_ids)),
        Obligation.state == ObligationState.OPEN,
        or_(Obligation.opens_at <= now, Obligation.due_at <= now),
    )
    return session.scalars(statement.order_by(Obligation.due_at, Obligation.id)).all()


def kept_by_unit(session: Session, duty_id: int, unit_ids: Select[tuple[int]], now: datetime) -> Sequence[Obligation]:
    """What these units owed by a duty and was due by now; by the units' names, each with the unit above."""
    statement = (
        select(Obligation)
        .join(Obligation.unit)
        .options(contains_eager(Obligation.unit).joinedload(Unit.parent))
        .where(Obligation.duty_id == duty_id, Obligation.unit_id.in_(unit_ids), Obligation.due_at <= now)
    )
    return session.scalars(statement.order_by(Unit.folded, Unit.id, Obligation.due_at)).all()


def told(session: Session, person_id: int) -> Sequence[Reminder]:
    """What a person was reminded of, oldest first."""
    told = Reminder.person_id == person_id, Reminder.state != ReminderState.DUE
    return session.scalars(select(Reminder).where(*told).order_by(Reminder.id)).all()


def hold_still(session: Session, campaign: str) -> None:
    """Nobody else reminds of this campaign's duties until the transaction ends: two that write down the same steps in
    another order would wait for each other for ever. SQLite has one writer anyway."""
    duties = select(Duty.id).where(Duty.campaign == campaign).order_by(Duty.id)
    session.execute(duties.with_for_update(key_share=True))
