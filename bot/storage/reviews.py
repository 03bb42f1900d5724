"""The review queue."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.storage.models import CaseReason, CaseState, Membership, Post, PostState, ReviewCase
from bot.storage.queues import is_undecided
from bot.storage.units import below

CLAIM_LASTS = timedelta(minutes=15)
SKIPPED_FOR = timedelta(hours=1)


def undecided(session: Session, post_id: int) -> ReviewCase | None:
    """The case of a post that nobody decided yet."""
    statement = select(ReviewCase).where(ReviewCase.post_id == post_id, is_undecided(ReviewCase.state))
    return session.scalar(statement.with_for_update())


def of_post(session: Session, post_id: int) -> Sequence[ReviewCase]:
    """All cases of a post, oldest first, locked."""
    statement = select(ReviewCase).where(ReviewCase.post_id == post_id).order_by(ReviewCase.id)
    return session.scalars(statement.with_for_update()).all()


def decided(session: Session, post_id: int) -> Sequence[ReviewCase]:
    """The decisions on a post, the newest first."""
    by_people = (CaseState.ACCEPTED, CaseState.REFUSED)
    statement = select(ReviewCase).where(ReviewCase.post_id == post_id, ReviewCase.state.in_(by_people))
    return session.scalars(statement.order_by(ReviewCase.id.desc())).all()


def refusals(session: Session, post_id: int) -> Sequence[ReviewCase]:
    """The decisions against a post, the newest first."""
    return [case for case in decided(session, post_id) if case.state == CaseState.REFUSED]


def had(session: Session, post_id: int, reason: CaseReason) -> bool:
    """Whether the post ever was a case for this reason."""
    statement = select(ReviewCase.id).where(ReviewCase.post_id == post_id, ReviewCase.reason == reason)
    return session.scalar(statement.limit(1)) is not None


def waiting(
    session: Session, reviewer: Membership, now: datetime, reasons: Collection[str] = ()
) -> Sequence[tuple[str, int, datetime]]:
    """(reason, how many, since when) of the cases that wait for this reviewer."""
    statement = _for(reviewer, now).with_only_columns(
        ReviewCase.reason, func.count(), func.min(ReviewCase.opened_at), maintain_column_froms=True
    )
    if reasons:
        statement = statement.where(ReviewCase.reason.in_(reasons))
    return [(reason, count, since) for reason, count, since in session.execute(statement.group_by(ReviewCase.reason))]


def any_open(session: Session, campaign: str) -> bool:
    """Whether any case waits for anybody."""
    statement = select(ReviewCase.id).where(ReviewCase.campaign == campaign, ReviewCase.state == CaseState.OPEN)
    return session.scalar(statement.limit(1)) is not None


def next_for(session: Session, reviewer: Membership, now: datetime) -> ReviewCase | None:
    """The oldest case that this reviewer may decide and did not just skip."""
    not_skipped = or_(
        ReviewCase.skipped_by_id.is_(None),
        ReviewCase.skipped_by_id != reviewer.id,
        ReviewCase.queued_at <= now - SKIPPED_FOR,
    )
    statement = _for(reviewer, now).where(not_skipped).order_by(ReviewCase.queued_at, ReviewCase.id)
    return session.scalar(statement.limit(1))


def clean_for(session: Session, reviewer: Membership, now: datetime, most: int) -> Sequence[ReviewCase]:
    """The oldest cases in which nothing is wrong: posts that count and were drawn at random."""
    clean = (ReviewCase.reason == CaseReason.SAMPLE, Post.state == PostState.COUNTED)
    return session.scalars(_for(reviewer, now).where(*clean).order_by(ReviewCase.queued_at).limit(most)).all()


def claim(session: Session, case_id: int, reviewer: Membership, now: datetime) -> bool:
    """Take the case for some minutes; False if another reviewer has it, or if it is decided."""
    taken = session.execute(
        update(ReviewCase)
        .where(ReviewCase.id == case_id, ReviewCase.state == CaseState.OPEN, _free(reviewer, now))
        .values(claimed_by_id=reviewer.id, claimed_until=now + CLAIM_LASTS)
        .returning(ReviewCase.id)
        .execution_options(synchronize_session="fetch")
    )
    return taken.first() is not None


def release(session: Session, reviewer_id: int) -> None:
    """Let go of what this reviewer had taken: he decides no more."""
    session.execute(
        update(ReviewCase)
        .where(is_undecided(ReviewCase.state), ReviewCase.state == CaseState.OPEN)
        .where(ReviewCase.claimed_by_id == reviewer_id)
        .values(claimed_by_id=None, claimed_until=None)
        .execution_options(synchronize_session="fetch")
    )


def _for(reviewer: Membership, now: datetime) -> Select[ReviewCase]:
    """Open cases of the reviewer's units that nobody else has, that are not about his own post, nor barred to him."""
    author, barred = aliased(Membership), aliased(Membership)
    return (
        select(ReviewCase)
        .join(Post, Post.id == ReviewCase.post_id)
        .join(author, author.id == Post.membership_id)
        .outerjoin(barred, barred.id == ReviewCase.not_by_id)
        .where(
            is_undecided(ReviewCase.state),
            ReviewCase.state == CaseState.OPEN,
            ReviewCase.unit_id.in_(below(reviewer.unit_id)),
            or_(author.person_id.is_(None), author.person_id != reviewer.person_id),
            or_(barred.person_id.is_(None), barred.person_id != reviewer.person_id),
            _free(reviewer, now),
        )
    )


def _free(reviewer: Membership, now: datetime) -> ColumnElement[bool]:
    return or_(
        ReviewCase.claimed_until.is_(None), ReviewCase.claimed_until <= now, ReviewCase.claimed_by_id == reviewer.id
    )


def bring_back_asked(session: Session, asked_before: datetime, now: datetime) -> int:
    """Reopen cases whose author was asked before then and did not answer; how many."""
    back = session.execute(
        update(ReviewCase)
        .where(is_undecided(ReviewCase.state), ReviewCase.state == CaseState.ASKED)
        .where(ReviewCase.asked_at < asked_before)
        .values(state=CaseState.OPEN, queued_at=now)
        .returning(ReviewCase.id)
        .execution_options(synchronize_session="fetch")
    )
    return len(back.all())
