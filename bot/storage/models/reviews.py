"""Posts that a person has to look at."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.models.base import Table
from bot.storage.models.people import Membership, Unit
from bot.storage.models.posts import Post


class CaseReason(StrEnum):
    """Why a person has to look, the gravest first."""

    APPEAL = "appeal"  # the author does not accept a reviewer's refusal
    DISPUTED = "disputed"  # the author does not accept the machine's verdict
    PICTURE = "picture"  # the author sent a screenshot as evidence
    REPAIRED = "repaired"  # handed in again after a refusal
    UNSETTLED = "unsettled"  # the author's tag is also somebody else's
    DOUBLE = "double"  # perhaps another link of a post that is logged already
    ALIAS = "alias"  # a short link that carries no number
    CONTRADICTED = "contradicted"  # counts, but a source read another text than the author gave
    SIMILAR = "similar"  # counts, but its text is nearly that of another post
    SAMPLE = "sample"  # counts; drawn at random from the declared ones


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    ASKED = "asked"  # out of the queue until the author answers
    ACCEPTED = "accepted"
    REFUSED = "refused"
    MERGED = "merged"
    DROPPED = "dropped"  # nothing to decide any more: withdrawn, or settled by itself


OPEN_STATES = (CaseState.OPEN, CaseState.ASKED)
_UNDECIDED = text("state in ('open', 'asked')")


class ReviewCase(Table):
    """A post in the review queue of `unit` and all above it; a post has one undecided case at most.

    `unit` is that of the post, of an appeal the one above the first reviewer's (`not_by`). One reviewer takes a case
    for some minutes (`claimed_until`), so that two never decide on one. `refusal` is a code of bot/texts, `note` the
    reviewer's own words, `question` and `answer` what passed between him and the author.
    """

    __tablename__ = "review_cases"
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    reason: Mapped[str]
    other_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    state: Mapped[str] = mapped_column(default=CaseState.OPEN)
    opened_at: Mapped[datetime]
    queued_at: Mapped[datetime]
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    claimed_until: Mapped[datetime | None]
    skipped_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    not_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    decided_at: Mapped[datetime | None]
    refusal: Mapped[str | None]
    note: Mapped[str | None]
    asked_at: Mapped[datetime | None]
    question: Mapped[str | None]
    answer: Mapped[str | None]
    post: Mapped[Post] = relationship(foreign_keys=[post_id])
    other: Mapped[Post | None] = relationship(foreign_keys=[other_id])
    unit: Mapped[Unit] = relationship()
    decided_by: Mapped[Membership | None] = relationship(foreign_keys=[decided_by_id])
    not_by: Mapped[Membership | None] = relationship(foreign_keys=[not_by_id])
    __table_args__ = (
        Index("ix_review_cases_post", "post_id"),
        Index("ix_review_cases_queue", "campaign", "state", "queued_at"),
        Index(
            "uq_review_cases_undecided",
            "post_id",
            unique=True,
            sqlite_where=_UNDECIDED,
            postgresql_where=_UNDECIDED,
        ),
    )
