"""Handed-in posts, the keys they are known by, and how we know what they say."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.models.base import Table
from bot.storage.models.people import Membership

_HAS_TEXT, _HAS_PICTURE = text("text is not null"), text("picture is not null")


class PostState(StrEnum):
    """What a handed-in post still needs, or that it counts."""

    COUNTED = "counted"
    NO_TARGET = "no_target"  # the link does not show on which official target it stands
    NO_TEXT = "no_text"
    TAG_WRONG = "tag_wrong"  # missing, or a near miss
    UNRESOLVED = "unresolved"  # a short link, or perhaps another link of a post already logged
    IN_REVIEW = "in_review"  # a person has to decide before it counts
    REFUSED = "refused"  # by a reviewer; may be handed in again after repair
    MERGED = "merged"  # another link of a post that was handed in before
    WITHDRAWN = "withdrawn"


GONE = (PostState.WITHDRAWN, PostState.MERGED)
"""States of a post that is no longer one of its own."""


class Evidence(StrEnum):
    """How we know what a post says: the ladder of the design, from nothing to a person who looked."""

    NONE = "none"
    DECLARED = "declared"  # the author's own text
    CONFIRMED_API = "confirmed_api"
    CONFIRMED_PUBLIC = "confirmed_public"
    CONFIRMED_PERSON = "confirmed_person"


LADDER = list(Evidence)


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
    posted_on: Mapped[date | None]  # told by a source; else the day of the hand-in is taken for it
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    membership: Mapped[Membership] = relationship()
    __table_args__ = (
        Index("ix_posts_membership", "membership_id", "handed_in_at"),
        Index("ix_posts_unit", "unit_id", "handed_in_at"),
        Index("ix_posts_text", "campaign", "text_hash"),
        Index("ix_posts_counted", "campaign", "state", "handed_in_at"),
        Index("ix_posts_texts", "campaign", "handed_in_at", sqlite_where=_HAS_TEXT, postgresql_where=_HAS_TEXT),
    )


class PostKey(Table):
    """A key by which a live post is known: its number, or a short link's token. One key leads to one post.

    A withdrawn post gives its keys up, so that the link can be handed in again. `source` says who told the key: the
    link as it was handed in, a `share_url` echo, a redirect, an API's answer, or a reviewer.
    """

    __tablename__ = "post_keys"
    campaign: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(default="link", server_default="link")
    known_at: Mapped[datetime | None]


class EvidenceSource(StrEnum):
    """Who or what told something about a post; names of readers in bot/posts stand beside these."""

    AUTHOR = "author"
    SCREENSHOT = "screenshot"
    REVIEWER = "reviewer"


class PostEvidence(Table):
    """One thing that was learnt about a post: who told it, when, and what it showed.

    `picture` is the channel's own reference of a screenshot. Pictures go with the texts after the campaign's period;
    hash, tag and level stay.
    """

    __tablename__ = "post_evidence"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    level: Mapped[str]
    source: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    verdict: Mapped[str | None]
    tag: Mapped[str | None]
    text_hash: Mapped[str | None]
    channel: Mapped[str | None]
    picture: Mapped[str | None]
    __table_args__ = (
        Index("ix_post_evidence_pictures", "post_id", sqlite_where=_HAS_PICTURE, postgresql_where=_HAS_PICTURE),
    )


class ReadingState(StrEnum):
    """Where the reading of a post by machine stands."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"  # for good; it says nothing about the post


class PostReading(Table):
    """A post that a source should read in the background. One row a source and link, so that no link is asked twice."""

    __tablename__ = "post_readings"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    campaign: Mapped[str]
    source: Mapped[str]
    key: Mapped[str]
    state: Mapped[str] = mapped_column(default=ReadingState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint("campaign", "source", "key"),
        Index("ix_post_readings_due", "state", "not_before"),
    )


class TextSketch(Table):
    """What is left of a text for finding nearly the same one; forgotten after the campaign's window."""

    __tablename__ = "text_sketches"
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    sketch: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(index=True)


class TextBand(Table):
    """A part of a sketch: texts that share one may be nearly the same.

    Two dozen rows for each text, which follow from its sketch: no more than the one index by which they are sought.
    """

    __tablename__ = "text_bands"
    __table_args__ = ({"sqlite_with_rowid": False},)
    campaign: Mapped[str] = mapped_column(primary_key=True)
    band: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    post_id: Mapped[int] = mapped_column(primary_key=True)
