"""What a reviewer decides, and what the author hears of it. Every verdict reaches him, with reason and repair."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.actions import evidence, identity, posts, review
from bot.actions.posts import Receipt
from bot.buttons import Row, Tap
from bot.setup import Setup
from bot.speech import say_to_person
from bot.storage import people, reviews, units
from bot.storage.models import (
    GONE,
    CaseReason,
    CaseState,
    Evidence,
    EvidenceSource,
    Membership,
    Post,
    PostState,
    ReviewCase,
    Unit,
)

# Codes of bot/texts/<language>/review/_refusal.html; "other" is said in the reviewer's own words.
REFUSALS = ("not_there", "no_tag", "off_target", "not_own", "repeated", "other")


def accept(session: Session, setup: Setup, case: ReviewCase, by: Membership, now: datetime) -> None:
    """The post counts. It must have a target by now."""
    post = case.post
    _decide(case, CaseState.ACCEPTED, by, now)
    evidence.record(session, post, Evidence.CONFIRMED_PERSON, EvidenceSource.REVIEWER, now, by=by)
    if post.state != PostState.COUNTED:
        post.state, post.counted_at = PostState.COUNTED, now
    session.flush()
    _tell(session, setup, post, "review/accepted", now, number=post.id)


def refuse(
    session: Session, setup: Setup, case: ReviewCase, by: Membership, refusal: str, note: str | None, now: datetime
) -> None:
    """The post does not count; the author hears why, how to mend it, and that he may appeal once."""
    post = case.post
    _decide(case, CaseState.REFUSED, by, now)
    case.refusal, case.note = refusal, note
    evidence.record(session, post, Evidence(post.evidence), EvidenceSource.REVIEWER, now, by=by)
    post.state, post.counted_at = PostState.REFUSED, None
    session.flush()
    rows: list[Row] = [(Tap("posts.check", "posts.check", (post.id,), {"number": post.id}),)]
    final = reviews.had(session, post.id, CaseReason.APPEAL)
    if not final:
        rows.append((Tap("review.appeal", "review.appeal", (post.id,)),))
    _tell(
        session,
        setup,
        post,
        "review/refused",
        now,
        rows,
        number=post.id,
        refusal=refusal,
        note=note,
        required=post.required_tag,
        final=final,
    )


def ask_author(session: Session, setup: Setup, case: ReviewCase, by: Membership, words: str, now: datetime) -> bool:
    """Put a question to the author; the case waits for his answer. False if he cannot be asked any more."""
    case.state, case.question, case.answer, case.claimed_until = CaseState.ASKED, words, None, None
    case.asked_at = now
    answer = Tap("review.answer", "review.answer", (case.post_id,), {"number": case.post_id})
    values = {"number": case.post_id, "words": words, "unit": by.unit.name}
    told = _tell(session, setup, case.post, "review/question", now, [(answer,)], **values)
    if not told:
        case.state = CaseState.OPEN
    session.flush()
    return told


def take_answer(session: Session, case: ReviewCase, words: str | None, now: datetime) -> None:
    """The author answered, or sent a picture: the case is back in the queue."""
    if words:
        case.answer = words
    if case.state == CaseState.ASKED:
        case.state, case.queued_at = CaseState.OPEN, now
    session.flush()


def skip(session: Session, case: ReviewCase, by: Membership, now: datetime) -> None:
    """Somebody else, or later: the case goes to the end of the queue."""
    case.queued_at, case.skipped_by_id, case.claimed_until = now, by.id, None
    session.flush()


def merge_with(
    session: Session, setup: Setup, case: ReviewCase, by: Membership, other: Post, now: datetime
) -> tuple[Post, Post]:
    """The case's post and another are one: (the one that keeps the credit, the other)."""
    first, second = identity.in_order_of_credit(case.post, other)
    _decide(case, CaseState.MERGED, by, now)
    session.flush()
    identity.merge(session, setup, first, second, now)
    posts.reconsider(session, setup, first, now)
    return first, second


def resolve(session: Session, setup: Setup, case: ReviewCase, typed: str, now: datetime) -> Receipt:
    """A reviewer gives the full link of a post that was handed in by a short one."""
    before = case.post.state
    receipt = posts.give_full_link(session, setup, case.post, typed, now, source="reviewer")
    if receipt.outcome == "logged" and before != PostState.COUNTED and case.post.state == PostState.COUNTED:
        _tell(session, setup, case.post, "posts/counts_now", now, number=case.post_id, target=receipt.target)
    return receipt


def may_be_merged(session: Session, case: ReviewCase, number: int, by: Membership) -> Post | None:
    """The other post by its receipt number, if it is a live one that the reviewer may decide about.

    That is one of the units below his own, or the one that the case names: whoever names a number of his choice must
    not see somebody else's post by it, nor take its credit away.
    """
    other = session.get(Post, number, with_for_update=True)
    if other is None or other.id == case.post_id or other.campaign != case.campaign or other.state in GONE:
        return None
    named = other.id == case.other_id
    return other if named or units.is_within(session.get_one(Unit, other.unit_id), by.unit_id) else None


def appeal(session: Session, post: Post, words: str, now: datetime) -> ReviewCase | None:
    """The author's one appeal against a refusal; None if there is none to make, or nobody above to hear it."""
    refused = next(iter(reviews.decided(session, post.id)), None)
    if not may_appeal(session, post) or refused is None:
        return None
    case = review.appeal(session, post, refused, now)
    if case:
        case.answer, post.state = words, PostState.IN_REVIEW
        session.flush()
    return case


def may_appeal(session: Session, post: Post) -> bool:
    """Whether the author may still appeal: it was refused, and he has not done so before."""
    return post.state == PostState.REFUSED and not reviews.had(session, post.id, CaseReason.APPEAL)


def dispute(session: Session, post: Post, now: datetime) -> ReviewCase:
    """The author does not accept the machine's verdict: a person looks."""
    case = review.open_case(session, post, CaseReason.DISPUTED, now)
    post.state = PostState.IN_REVIEW
    session.flush()
    return case


def _decide(case: ReviewCase, state: CaseState, by: Membership, now: datetime) -> None:
    case.state, case.decided_by, case.decided_at, case.claimed_until = state, by, now, None


def _tell(
    session: Session, setup: Setup, post: Post, template: str, now: datetime, rows: Sequence[Row] = (), **values: Any
) -> bool:
    """Say it to the author; whether he can be reached."""
    person = post.membership.person_id
    reachable = person is not None and any(each.reachable for each in people.accounts_of(session, person))
    return say_to_person(session, setup, person, template, now, rows=rows, **values) and reachable
