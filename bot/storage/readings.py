"""Posts that wait to be read by a source."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.storage.models import Post, PostReading, ReadingState

CLAIM_LASTS = timedelta(minutes=2)


def of_link(session: Session, campaign: str, source: str, key: str) -> PostReading | None:
    """The row of a source and a link, if it was ever asked about it."""
    return session.scalar(select(PostReading).filter_by(campaign=campaign, source=source, key=key).with_for_update())


def add(session: Session, post: Post, source: str, key: str, now: datetime) -> PostReading:
    """Have a source read the link of a post."""
    row = PostReading(
        post_id=post.id,
        campaign=post.campaign,
        source=source,
        key=key,
        state=ReadingState.WAITING,
        attempts=0,
        not_before=now,
    )
    session.add(row)
    session.flush()
    return row


def claim(session: Session, now: datetime, most: int) -> Sequence[tuple[PostReading, str]]:
    """Take rows that are due, with the links of their posts. A claim that was lost with its process falls due again."""
    due = or_(
        and_(PostReading.state == ReadingState.WAITING, PostReading.not_before <= now),
        and_(PostReading.state == ReadingState.READING, PostReading.claimed_until <= now),
    )
    statement = select(PostReading, Post.url).join(Post, Post.id == PostReading.post_id).where(due)
    statement = statement.order_by(PostReading.not_before, PostReading.id).limit(most)
    rows = [(row, url) for row, url in session.execute(statement.with_for_update(of=PostReading, skip_locked=True))]
    for row, _ in rows:
        row.state, row.claimed_until, row.attempts = ReadingState.READING, now + CLAIM_LASTS, row.attempts + 1
    session.flush()
    return rows
