"""Steps of reminders: which are due, were said or dropped, each for an obligation and a person."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, literal, select, text
from sqlalchemy.orm import Session

from bot.storage.models import Membership, Obligation, ObligationState, Reminder, ReminderState, Snooze
from bot.storage.reminders import DutyPeriod, Where, files, still_open
from bot.storage.upserts import dialect_of, insert_into

_KEY = (Reminder.obligation_id, Reminder.person_id, Reminder.step)
# As the index of what is due says it, letter by letter: SQLite takes an index of a part only then.
IS_DUE = text("reminders.state = 'due'")
SNOOZED = "snoozed_"  # a step that somebody made by putting a report off, with its day


def plan(session: Session, campaign: str, period: DutyPeriod, step: str, at: datetime, now: datetime, most: int) -> int:
    """Write the step down as due for those who file what is open of this period, and did not put it off; how many.

    One statement for all of them, `most` at once; those for whom it was written down before are left out.
    """
    known = select(Reminder.id).where(
        Reminder.obligation_id == Obligation.id, Reminder.person_id == Membership.person_id, Reminder.step == step
    )
    row = {
        "obligation_id": Obligation.id,
        "person_id": Membership.person_id,
        "step": literal(step),
        "at": literal(at, Reminder.at.type),
        "state": literal(ReminderState.DUE.value),
        "said_at": literal(now, Reminder.said_at.type),
        "late": literal(value=False),
    }
    rows = (
        select(*row.values())
        .select_from(Membership)
        .join(Obligation, Obligation.unit_id == Membership.unit_id)
        .where(still_open(campaign), Obligation.duty_id == period.duty_id, Obligation.period == period.period)
        .where(Obligation.due_at == period.due_at, files(), ~known.exists(), ~_snoozed(Snooze.until > now))
        .limit(most)
    )
    statement = insert_into(dialect_of(session), Reminder).from_select(list(row), rows)
    statement = statement.on_conflict_do_nothing(index_elements=_KEY).execution_options(preserve_rowcount=True)
    return session.connection().execute(statement).rowcount


def due(session: Session, campaign: str, most: int) -> Sequence[tuple[int, int]]:
    """Id and person of the steps that are due; what came first comes first."""
    statement = (
        select(Reminder.id, Reminder.person_id)
        .join(Obligation, Obligation.id == Reminder.obligation_id)
        .where(IS_DUE, Obligation.campaign == campaign)
        .order_by(Reminder.at, Reminder.id)
        .limit(most)
    )
    return [(id_, person_id) for id_, person_id in session.execute(statement)]


def forget_due(session: Session, ids: Collection[int]) -> int:
    """Forget those of these steps that are due still; how many."""
    return session.connection().execute(delete(Reminder).where(Reminder.id.in_(ids), IS_DUE)).rowcount


def told(session: Session, people: Collection[int], obligations: Collection[int]) -> dict[tuple[int, int], set[str]]:
    """(Obligation, person) → the steps that were said or dropped."""
    done = Reminder.state != ReminderState.DUE
    statement = select(Reminder.obligation_id, Reminder.person_id, Reminder.step).where(done)
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    for obligation_id, person_id, step in session.execute(
        statement.where(Reminder.person_id.in_(people), Reminder.obligation_id.in_(obligations))
    ):
        found[obligation_id, person_id].add(step)
    return found


def record(session: Session, rows: Sequence[dict[str, Any]]) -> dict[tuple[int, int, str], int]:
    """Write down steps; (obligation, person, step) → id of those that were at most due before."""
    if not rows:
        return {}
    insert = insert_into(dialect_of(session), Reminder)
    new = {name: insert.excluded[name] for name in ("at", "state", "said_at", "late", "key")}
    statement = insert.on_conflict_do_update(index_elements=_KEY, set_=new, where=IS_DUE)
    session.flush()
    found = session.connection().execute(statement.returning(*_KEY, Reminder.id), rows)
    return {(obligation_id, person_id, step): id_ for obligation_id, person_id, step, id_ in found}


def forget_said(session: Session, keys: Collection[str]) -> None:
    """Forget the steps of messages that were not sent; what was put off until then is put off until then again."""
    for each in session.scalars(select(Reminder).where(Reminder.key.in_(keys))).all():
        if each.step.startswith(SNOOZED):
            session.merge(Snooze(obligation_id=each.obligation_id, person_id=each.person_id, until=each.at))
        session.delete(each)


def of_message(session: Session, reminder_id: int, person_id: int) -> Sequence[Obligation]:
    """What the message with this reminder named, as far as it is still open; nothing if it was somebody else's."""
    one = session.get(Reminder, reminder_id)
    if one is None or one.person_id != person_id:
        return []
    statement = (
        select(Obligation)
        .join(Reminder, Reminder.obligation_id == Obligation.id)
        .where(Reminder.person_id == person_id, Reminder.said_at == one.said_at)
        .where(Reminder.state == ReminderState.SAID, Obligation.state == ObligationState.OPEN)
        .order_by(Obligation.due_at, Obligation.id)
    )
    return list(dict.fromkeys(session.scalars(statement)))


def _snoozed(when: Where) -> Where:
    here = and_(Snooze.obligation_id == Obligation.id, Snooze.person_id == Membership.person_id)
    return select(Snooze.until).where(here, when).exists()
