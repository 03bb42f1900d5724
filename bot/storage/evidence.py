"""What was learnt about posts, and the sketches of their texts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import LargeBinary, bindparam, cast, delete, insert, null, or_, select, union, union_all, update
from sqlalchemy.orm import Session

from bot.domain.likeness import BANDS, bands
from bot.storage.models import GONE, Post, PostEvidence, ReviewCase, TextBand, TextSketch
from bot.storage.queues import is_undecided
from bot.storage.reports import held_since

_HAS_WORDS = or_(ReviewCase.note.is_not(None), ReviewCase.question.is_not(None), ReviewCase.answer.is_not(None))

# Built once: these run for every hand-in, and building them costs more than running them.
ADD, ADD_SKETCH, ADD_BANDS = insert(PostEvidence), insert(TextSketch), insert(TextBand)
FORGET_BAND = delete(TextBand).where(
    TextBand.campaign == bindparam("campaign"),
    TextBand.band == bindparam("band"),
    TextBand.post_id == bindparam("post"),
)
_WITH_BANDS = select(TextBand.post_id).where(
    TextBand.campaign == bindparam("campaign"),
    # Each by a name of its own: a list of any length would be spelt out anew for every hand-in.
    TextBand.band.in_([bindparam(f"band_{place}") for place in range(BANDS)]),
    TextBand.post_id != bindparam("but"),
)
_LIVE = [Post.state != gone for gone in GONE]
_NO_SKETCH = cast(null(), LargeBinary)  # PostgreSQL takes a bare one for a text
_FIRST_WITH_SAME_TEXT = (
    select(Post.id, _NO_SKETCH.label("sketch"))
    .where(
        Post.campaign == bindparam("campaign"),
        Post.text_hash == bindparam("text_hash"),
        *_LIVE,
        Post.handed_in_at >= bindparam("since"),
        Post.id != bindparam("but"),
    )
    .order_by(Post.id)
    .limit(1)
)
_WITH_SKETCHES = (
    select(Post.id, TextSketch.sketch)
    .join(TextSketch, TextSketch.post_id == Post.id)
    .where(Post.id.in_(_WITH_BANDS), *_LIVE, TextSketch.at >= bindparam("since"))
    .order_by(Post.id)
    .limit(bindparam("most"))
)
# One statement: asked for each hand-in, two would cost half as much again.
LIKE = union_all(select(_FIRST_WITH_SAME_TEXT.subquery()), select(_WITH_SKETCHES.subquery()))


class Like(NamedTuple):
    """A post by its number, and its sketch; none if its text is the very same."""

    post: int
    sketch: bytes | None


def of_post(session: Session, post_id: int) -> Sequence[PostEvidence]:
    """All that was learnt about a post, oldest first."""
    return session.scalars(select(PostEvidence).where(PostEvidence.post_id == post_id).order_by(PostEvidence.id)).all()


def add(session: Session, learnt: Mapping[str, Any]) -> None:
    """Write down what was learnt about a post, by the columns of PostEvidence."""
    session.connection().execute(ADD, learnt)


def forget_sketch(session: Session, post: Post) -> None:
    """The post's text is another one, or gone."""
    sketch = sketch_of(session, post)
    if sketch is not None:
        _forget(session, [(post.campaign, post.id, sketch)])


def _forget(session: Session, found: Sequence[tuple[str, int, bytes]]) -> None:
    """(campaign, post, sketch): the sketches and the bands that follow from them."""
    rows = [
        {"campaign": campaign, "band": band, "post": post} for campaign, post, each in found for band in {*bands(each)}
    ]
    session.connection().execute(FORGET_BAND, rows)
    session.execute(delete(TextSketch).where(TextSketch.post_id.in_([post for _, post, _ in found])))


def keep_sketch(session: Session, post: Post, sketch: bytes, now: datetime) -> None:
    """Keep the sketch of the post's text; there is none now."""
    connection = session.connection()
    connection.execute(ADD_SKETCH, {"post_id": post.id, "sketch": sketch, "at": now})
    rows = [{"campaign": post.campaign, "band": band, "post_id": post.id} for band in {*bands(sketch)}]
    connection.execute(ADD_BANDS, rows)


def sketch_of(session: Session, post: Post) -> bytes | None:
    """The sketch of the post's text."""
    return session.scalar(select(TextSketch.sketch).where(TextSketch.post_id == post.id))


def posts_like(session: Session, post: Post, sketch: bytes | None, since: datetime, most: int) -> Sequence[Like]:
    """Live posts that may say the same as this one: the first with the same text, without a sketch, and then those
    whose sketches share a band with its own, if it has one, oldest first.
    """
    values = {"campaign": post.campaign, "text_hash": post.text_hash, "but": post.id or 0, "since": since}
    session.flush()
    connection = session.connection()
    if sketch is None:
        return [Like(*row) for row in connection.execute(_FIRST_WITH_SAME_TEXT, values)]
    values |= {"most": most} | {f"band_{place}": band for place, band in enumerate(bands(sketch))}
    return [Like(*row) for row in connection.execute(LIKE, values)]


def forget_sketches(session: Session, before: datetime, most: int) -> int:
    """Delete sketches that are older than the window; how many."""
    columns = (Post.campaign, Post.id, TextSketch.sketch)
    statement = select(*columns).join(TextSketch, TextSketch.post_id == Post.id).where(TextSketch.at < before)
    old = session.execute(statement.limit(most)).all()
    if old:
        _forget(session, [(campaign, post, sketch) for campaign, post, sketch in old])
    return len(old)


def forget_texts(session: Session, campaign: str, before: datetime, most: int) -> int:
    """Empty texts, pictures and words about posts handed in, and last filed in a report, before then; how many."""
    undecided = select(ReviewCase.post_id).where(is_undecided(ReviewCase.state))
    held = held_since(session, campaign, before)
    handed_in = (Post.campaign == campaign, Post.handed_in_at < before)
    # Begun at what is left, each by an index of its own: some databases would begin at all posts that there ever were.
    left = union(
        select(Post.id).where(*handed_in, Post.text.is_not(None)),
        select(PostEvidence.post_id).where(PostEvidence.picture.is_not(None)),
        select(ReviewCase.post_id).where(_HAS_WORDS),
    ).subquery()
    old = select(Post.id).where(Post.id == left.c.id, *handed_in).exists()
    statement = select(left.c.id).where(old, left.c.id.not_in(undecided), left.c.id.not_in(held))
    posts = list(session.scalars(statement.order_by(left.c.id).limit(most)))
    forget_words(session, posts)
    session.execute(update(Post).where(Post.id.in_(posts)).values(text=None))
    return len(posts)


def forget_words(session: Session, posts: Collection[int]) -> None:
    """Empty what was said and shown about these posts in evidence and review."""
    session.execute(update(PostEvidence).where(PostEvidence.post_id.in_(posts)).values(picture=None, channel=None))
    words = {"note": None, "question": None, "answer": None}
    session.execute(update(ReviewCase).where(ReviewCase.post_id.in_(posts)).values(**words))
