"""Rosters that come as a file, and what people ask about their data."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.models.base import Table
from bot.storage.models.people import Membership, Unit


class BatchState(StrEnum):
    """Where an import stands."""

    WANTED = "wanted"  # the file is still to be fetched and read
    CHECKED = "checked"  # read without faults that stop it; nothing is written
    FAULTY = "faulty"
    WRITING = "writing"
    DONE = "done"
    UNDONE = "undone"
    DROPPED = "dropped"


class ImportBatch(Table):
    """A roster that was sent as a file. `rows` are what it would write; they go with the file once it is settled."""

    __tablename__ = "import_batches"
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("memberships.id", use_alter=True))
    channel: Mapped[str]
    chat: Mapped[str]
    name: Mapped[str]
    source: Mapped[str]  # the channel's own reference of the file
    state: Mapped[str] = mapped_column(default=BatchState.WANTED)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    rows: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    unit: Mapped[Unit] = relationship()


class DataRequestKind(StrEnum):
    """What somebody asks about his data."""

    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"


class DataRequest(Table):
    """Somebody's request about his data, which must be answered within 2 working days (decree 356/2025/NĐ-CP).

    `subject` is a keyed hash of the account, so that the register outlives an erasure.
    """

    __tablename__ = "data_requests"
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    subject: Mapped[str]
    kind: Mapped[str]
    words: Mapped[str]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    answer: Mapped[str | None]
    membership: Mapped[Membership | None] = relationship(foreign_keys=[membership_id])
