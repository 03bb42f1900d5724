"""How many rows of the queues are due, how long the oldest waits, and what became of those of the last hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, literal, or_, select
from sqlalchemy.orm import Session

from bot.storage.models import InboxRow, OutboxRow, OutboxState, Reminder
from bot.storage.queues import is_dead, is_open, is_waiting
from bot.storage.reminder_steps import IS_DUE

UPDATES = ""
FORGOTTEN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Depth:
    """Rows of a queue that are due, and since when the oldest is. `priority` is empty for updates.

    What was tried in vain is due, though its next try may be later, since it was put.
    """

    channel: str
    priority: str
    rows: int
    since: datetime


def depths(session: Session, now: datetime) -> Sequence[Depth]:
    """The queues that are not empty; what waits for its time does not count."""
    numbers = func.count(), func.min(InboxRow.received_at)
    updates = (
        select(InboxRow.channel, literal(UPDATES), *numbers)
        .where(is_waiting(InboxRow.state))
        .group_by(InboxRow.channel)
    )
    by = OutboxRow.channel, OutboxRow.priority
    tried = OutboxRow.error.is_not(None)
    since = func.min(case((tried, OutboxRow.created_at), else_=OutboxRow.not_before))
    messages = select(*by, func.count(), since).where(is_open(OutboxRow.state)).group_by(*by)
    due = messages.where(or_(OutboxRow.not_before <= now, tried))
    return [Depth(*row) for row in (*session.execute(updates), *session.execute(due))]


def reminders(session: Session, now: datetime) -> tuple[int, datetime | None]:
    """How many steps are due of which nobody was told yet, and since when the first.

    None waits for days: what does is of a campaign that is no more.
    """
    which = IS_DUE, Reminder.said_at > now - FORGOTTEN
    rows, since = session.execute(select(func.count(), func.min(Reminder.said_at)).where(*which)).one()
    return rows, since


def dead(session: Session) -> int:
    """Updates that were given up and are still kept."""
    return session.scalar(select(func.count()).select_from(InboxRow).where(is_dead(InboxRow.state))) or 0


def settled(session: Session, since: datetime) -> Mapping[str, int]:
    """Messages by what became of them since this moment."""
    rows = select(OutboxRow.state, func.count()).where(OutboxRow.settled_at >= since).group_by(OutboxRow.state)
    found = {row[0]: row[1] for row in session.execute(rows)}
    return {state: found.get(state, 0) for state in (OutboxState.SENT, OutboxState.FAILED, OutboxState.IN_DOUBT)}
