"""Handed-in posts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.models.base import Table
from bot.storage.models.people import Membership


class PostState(StrEnum):
    """What a handed-in post still needs, or that it counts."""

    COUNTED = "counted"
    NO_TARGET = "no_target"  # the link does not show on which official target it stands
    NO_TEXT = "no_text"
    TAG_WRONG = "tag_wrong"  # missing, or a near miss
    UNRESOLVED = "unresolved"  # a short link, or perhaps another link of a post already logged
    WITHDRAWN = "withdrawn"


class Evidence(StrEnum):
    """How we know what a post says; the ladder of the design."""

    NONE = "none"
    DECLARED = "declared"


class Post(Table):
    """A handed-in link. `key` is the canonical key of bot/domain/links; `id` is the receipt number."""

    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    key: Mapped[str]
    url: Mapped[str]
    platform: Mapped[str]
    kind: Mapped[str]
    target: Mapped[str | None]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"))
    state: Mapped[str]
    required_tag: Mapped[str]
    found_tag: Mapped[str | None]
    fault: Mapped[str | None]
    evidence: Mapped[str] = mapped_column(default=Evidence.NONE)
    text: Mapped[str | None]
    text_hash: Mapped[str | None]
    handed_in_at: Mapped[datetime]
    counted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    membership: Mapped[Membership] = relationship()
    __table_args__ = (
        Index("ix_posts_membership", "membership_id", "handed_in_at"),
        Index("ix_posts_text", "campaign", "text_hash"),
    )


class PostKey(Table):
    """A key by which a live post is known: its number, or a short link's token. One key leads to one post.

    A withdrawn post gives its keys up, so that the link can be handed in again.
    """

    __tablename__ = "post_keys"
    campaign: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
