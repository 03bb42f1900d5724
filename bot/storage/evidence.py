"""What was learnt about posts, and the sketches of their texts."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from bot.storage.models import GONE, OPEN_STATES, Post, PostEvidence, ReviewCase, TextBand, TextSketch
from bot.storage.reports import held_since

_HAS_WORDS = or_(ReviewCase.note.is_not(None), ReviewCase.question.is_not(None), ReviewCase.answer.is_not(None))


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


def sketches_like(session: Session, post: Post, since: datetime, most: int) -> Sequence[tuple[int, bytes]]:
    """(post, sketch) of live posts whose sketches share a band with this one's, oldest first."""
    own = select(TextBand.band).where(TextBand.post_id == post.id)
    others = select(TextBand.post_id).where(
        TextBand.campaign == post.campaign, TextBand.band.in_(own), TextBand.post_id != post.id
    )
    statement = (
        select(Post.id, TextSketch.sketch)
        .join(TextSketch, TextSketch.post_id == Post.id)
        .where(Post.id.in_(others), Post.state.not_in(GONE), TextSketch.at >= since)
        .order_by(Post.id)
        .limit(most)
    )
    return [(other, sketch) for other, sketch in session.execute(statement)]


def forget_sketches(session: Session, before: datetime, most: int) -> int:
    """Delete sketches that are older than the window; how many."""
    old = list(session.scalars(select(TextSketch.post_id).where(TextSketch.at < before).limit(most)))
    session.execute(delete(TextBand).where(TextBand.post_id.in_(old)))
    session.execute(delete(TextSketch).where(TextSketch.post_id.in_(old)))
    return len(old)


def forget_texts(session: Session, campaign: str, before: datetime, most: int) -> int:
    """Empty texts, pictures and words about posts handed in, and last filed in a report, before then; how many."""
    undecided = select(ReviewCase.post_id).where(ReviewCase.state.in_(OPEN_STATES))
    kept = or_(
        Post.text.is_not(None),
        Post.id.in_(select(PostEvidence.post_id).where(PostEvidence.picture.is_not(None))),
        Post.id.in_(select(ReviewCase.post_id).where(_HAS_WORDS)),
    )
    held = held_since(session, campaign, before)
    old = select(Post.id).where(
        Post.campaign == campaign, Post.handed_in_at < before, kept, Post.id.not_in(undecided), Post.id.not_in(held)
    )
    posts = list(session.scalars(old.order_by(Post.id).limit(most)))
    forget_words(session, posts)
    session.execute(update(Post).where(Post.id.in_(posts)).values(text=None))
    return len(posts)


def forget_words(session: Session, posts: Collection[int]) -> None:
    """Empty what was said and shown about these posts in evidence and review."""
    session.execute(update(PostEvidence).where(PostEvidence.post_id.in_(posts)).values(picture=None, channel=None))
    words = {"note": None, "question": None, "answer": None}
    session.execute(update(ReviewCase).where(ReviewCase.post_id.in_(posts)).values(**words))
