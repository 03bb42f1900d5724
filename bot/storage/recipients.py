"""The recipients of broadcasts while they are being told, and afterwards."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, String, and_, cast, delete, func, literal, select, update
from sqlalchemy.orm import Session

from bot.messages import Address
from bot.storage.models import (
    Account,
    Attachment,
    Broadcast,
    BroadcastState,
    Group,
    Membership,
    OutboxRow,
    OutboxState,
    Person,
    Recipient,
    RecipientState,
    Unit,
)
from bot.storage.queues import is_open

KEY = "broadcast:"
_KEY_OF_ROW = literal(KEY).concat(cast(Recipient.id, String))
_OPEN = (OutboxState.WAITING, OutboxState.SENDING)
UNREACHED = (RecipientState.FAILED, RecipientState.LEFT_OUT, RecipientState.STOPPED, RecipientState.IN_DOUBT)


class Next(NamedTuple):
    """A recipient whose turn it is; `membership_id` is None for a group, who does not want it opted out meanwhile."""

    id: int
    channel: str | None
    chat: str | None
    membership_id: int | None
    language: str
    wants_it: bool


class Line(NamedTuple):
    """A recipient as the report shows him."""

    name: str
    unit: str
    phone: str
    state: str
    reason: str
    settled_at: datetime | None
    read_at: datetime | None


def key(recipient_id: int) -> str:
    """The outbox's key of what is said to a recipient."""
    return f"{KEY}{recipient_id}"


def figures(session: Session, broadcast_id: int) -> dict[str, int]:
    """State → how many recipients; “read” is how many confirmed that they read it."""
    statement = select(Recipient.state, func.count()).where(Recipient.broadcast_id == broadcast_id)
    found = {row[0]: row[1] for row in session.execute(statement.group_by(Recipient.state))}
    read = select(func.count()).where(Recipient.broadcast_id == broadcast_id, Recipient.read_at.is_not(None))
    return {**found, "read": session.scalar(read) or 0}


def count(session: Session, broadcast_id: int, state: RecipientState) -> int:
    """How many recipients are in this state."""
    which = (Recipient.broadcast_id == broadcast_id, Recipient.state == state)
    return session.scalar(select(func.count()).select_from(Recipient).where(*which)) or 0


def next_waiting(session: Session, broadcast_id: int, channel: str, most: int) -> Sequence[Next]:
    """The next to be told on a channel."""
    columns = (Recipient.id, Recipient.channel, Recipient.chat, Recipient.membership_id)
    statement = (
        select(*columns, Person.language, Person.wants_broadcasts)
        .outerjoin(Person, Person.id == Recipient.person_id)
        .where(Recipient.broadcast_id == broadcast_id, Recipient.state == RecipientState.WAITING)
        .where(Recipient.channel == channel)
        .order_by(Recipient.id)
        .limit(most)
    )
    return [Next(*row[:4], row[4] or "vi", row[5] is not False) for row in session.execute(statement)]


def left(session: Session, broadcast_id: int) -> dict[str, int]:
    """Channel → how many are still to be told there."""
    open_states = (RecipientState.WAITING, RecipientState.QUEUED)
    statement = select(Recipient.channel, func.count()).where(
        Recipient.broadcast_id == broadcast_id, Recipient.state.in_(open_states)
    )
    return {row[0] or "": row[1] for row in session.execute(statement.group_by(Recipient.channel))}


def put_into(
    session: Session,
    ids: Collection[int],
    state: RecipientState,
    now: datetime | None = None,
    reason: str | None = None,
) -> None:
    """These recipients are in this state from now on."""
    if not ids:
        return
    values = {"state": state, "settled_at": now, "reason": reason}
    session.execute(
        update(Recipient).where(Recipient.id.in_(ids)).values(**values).execution_options(synchronize_session=False)
    )


def collect(session: Session, broadcast_id: int, now: datetime) -> int:
    """Write down what became of the messages in the outbox; how many recipients are settled by it.

    A message that the outbox does not know any more may have been sent.
    """
    statement = (
        select(
            Recipient.id,
            OutboxRow.state,
            OutboxRow.error,
            OutboxRow.message,
            OutboxRow.settled_at,
            Account.reachable,
        )
        .outerjoin(OutboxRow, OutboxRow.key == _KEY_OF_ROW)
        .outerjoin(Account, (Account.channel == Recipient.channel) & (Account.chat == Recipient.chat))
        .where(Recipient.broadcast_id == broadcast_id, Recipient.state == RecipientState.QUEUED)
        .where(OutboxRow.state.is_(None) | OutboxRow.state.not_in(_OPEN))
    )
    rows = [
        {
            "id": id_,
            "state": (state or RecipientState.IN_DOUBT),
            "reason": "blocked" if reachable is False and state == OutboxState.FAILED else error if state else None,
            "message": message,
            "settled_at": settled_at or now,
            # A group has a new number once it has become a supergroup.
        }
        for id_, state, error, message, settled_at, reachable in session.execute(statement)
    ]
    if rows:
        session.execute(update(Recipient), rows)
    return len(rows)


