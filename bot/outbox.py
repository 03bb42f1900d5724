"""The outbox: `put` is the only way to say something to anyone; bot/delivery sends what is here."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, delete, func, insert, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.channels.capabilities import capabilities_of
from bot.linked_files import with_links
from bot.messages import Address, Attached, FileKind, Outgoing, Priority
from bot.rendering import Rendered, beginning, render
from bot.storage import menus
from bot.storage.models import OutboxRow, OutboxState, StoredFile

BODY: TypeAdapter[Outgoing] = TypeAdapter(Outgoing)


def put(
    session: Session,
    to: Address,
    message: Outgoing,
    now: datetime,
    *,
    priority: Priority = Priority.REPLY,
    key: str | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Queue a message in the caller's transaction, as its channel can say it; False if one with this `key` was before.

    It is not sent from `expires_at` on; `withdraw_expired` says which those are.
    """
    if key is not None and was_put(session, key):
        return False
    capabilities, goes_at = capabilities_of(to.channel), not_before or now
    rendered = render(with_links(session, to, message, capabilities, goes_at), capabilities)
    rows = [
        OutboxRow(
            channel=to.channel,
            chat=to.chat,
            priority=priority,
            body=BODY.dump_json(each, exclude_defaults=True).decode(),
            file_id=each.file.id if each.file else None,
            not_before=goes_at,
            expires_at=expires_at,
            created_at=now,
        )
        for each in rendered.messages
    ]
    _add(session, rows, key)
    if rows and rendered.options:
        menus.keep(session, rows[-1], rendered.options, message.language, beginning(message), now)
    return True


def _add(session: Session, rows: Sequence[OutboxRow], key: str | None) -> None:
    """The first row has the key, the others follow it: what is known of the message, is known of its beginning."""
    for row in rows:
        if row is rows[0]:
            row.key = key
        else:
            row.follows_id = rows[0].id
        session.add(row)
        session.flush()


def put_all(
    session: Session, messages: Sequence[tuple[str, Address, Outgoing]], now: datetime, priority: Priority
) -> None:
    """Queue many messages at once, each under a key that was never used before."""
    whole = []
    for key, to, message in messages:
        if _goes_as_it_is(to, message):
            whole.append((key, to, message))
        else:
            put(session, to, message, now, priority=priority, key=key)
    common = {"priority": priority, "not_before": now, "created_at": now}
    rows = [
        {
            **common,
            "key": key,
            "channel": to.channel,
            "chat": to.chat,
            "body": BODY.dump_json(message, exclude_defaults=True).decode(),
        }
        for key, to, message in whole
    ]
    if rows:
        session.execute(insert(OutboxRow), rows)


def _goes_as_it_is(to: Address, message: Outgoing) -> bool:
    return message.file is None and render(message, capabilities_of(to.channel)) == Rendered((message,))


def was_put(session: Session, key: str) -> bool:
    """Whether a message with this key was queued before."""
    return session.scalar(select(OutboxRow.id).where(OutboxRow.key == key)) is not None


def is_open(state: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """As the indices of what is open say it, letter by letter: SQLite takes an index of a part only then."""
    written = (OutboxState.WAITING.value, OutboxState.SENDING.value)
    return state.in_([literal(each, literal_execute=True) for each in written])


def waiting(session: Session, priority: Priority) -> int:
    """How many messages of this priority wait to be sent."""
    which = is_open(OutboxRow.state), OutboxRow.state == OutboxState.WAITING, OutboxRow.priority == priority
    return session.scalar(select(func.count()).select_from(OutboxRow).where(*which)) or 0


def withdraw_expired(session: Session, now: datetime) -> list[str]:
    """Take back what was not sent in time; the keys, which are free again."""
    late = OutboxRow.state == OutboxState.WAITING, OutboxRow.expires_at <= now
    return [key for key in session.scalars(delete(OutboxRow).where(*late).returning(OutboxRow.key)) if key]


def keep_file(session: Session, name: str, content: bytes, kind: FileKind, now: datetime) -> Attached:
    """Store the bytes of a file that a message will carry."""
    file = StoredFile(name=name, content=content, created_at=now)
    session.add(file)
    session.flush()
    return Attached(file.id, name, kind)
