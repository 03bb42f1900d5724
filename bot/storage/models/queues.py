"""The two queues, the files they carry, and where a chat stands in a conversation."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.models.base import Table

_WAITING = text("state = 'waiting'")


class InboxState(StrEnum):
    """Where an update stands."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"  # failed for the last time; kept for the operator


class InboxRow(Table):
    """An update kept before the messenger is told that it arrived. The payload goes once it is handled.

    `alerted` says that the operators heard of a dead one.
    """

    __tablename__ = "inbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    update_id: Mapped[str]
    chat: Mapped[str]
    payload: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=InboxState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    error: Mapped[str | None]
    alerted: Mapped[bool] = mapped_column(server_default=false())
    __table_args__ = (
        UniqueConstraint("channel", "update_id"),
        Index("ix_inbox_waiting", "channel", "chat", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_inbox_next", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_inbox_handled_at", "handled_at"),
        Index("ix_inbox_dead", "id", sqlite_where=text("state = 'dead'"), postgresql_where=text("state = 'dead'")),
    )


class OutboxState(StrEnum):
    """Where a message to somebody stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"  # a broadcast whose fate is unknown: never sent twice


_OPEN = text("state in ('waiting', 'sending')")
_HAS_FILE = text("file_id is not null")


class OutboxRow(Table):
    """One thing to say to one chat. `key` makes a repeat harmless; the body goes once it was sent.

    From `expires_at` on it is not sent any more: whoever put it decides anew. `follows_id` is the first row of a
    message that was too long for one: if that is taken back, so is this.
    """

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    chat: Mapped[str]
    priority: Mapped[str]
    key: Mapped[str | None] = mapped_column(unique=True)
    body: Mapped[str]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(default=OutboxState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    message: Mapped[str | None]
    error: Mapped[str | None]
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), index=True)
    __table_args__ = (
        Index("ix_outbox_open", "channel", "priority", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_outbox_chat", "channel", "chat", "priority", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_outbox_settled_at", "settled_at"),
        Index("ix_outbox_file", "file_id", sqlite_where=_HAS_FILE, postgresql_where=_HAS_FILE),
    )


class StoredFile(Table):
    """Bytes waiting to be sent, such as a QR picture or an export."""

    __tablename__ = "files"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(index=True)


class WantedFile(Table):
    """A picture or paper that a chat asked for; made in the background. `subject` holds the ids that it is about."""

    __tablename__ = "wanted_files"
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign: Mapped[str | None]
    channel: Mapped[str]
    chat: Mapped[str]
    language: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[dict[str, Any]]
    wanted_at: Mapped[datetime] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]


class Conversation(Table):
    """The step a chat is at, so that a restart of the bot changes nothing for the person."""

    __tablename__ = "conversations"
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    chat: Mapped[str]
    step: Mapped[str]
    data: Mapped[dict[str, Any]]
    language: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (UniqueConstraint("channel", "chat"),)


class Group(Table):
    """A group chat the bot was added to; the chat of a unit, once one of its admins tied it to it."""

    __tablename__ = "groups"
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    chat: Mapped[str]
    title: Mapped[str]
    present: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    linked_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    summaries: Mapped[bool] = mapped_column(default=True, server_default=true())
    __table_args__ = (UniqueConstraint("channel", "chat"),)


class Installation(Table):
    """Small facts about this installation, such as the key that signs buttons."""

    __tablename__ = "installation"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
