"""Rows of the outbox in one transaction: record what became of the last sends, claim the next."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from bot.channels.base import SendError
from bot.delivery.retry import Decision, decide
from bot.messages import Address, Outgoing, Priority
from bot.outbox import BODY, is_open
from bot.storage import groups
from bot.storage.models import Account, OutboxRow, OutboxState, StoredFile

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed row, ready to be sent."""

    id: int
    to: Address
    priority: str
    attempts: int
    message: Outgoing
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a parcel: the messenger's id of the message, or the error."""

    parcel: Parcel
    message: str | None
    error: SendError | None


def record(session: Session, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write down what became of the sends, and what that says about the people and groups."""
    for outcome in outcomes:
        parcel = outcome.parcel
        decision = decide(outcome.error, parcel.attempts, parcel.priority, now)
        values: dict[str, object] = {"state": decision.state, "error": decision.error}
        values |= {"claimed_until": None, "message": outcome.message}
        if decision.state is OutboxState.WAITING:
            values["not_before"] = decision.not_before or now
            values["attempts"] = parcel.attempts if decision.counts else parcel.attempts - 1
        else:
            # What was said holds names and texts, and is of no more use here.
            values |= {"settled_at": now, "body": "", "file_id": None}
        session.execute(update(OutboxRow).where(OutboxRow.id == parcel.id).values(**values))
        _learn(session, parcel.to, decision)


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
    statement = _next_of_each_chat(now, channel, most)
    held = [each.chat for each in busy if each.channel == channel]
    if held:
        statement = statement.where(OutboxRow.chat.not_in(held))
    if answers_only:
        statement = statement.where(OutboxRow.priority == Priority.REPLY)
    rows = session.scalars(statement).all()
    chosen: dict[Address, OutboxRow] = {}
    for row in rows:
        chosen.setdefault(Address(row.channel, row.chat), row)
    parcels = []
    for to, row in chosen.items():
        row.state = OutboxState.SENDING
        row.attempts += 1
        row.claimed_until = now + LEASE
        message = BODY.validate_json(row.body)
        parcels.append(Parcel(row.id, to, row.priority, row.attempts, message, _content(session, row)))
    return parcels


def _content(session: Session, row: OutboxRow) -> bytes | None:
    if row.file_id is None:
        return None
    return session.scalar(select(StoredFile.content).where(StoredFile.id == row.file_id))


def _next_of_each_chat(now: datetime, channel: str, most: int) -> Select[OutboxRow]:
    earlier = aliased(OutboxRow)
    blocked = exists().where(
        earlier.channel == OutboxRow.channel,
        earlier.chat == OutboxRow.chat,
        earlier.priority == OutboxRow.priority,
        earlier.id < OutboxRow.id,
        is_open(earlier.state),
        _still_helps(earlier.expires_at, now),
    )
    return (
        select(OutboxRow)
        .where(OutboxRow.channel == channel, OutboxRow.state == OutboxState.WAITING, OutboxRow.not_before <= now)
        .where(is_open(OutboxRow.state))
        .where(~blocked, _still_helps(OutboxRow.expires_at, now))
        .order_by(OutboxRow.priority, OutboxRow.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )


def _still_helps(expires_at: InstrumentedAttribute[datetime | None], now: datetime) -> ColumnElement[bool]:
    return or_(expires_at.is_(None), expires_at > now)


def release(session: Session, now: datetime, *, all_claims: bool) -> int:
    """Make claims due again whose process died before it recorded the outcome; how many.

    A broadcast in that state may have been sent and is marked in doubt, never sent twice. `all_claims` at the start of
    the only process there is (SQLite); else a claim is given up when its lease has run out.
    """
    dead = or_(OutboxRow.claimed_until < now, OutboxRow.claimed_until.is_(None))
    held = select(OutboxRow).where(OutboxRow.state == OutboxState.SENDING)
    rows = session.scalars((held if all_claims else held.where(dead)).with_for_update(skip_locked=True)).all()
    for row in rows:
        in_doubt = row.priority == Priority.BROADCAST
        row.state = OutboxState.IN_DOUBT if in_doubt else OutboxState.WAITING
        row.settled_at = now if in_doubt else None
        row.claimed_until = None
    return len(rows)
