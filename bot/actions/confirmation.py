"""What a source said of a post, and what follows from it. A source can confirm; that it is silent means nothing."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.actions import evidence, identity, posts, review, tags
from bot.actions.targets import target_of_owner
from bot.domain.handins import fingerprint
from bot.domain.hashtags import Verdict
from bot.domain.links import Kind, read_link
from bot.domain.readings import Reading
from bot.posts.base import Proof, TryLater, Unread
from bot.setup import Setup
from bot.storage.models import GONE, CaseReason, Evidence, Post, PostReading, PostState, ReadingState

RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 180, 720))


def settle(session: Session, setup: Setup, row_id: int, proof: Proof, answer: Reading | Unread, now: datetime) -> None:
    """Write down what came of a reading; the author hears if his post counts by it."""
    row = session.get_one(PostReading, row_id, with_for_update=True)
    if row.state != ReadingState.READING:
        return
    post = session.get_one(Post, row.post_id, with_for_update=True)
    if isinstance(answer, Unread):
        _unread(row, proof, answer, now)
    else:
        row.state, row.settled_at, row.reason = ReadingState.DONE, now, None
        if post.state not in (*GONE, PostState.REFUSED):
            _learn(session, setup.within(post.campaign), post, row.source, proof, answer, now)
    session.flush()


def _unread(row: PostReading, proof: Proof, answer: Unread, now: datetime) -> None:
    row.reason = answer.reason
    # One request a link, ever, where it is not the platform's own interface.
    may_ask = isinstance(answer, TryLater) and (proof == "confirmed_api" or not answer.asked)
    if may_ask and row.attempts <= len(RETRY_AFTER):
        wait = max(RETRY_AFTER[row.attempts - 1], timedelta(seconds=getattr(answer, "seconds", None) or 0))
        row.state, row.not_before = ReadingState.WAITING, now + wait
    else:
        row.state, row.settled_at = ReadingState.FAILED, now


def _learn(
    session: Session, setup: Setup, post: Post, source: str, proof: Proof, reading: Reading, now: datetime
) -> None:
    post = _find_out_which(session, setup, post, proof, reading, now)
    if reading.posted_at:
        post.posted_on = setup.today(reading.posted_at)
    if reading.owner and post.target is None:
        post.target = target_of_owner(session, setup, post.platform, reading.owner)
    if reading.text and proof != "resolved":
        _hold_against(session, setup, post, source, proof, reading, now)
    posts.reconsider(session, setup, post, now)


def _find_out_which(session: Session, setup: Setup, post: Post, proof: Proof, reading: Reading, now: datetime) -> Post:
    """The post that the reading is about: where a short link leads, it may be one that is logged already."""
    link = read_link(reading.url) if reading.url else None
    if link is None or link.key is None or link.kind in (Kind.ALIAS, Kind.ALBUM, Kind.NOT_POST, Kind.UNKNOWN):
        return post
    told_by = "redirect" if proof == "resolved" else "api"
    known = identity.opened_by(session, setup, link, told_by, now)
    both = [post, known] if known and known is not post else [post]
    return identity.settle(session, setup, both, link, told_by, now)


def _hold_against(
    session: Session, setup: Setup, post: Post, source: str, proof: Proof, reading: Reading, now: datetime
) -> None:
    text = reading.text or ""
    force = tags.in_force(session, setup, post.membership, posts.day_of(setup, post))
    verdict = tags.verdict(session, setup, post.membership, force, text)
    if verdict.verdict == "ok":
        _confirm(session, setup, post, source, proof, text, verdict, now)
    elif proof == "confirmed_api" and not reading.cut and post.state == PostState.COUNTED:
        evidence.record(session, post, Evidence(post.evidence), source, now, verdict=verdict)
        if fingerprint(text) != post.text_hash:
            review.open_case(session, post, CaseReason.CONTRADICTED, now)


def _confirm(
    session: Session,
    setup: Setup,
    post: Post,
    source: str,
    proof: Proof,
    text: str,
    verdict: Verdict,
    now: datetime,
) -> None:
    if post.state != PostState.COUNTED:
        evidence.take_text(post, text)
        evidence.keep_sketch(session, setup, post, now)
    evidence.record(session, post, Evidence(proof), source, now, verdict=verdict)