def withdraw(session: Session, broadcast_id: int) -> int:
    """Take back what was not sent yet: those recipients wait again. How many."""
    queued = _queued_keys(broadcast_id)
    taken = delete(OutboxRow).where(OutboxRow.state == OutboxState.WAITING, OutboxRow.key.in_(queued))
    keys = session.scalars(taken.returning(OutboxRow.key).execution_options(synchronize_session=False)).all()
    put_into(session, [int((each or "").removeprefix(KEY)) for each in keys], RecipientState.WAITING)
    return len(keys)


def stop(session: Session, broadcast_id: int, now: datetime) -> None:
    """Whoever was not told yet will not be."""
    which = (Recipient.broadcast_id == broadcast_id, Recipient.state == RecipientState.WAITING)
    values = {"state": RecipientState.STOPPED, "settled_at": now}
    session.execute(update(Recipient).where(*which).values(**values).execution_options(synchronize_session=False))


def forget(session: Session, at: Address) -> None:
    """Whoever was told here wants to be forgotten: the broadcasts keep their counts, not where he was told."""
    waiting = delete(OutboxRow).filter_by(channel=at.channel, chat=at.chat, state=OutboxState.WAITING)
    waiting = waiting.where(is_open(OutboxRow.state), OutboxRow.key.startswith(KEY))
    session.execute(waiting.execution_options(synchronize_session=False))
    here = update(Recipient).filter_by(channel=at.channel, chat=at.chat)
    here = here.execution_options(synchronize_session=False)
    not_told = here.where(Recipient.state == RecipientState.WAITING)
    session.execute(not_told.values(state=RecipientState.LEFT_OUT, reason="left"))
    answers = select(Recipient.id).filter_by(channel=at.channel, chat=at.chat)
    session.execute(delete(Attachment).where(Attachment.recipient_id.in_(answers)))
    session.execute(here.values(channel=None, chat=None, message=None))


def queued(session: Session) -> int:
    """How many messages of broadcasts are in the outbox's hands, as far as is known."""
    running = select(Broadcast.id).where(Broadcast.state == BroadcastState.RUNNING)
    which = (Recipient.broadcast_id.in_(running), Recipient.state == RecipientState.QUEUED)
    return session.scalar(select(func.count()).select_from(Recipient).where(*which)) or 0


def of_message(session: Session, at: Address, message: str) -> Recipient | None:
    """The recipient to whom this message of a chat was sent."""
    here = (Recipient.channel == at.channel, Recipient.chat == at.chat)
    found = session.scalar(select(Recipient).where(*here, Recipient.message == message).limit(1))
    if found is not None:
        return found
    # Not collected yet: the outbox knows.
    sent = OutboxRow.key == literal(KEY).concat(Recipient.id), OutboxRow.message == message
    queued = select(Recipient).where(*here, Recipient.state == RecipientState.QUEUED)
    return session.scalar(queued.join(OutboxRow, and_(*sent)).limit(1))


def received(session: Session, person_id: int) -> Sequence[tuple[Recipient, Broadcast]]:
    """What a person got or should have got, oldest first."""
    statement = select(Recipient, Broadcast).join(Broadcast, Broadcast.id == Recipient.broadcast_id)
    found = session.execute(statement.where(Recipient.person_id == person_id).order_by(Recipient.id))
    return [(row[0], row[1]) for row in found]


def lines(
    session: Session,
    broadcast_id: int,
    states: Collection[RecipientState] = tuple(RecipientState),
    *,
    offset: int = 0,
    most: int | None = None,
) -> Sequence[Line]:
    """The recipients in these states, those not reached first, by unit and name."""
    statement = (
        select(
            func.coalesce(Membership.full_name, Group.title, ""),
            func.coalesce(Unit.name, ""),
            func.coalesce(Membership.phone, ""),
            Recipient.state,
            func.coalesce(Recipient.reason, ""),
            Recipient.settled_at,
            Recipient.read_at,
        )
        .outerjoin(Membership, Membership.id == Recipient.membership_id)
        .outerjoin(Group, Group.id == Recipient.group_id)
        .outerjoin(Unit, Unit.id == func.coalesce(Membership.unit_id, Group.unit_id))
        .where(Recipient.broadcast_id == broadcast_id, Recipient.state.in_(states))
        .order_by(Recipient.state == RecipientState.SENT, Unit.folded, Membership.full_name, Recipient.id)
        .offset(offset)
        .limit(most)
    )
    return [Line(*row) for row in session.execute(statement)]


def _queued_keys(broadcast_id: int) -> Select[str]:
    which = (Recipient.broadcast_id == broadcast_id, Recipient.state == RecipientState.QUEUED)
    return select(_KEY_OF_ROW).where(*which)
