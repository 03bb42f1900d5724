"""The outbox: `put` is the only way to say something to anyone; bot/delivery sends what is here."""

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages import Address, Attached, FileKind, Outgoing, Priority
from bot.storage.models import OutboxRow, StoredFile

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
) -> bool:
    """Queue a message in the caller's transaction; False if one with this `key` was queued before."""
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
            created_at=now,
        )
    )
    session.flush()
    return True


def was_put(session: Session, key: str) -> bool:
    """Whether a message with this key was queued before."""
    return session.scalar(select(OutboxRow.id).where(OutboxRow.key == key)) is not None


def keep_file(session: Session, name: str, content: bytes, kind: FileKind, now: datetime) -> Attached:
    """Store the bytes of a file that a message will carry."""
    file = StoredFile(name=name, content=content, created_at=now)
    session.add(file)
    session.flush()
    return Attached(file.id, name, kind)
