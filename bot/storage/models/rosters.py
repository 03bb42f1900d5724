"""Rosters that come as a file, and what people ask about their data."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.models.base import Table
from bot.storage.models.people import Membership, Unit


class BatchState(StrEnum):
    """Where an import stands."""

    WANTED = "wanted"  # the file is still to be fetched and read
    CHECKED = "checked"  # read; nothing is written
    FAULTY = "faulty"  # it could not be read, or holds nothing that could be written
    WRITING = "writing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    DROPPED = "dropped"


PAGES = "pages:"
"""What the `kind` of a sheet with the figures of pages begins with; their month follows."""


class ImportBatch(Table):
    """A roster, or the figures of pages, that was sent as a file; the file itself is not kept.

    `digest` is the file's SHA-256, by which it is known when it comes again. `kind` is what the sender chose for rows
    that do not say it: the kind of member, or of a sheet of pages “pages:” and a month. `units` are those that it asks
    to be added, `figures` what is told of it.
    """

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
    digest: Mapped[str | None]
    kind: Mapped[str | None]
    units: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    unit: Mapped[Unit] = relationship()
    by: Mapped[Membership] = relationship(foreign_keys=[by_id])

    @property
    def month(self) -> date | None:
        """Of a sheet with the figures of pages, the month of rows that do not say theirs; None for a roster."""
        kind = self.kind or ""
        return date.fromisoformat(kind.removeprefix(PAGES)) if kind.startswith(PAGES) else None


class ImportPart(Table):
    """Some rows of a batch, written in one transaction.

    Before that `rows` are what the sheet says of people; after it, what was changed, so that it can be undone: the id
    of each membership with its values before and after, or of what was entered of a page. `figures` are there once it
    is written.
    """

    __tablename__ = "import_parts"
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class DataRequestKind(StrEnum):
    """What somebody asks about his data."""

    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"


class DataRequest(Table):
    """Somebody's request about his data, which must be answered within 2 working days (decree 356/2025/NĐ-CP).

    `subject` is a keyed hash of the account, so that the register outlives an erasure; `person_id` and words do not.
    """

    __tablename__ = "data_requests"
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    subject: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    words: Mapped[str]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    answer: Mapped[str | None]
    membership: Mapped[Membership | None] = relationship(foreign_keys=[membership_id])
