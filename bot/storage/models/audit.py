"""Who changed what: rows are only ever added, which the database itself enforces."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.models.base import Table


class AuditRow(Table):
    """A change of one row by somebody: the columns before and after, without what is personal.

    `act` is the command, step or button that did it; `subject` is the table's name; `unit_id` the unit concerned, if it
    concerns one. What it points to may be gone: a row outlives the things that it tells of.
    """

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    campaign: Mapped[str]
    unit_id: Mapped[int | None]
    by_id: Mapped[int | None]
    channel: Mapped[str]
    act: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    __table_args__ = (Index("ix_audit_unit", "unit_id", "id"), Index("ix_audit_campaign", "campaign", "id"))
