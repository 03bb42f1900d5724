"""What is known about a post and how: the author's text, a screenshot, a source, a reviewer; and texts that repeat."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.domain import likeness
from bot.domain.handins import fingerprint
from bot.domain.hashtags import Verdict
from bot.setup import Setup
from bot.storage import evidence, posts
from bot.storage.models import LADDER, Evidence, EvidenceSource, Membership, Post, PostEvidence

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
    session.add(
        PostEvidence(
            post_id=post.id,
            level=level,
            source=source,
            at=now,
            by_id=by.id if by else None,
            verdict=verdict.verdict if verdict else None,
            tag=_found(verdict),
            text_hash=post.text_hash,
            channel=picture[0] if picture else None,
            picture=picture[1] if picture else None,
        )
    )
    post.evidence = max(post.evidence, level, key=lambda step: LADDER.index(Evidence(step)))
    session.flush()


def take_text(session: Session, setup: Setup, post: Post, text: str, now: datetime) -> None:
    """The post says this: kept with its hash, and with a sketch by which nearly the same text is found."""
    post.text, post.text_hash = text, fingerprint(text)
    sketch = likeness.sketch(text) if setup.campaign.review.similar_days else None
    evidence.keep_sketch(session, post, sketch, likeness.bands(sketch) if sketch else (), now)


def similar_to(session: Session, setup: Setup, post: Post, now: datetime) -> Post | None:
    """The first post of the campaign's window with the same text or nearly the same."""
    days = setup.campaign.review.similar_days
    if post.text_hash is None or not days:
        return None
    since = now - timedelta(days=days)
    same = posts.with_same_text(session, post.campaign, post.text_hash, since, but=post.id)
    if same:
        return same
    own = evidence.sketch_of(session, post)
    others = evidence.sketches_like(session, post, since, MOST_COMPARED) if own else ()
    alike = (other for other, sketch in others if own and likeness.likeness(own, sketch) >= likeness.NEARLY_THE_SAME)
    found = next(alike, None)
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
