"""What was learnt about posts, and the sketches of their texts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.storage.models import GONE, Post, PostEvidence, TextBand, TextSketch


def of_post(session: Session, post_id: int) -> Sequence[PostEvidence]:
    """All that was learnt about a post, oldest first."""
    return session.scalars(select(PostEvidence).where(PostEvidence.post_id == post_id).order_by(PostEvidence.id)).all()


def keep_sketch(session: Session, post: Post, sketch: bytes | None, bands: Iterable[int], now: datetime) -> None:
    """Put the sketch of the post's text in place of the one before; None if it is too short for one."""
    session.execute(delete(TextBand).where(TextBand.post_id == post.id))
    session.execute(delete(TextSketch).where(TextSketch.post_id == post.id))
    if sketch:
        session.add(TextSketch(post_id=post.id, sketch=sketch, at=now))
        session.add_all(TextBand(campaign=post.campaign, band=band, post_id=post.id) for band in set(bands))
    session.flush()


def sketch_of(session: Session, post: Post) -> bytes | None:
    """The sketch of the post's text."""
    return session.scalar(select(TextSketch.sketch).where(TextSketch.post_id == post.id))


def sketches_like(session: Session, post: Post, since: datetime) -> Sequence[tuple[Post, bytes]]:
    """Live posts whose sketches share a band with this one's, oldest first."""
    own = select(TextBand.band).where(TextBand.post_id == post.id)
    others = select(TextBand.post_id).where(
        TextBand.campaign == post.campaign, TextBand.band.in_(own), TextBand.post_id != post.id
    )
    statement = (
        select(Post, TextSketch.sketch)
        .join(TextSketch, TextSketch.post_id == Post.id)
        .where(Post.id.in_(others), Post.state.not_in(GONE), TextSketch.at >= since)
        .order_by(Post.id)
    )
    return [(each, sketch) for each, sketch in session.execute(statement)]


def forget_sketches(session: Session, before: datetime, most: int) -> int:
    """Delete sketches that are older than the window; how many."""
    old = list(session.scalars(select(TextSketch.post_id).where(TextSketch.at < before).limit(most)))
    session.execute(delete(TextBand).where(TextBand.post_id.in_(old)))
    session.execute(delete(TextSketch).where(TextSketch.post_id.in_(old)))
    return len(old)
