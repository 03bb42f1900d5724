"""The outbox: `put` is the only way to say something to anyone; bot/delivery sends what is here."""

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.messages import Address, Attached, FileKind, Outgoing, Priority
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
    """Queue a message in the caller's transaction; False if one with this `key` was queued before.

    It is not sent from `expires_at` on; `withdraw_expired` says which those are.
    """
    if key is not None and was_put(session, key):
        return False
    session.add(
        OutboxRow(
            channel=to.channel,
            chat=to.chat,
            priority=priority,
            key=key,
            body=BODY.dump_json(message, exclude_defaults=True).decode(),
            file_id=message.file.id if message.file else None,
            not_before=not_before or now,
            expires_at=expires_at,
            created_at=now,
        )
    )
    session.flush()
    return True


def was_put(session: Session, key: str) -> bool:
    """Whether a message with this key was queued before."""
    return session.scalar(select(OutboxRow.id).where(OutboxRow.key == key)) is not None


def waiting(session: Session, priority: Priority) -> int:
    """How many messages of this priority wait to be sent."""
    which = OutboxRow.state == OutboxState.WAITING, OutboxRow.priority == priority
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
