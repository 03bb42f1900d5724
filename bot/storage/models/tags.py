"""The tags of units and of people: proposed by the campaign's rule, or set by an admin, each with its days."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.models.base import Table
from bot.storage.models.people import Membership, Unit


class TagKind(StrEnum):
    """What a tag is to its holder."""

    REQUIRED = "required"
    ACCEPTED = "accepted"  # counts as well
    CLASH = "clash"  # proposed, but somebody else's proposal or tag is the same: nobody's until an admin settles it


_OPEN_REQUIRED = text("kind = 'required' and valid_until is null")


class Tag(Table):
    """A tag of a unit, or of one member where his unit type signs by name.

    `folded` is the form in which two tags are one. It holds from `valid_from` (None: always did) to the day before
    `valid_until` (None: no end). No two holders have the same required tag on one day.
    """

    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id", ondelete="CASCADE"), index=True)
    tag: Mapped[str]
    folded: Mapped[str]
    kind: Mapped[str]
    proposed: Mapped[bool]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    set_at: Mapped[datetime]
    unit: Mapped[Unit] = relationship()
    membership: Mapped[Membership | None] = relationship(foreign_keys=[membership_id])
    __table_args__ = (
        Index("ix_tags_folded", "campaign", "folded"),
        Index(
            "uq_tags_open_required",
            "campaign",
            "folded",
            unique=True,
            sqlite_where=_OPEN_REQUIRED,
            postgresql_where=_OPEN_REQUIRED,
        ),
    )
