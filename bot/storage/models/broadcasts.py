"""What coordinators say to many, and to whom it went."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.models.base import Table
from bot.storage.models.people import Membership, Unit


class BroadcastState(StrEnum):
    """Where a broadcast stands."""

    DRAFT = "draft"
    ASKED = "asked"  # waits for a second coordinator
    REFUSED = "refused"
    SET = "set"  # goes at `starts_at`
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


ACTIVE = (BroadcastState.ASKED, BroadcastState.SET, BroadcastState.RUNNING, BroadcastState.PAUSED)
_ACTIVE = text(f"state in ({', '.join(repr(state.value) for state in ACTIVE)})")


class Broadcast(Table):
    """A message to an audience. `digest` is the same for the same words to the same audience; one such is active.

    `text` is in the HTML subset of bot/texts, already escaped; `picture` or `document` is the reference of what is
    attached, of which `Attachment` knows more. `template` names a fixed text in place of `text`. `confirm` asks for “I
    have read it”; what is `urgent` goes in quiet hours, too. `wanted_at` is the hour that its author chose, `starts_at`
    when it goes. `progress` is the message in its author's `chat` that shows how far it is.
    """

    __tablename__ = "broadcasts"
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"))
    text: Mapped[str] = mapped_column(default="")
    template: Mapped[str | None]
    picture: Mapped[str | None]
    document: Mapped[str | None]
    channel: Mapped[str | None]
    chat: Mapped[str | None]
    audience: Mapped[dict[str, Any]]
    confirm: Mapped[bool] = mapped_column(default=False, server_default=false())
    urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[str] = mapped_column(default=BroadcastState.DRAFT)
    digest: Mapped[str | None]
    created_at: Mapped[datetime]
    wanted_at: Mapped[datetime | None]
    starts_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    reason: Mapped[str | None]
    again_of_id: Mapped[int | None] = mapped_column(ForeignKey("broadcasts.id"))
    progress: Mapped[str | None]
    unit: Mapped[Unit] = relationship()
    by: Mapped[Membership] = relationship(foreign_keys=[by_id])
    __table_args__ = (
        Index("ux_broadcasts_active", "digest", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
        Index("ix_broadcasts_state", "campaign", "state"),
    )


class RecipientState(StrEnum):
    """What became of one recipient of a broadcast."""

    WAITING = "waiting"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    LEFT_OUT = "left_out"  # known before it went
    STOPPED = "stopped"


class Recipient(Table):
    """One who gets a broadcast: a person, once, whatever number of units or accounts he has, or a group.

    `message` is the messenger's id of what he got, to which he may answer.
    """

    __tablename__ = "broadcast_recipients"
    id: Mapped[int] = mapped_column(primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcasts.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id", ondelete="SET NULL"), index=True)
    channel: Mapped[str | None]
    chat: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=RecipientState.WAITING)
    reason: Mapped[str | None]
    message: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("broadcast_id", "person_id"),
        UniqueConstraint("broadcast_id", "group_id"),
        Index("ix_broadcast_recipients_state", "broadcast_id", "state", "channel", "id"),
        Index("ix_broadcast_recipients_message", "channel", "chat", "message"),
    )


class Attachment(Table):
    """A picture or file of a broadcast, or of a recipient's answer: what it takes to say it on any channel.

    `reference` is good on `channel` only; `file_id` is a copy for the others, `fault` why there is none. While
    `settled_at` is empty, the copy is wanted.
    """

    __tablename__ = "attachments"
    id: Mapped[int] = mapped_column(primary_key=True)
    broadcast_id: Mapped[int | None] = mapped_column(ForeignKey("broadcasts.id", ondelete="CASCADE"), index=True)
    recipient_id: Mapped[int | None] = mapped_column(
        ForeignKey("broadcast_recipients.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    name: Mapped[str]
    channel: Mapped[str]
    reference: Mapped[str]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id", ondelete="SET NULL"))
    fault: Mapped[str | None]
    wanted_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "ix_attachments_wanted",
            "id",
            sqlite_where=text("settled_at is null"),
            postgresql_where=text("settled_at is null"),
        ),
    )
