"""What is known about a post and how: the author's text, a screenshot, a source, a reviewer; and texts that repeat."""

from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy.orm import Session

from bot.domain import likeness
from bot.domain.handins import fingerprint
from bot.domain.hashtags import Verdict
from bot.setup import Setup
from bot.storage import evidence
from bot.storage.models import LADDER, Evidence, EvidenceSource, Membership, Post

# One that repeats is enough; where everybody shares one text, the oldest are looked at.
MOST_COMPARED = 20


def record(
    session: Session,
    post: Post,
    level: Evidence,
    source: str,
    now: datetime,
    *,
    by: Membership | None = None,
    verdict: Verdict | None = None,
    picture: tuple[str, str] | None = None,
) -> None:
    """Write down what was learnt, by whom and when; the post stands on the highest step that it ever reached.

    `picture` is (channel, the channel's reference).
    """
    step_up(post, level)
    learnt = {
        "post_id": post.id,
        "level": level,
        "source": source,
        "at": now,
        "by_id": by.id if by else None,
        "verdict": verdict.verdict if verdict else None,
        "tag": _found(verdict),
        "text_hash": post.text_hash,
        "channel": picture[0] if picture else None,
        "picture": picture[1] if picture else None,
    }
    evidence.add(session, learnt)


def step_up(post: Post, level: Evidence) -> None:
    """The post reached this step; one that stands higher stays there."""
    if LADDER.index(level) > LADDER.index(Evidence(post.evidence)):
        post.evidence = level


def take_text(post: Post, text: str) -> None:
    """The post says this. Its sketch is kept by `keep_sketch` once the post is in the ledger."""
    post.text, post.text_hash = text, fingerprint(text)


def keep_sketch(session: Session, setup: Setup, post: Post, now: datetime, *, is_new: bool = False) -> None:
    """Keep the sketch of the post's text, by which nearly the same text is found."""
    if not is_new:
        evidence.forget_sketch(session, post)
    sketch = sketch_of(setup, post)
    if sketch:
        evidence.keep_sketch(session, post, sketch, now)


def sketch_of(setup: Setup, post: Post) -> bytes | None:
    """The sketch of the post's text; None where nobody looks for likeness, and for a text too short for it."""
    return _sketch(post.text) if post.text and setup.campaign.review.similar_days else None


@lru_cache(maxsize=64)
def _sketch(text: str) -> bytes | None:
    """Asked for twice in a hand-in: to look for others, and to be found by others."""
    return likeness.sketch(text)


def similar_to(session: Session, setup: Setup, post: Post, now: datetime) -> Post | None:
    """The first post of the campaign's window with the same text or nearly the same."""
    days = setup.campaign.review.similar_days
    if post.text_hash is None or not days:
        return None
    own = sketch_of(setup, post) if post.text else evidence.sketch_of(session, post)
    others = evidence.posts_like(session, post, own, now - timedelta(days=days), MOST_COMPARED)
    found = next((each.post for each in others if each.sketch is None or _nearly_the_same(own, each.sketch)), None)
    return session.get(Post, found) if found else None


def add_picture(session: Session, post: Post, channel: str, picture: str, now: datetime) -> None:
    """A screenshot by the author: no step up by itself, but something for the reviewer to look at."""
    level = Evidence(post.evidence)
    source = EvidenceSource.SCREENSHOT
    record(session, post, level, source, now, by=post.membership, picture=(channel, picture))


def _found(verdict: Verdict | None) -> str | None:
    if verdict is None:
        return None
    return verdict.matched if verdict.verdict == "ok" else verdict.written


def _nearly_the_same(own: bytes | None, other: bytes) -> bool:
    return own is not None and likeness.likeness(own, other) >= likeness.NEARLY_THE_SAME
