"""Rows of the outbox in one transaction: record what became of the last sends, claim the next."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from bot.channels.base import SendError
from bot.delivery.retry import Decision, decide
from bot.messages import Address, Outgoing, Priority
from bot.outbox import BODY
from bot.storage import groups
from bot.storage.models import Account, OutboxRow, OutboxState, StoredFile
from bot.storage.queues import is_open

LEASE = timedelta(seconds=60)

# Past the session's objects: these run for every message, and the objects would cost more than the rows.
COLUMNS = (
    OutboxRow.id,
    OutboxRow.channel,
    OutboxRow.chat,
    OutboxRow.priority,
    OutboxRow.attempts,
    OutboxRow.body,
    OutboxRow.file_id,
    OutboxRow.created_at,
)
TAKE = (
    update(OutboxRow)
    .where(OutboxRow.id.in_(bindparam("ids", expanding=True)))
    .values(state=OutboxState.SENDING, attempts=OutboxRow.attempts + 1, claimed_until=bindparam("until"))
)
_SETTLED = update(OutboxRow).where(OutboxRow.id == bindparam("row"))
_NOW_KNOWN: dict[str, Any] = {
    "state": bindparam("to"),
    "error": bindparam("why"),
    "message": bindparam("sent_as"),
    "claimed_until": None,
}
WAIT_AGAIN = _SETTLED.values(**_NOW_KNOWN, not_before=bindparam("again_at"), attempts=bindparam("tries"))
# What was said holds names and texts, and is of no more use here.
SETTLE = _SETTLED.values(**_NOW_KNOWN, settled_at=bindparam("at"), body="", file_id=None)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed row, ready to be sent, and when it was put."""

    id: int
    to: Address
    priority: str
    attempts: int
    message: Outgoing
    content: bytes | None
    put_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a parcel: the messenger's id of the message, or the error.

    `last_sent` is when a message last went through on its channel.
    """

    parcel: Parcel
    message: str | None
    error: SendError | None
    last_sent: datetime | None = None


def record(session: Session, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write down what became of the sends, and what that says about the people and groups."""
    decided = [(each, _decided(each, now)) for each in outcomes]
    rows = [_settled(outcome, decision, now) for outcome, decision in decided]
    waits = [row for row in rows if row["to"] is OutboxState.WAITING]
    over = [row for row in rows if row["to"] is not OutboxState.WAITING]
    connection = session.connection()
    if waits:
        connection.execute(WAIT_AGAIN, waits)
    if over:
        connection.execute(SETTLE, over)
    for outcome, decision in decided:
        _learn(session, outcome.parcel.to, decision)


def _decided(outcome: Outcome, now: datetime) -> Decision:
    parcel = outcome.parcel
    return decide(outcome.error, parcel.attempts, parcel.priority, now, outcome.last_sent, parcel.put_at)


def _settled(outcome: Outcome, decision: Decision, now: datetime) -> dict[str, object]:
    attempts = outcome.parcel.attempts if decision.counts else outcome.parcel.attempts - 1
    return {
        "row": outcome.parcel.id,
        "to": decision.state,
        "why": decision.error,
        "sent_as": outcome.message,
        "at": now,
        "again_at": decision.not_before or now,
        "tries": attempts,
    }


def _learn(session: Session, to: Address, decision: Decision) -> None:
    if decision.unreachable:
        session.execute(
            update(Account).where(Account.channel == to.channel, Account.chat == to.chat).values(reachable=False)
        )
    if decision.moved_to:
        groups.move(session, to, decision.moved_to)


def claim(
    session: Session,
    now: datetime,
    channel: str,
    *,
    busy: Collection[Address],
    most: int,
    answers_only: bool = False,
) -> list[Parcel]:
    """A channel's next rows to send, at most one a chat, replies first, oldest first; none for a `busy` chat."""
    values = {
        "now": now,
        "channel": channel,
        "held": [each.chat for each in busy if each.channel == channel],
        "lowest": Priority.REPLY if answers_only else max(Priority),
        "most": most,
    }
    session.flush()
    chosen: dict[Address, Row[int, str, str, str, int, str, int | None, datetime]] = {}
    for row in session.connection().execute(NEXT_OF_EACH_CHAT, values):
        chosen.setdefault(Address(row.channel, row.chat), row)
    taken = {"ids": [row.id for row in chosen.values()], "until": now + LEASE}
    if chosen:
        session.connection().execute(TAKE, taken)
    return [_parcel(session, to, row) for to, row in chosen.items()]


def _parcel(session: Session, to: Address, row: Row[int, str, str, str, int, str, int | None, datetime]) -> Parcel:
    body, content = BODY.validate_json(row.body), _content(session, row.file_id)
    return Parcel(row.id, to, row.priority, row.attempts + 1, body, content, row.created_at)


def _content(session: Session, file_id: int | None) -> bytes | None:
    if file_id is None:
        return None
    return session.scalar(select(StoredFile.content).where(StoredFile.id == file_id))


def _next_of_each_chat() -> Select[int, str, str, str, int, str, int | None, datetime]:
    earlier, now = aliased(OutboxRow), bindparam("now", type_=OutboxRow.not_before.type)
    blocked = exists().where(
        earlier.channel == OutboxRow.channel,
        earlier.chat == OutboxRow.chat,
        earlier.priority == OutboxRow.priority,
        earlier.id < OutboxRow.id,
        is_open(earlier.state),
        _still_helps(earlier.expires_at, now),
    )
    # What was put in the future was put before the clock went back.
    due = or_(OutboxRow.not_before <= now, OutboxRow.created_at > now)
    return (
        select(*COLUMNS)
        .where(OutboxRow.channel == bindparam("channel"), OutboxRow.state == OutboxState.WAITING, due)
        .where(OutboxRow.priority <= bindparam("lowest"), is_open(OutboxRow.state))
        .where(OutboxRow.chat.not_in(bindparam("held", expanding=True)))
        .where(~blocked, _still_helps(OutboxRow.expires_at, now))
        .order_by(OutboxRow.priority, OutboxRow.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )


def _still_helps(
    expires_at: InstrumentedAttribute[datetime | None], now: ColumnElement[datetime]
) -> ColumnElement[bool]:
    return or_(expires_at.is_(None), expires_at > now)


# Built once: it runs for every message, and building it costs more than running it.
NEXT_OF_EACH_CHAT = _next_of_each_chat()


def release(session: Session, now: datetime, *, all_claims: bool) -> int:
    """Make claims due again whose process died before it recorded the outcome; how many.

    A broadcast in that state may have been sent and is marked in doubt, never sent twice. `all_claims` at the start of
    the only process there is (SQLite); else a claim is given up when its lease has run out.
    """
    dead = or_(OutboxRow.claimed_until < now, OutboxRow.claimed_until.is_(None))
    held = select(OutboxRow).where(is_open(OutboxRow.state), OutboxRow.state == OutboxState.SENDING)
    rows = session.scalars((held if all_claims else held.where(dead)).with_for_update(skip_locked=True)).all()
    for row in rows:
        in_doubt = row.priority == Priority.BROADCAST
        row.state = OutboxState.IN_DOUBT if in_doubt else OutboxState.WAITING
        row.settled_at = now if in_doubt else None
        row.claimed_until = None
    return len(rows)
