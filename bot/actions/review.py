"""The review queue: which posts a person has to look at, and who may."""

import hmac
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.setup import Setup
from bot.storage import people, reviews, units
from bot.storage.models import (
    OPEN_STATES,
    CaseReason,
    CaseState,
    Evidence,
    Membership,
    Post,
    PostState,
    ReviewCase,
    Unit,
)

GRAVITY = list(CaseReason)
BY_AUTHOR = (CaseReason.APPEAL, CaseReason.DISPUTED, CaseReason.PICTURE)
BY_PERSON_ONLY = (CaseReason.APPEAL, CaseReason.REPAIRED)
OF_COUNTED = (CaseReason.CONTRADICTED, CaseReason.SIMILAR, CaseReason.SAMPLE)


def open_case(
    session: Session, post: Post, reason: CaseReason, now: datetime, *, other: Post | None = None
) -> ReviewCase:
    """Put the post into the queue of its unit's reviewers; if it is there already, the graver reason stays."""
    case = reviews.undecided(session, post.id)
    if case is None:
        case = ReviewCase(
            campaign=post.campaign, post=post, unit_id=post.unit_id, reason=reason, opened_at=now, queued_at=now
        )
        session.add(case)
    elif GRAVITY.index(reason) < GRAVITY.index(CaseReason(case.reason)):
        case.reason = reason
    case.other = other or case.other
    session.flush()
    return case


def appeal(session: Session, post: Post, refused: ReviewCase, now: datetime) -> ReviewCase | None:
    """Put a refused post before the level above the first reviewer's, never before himself; None if nobody is there."""
    level = _level_above(session, refused)
    if level is None:
        return None
    case = open_case(session, post, CaseReason.APPEAL, now)
    case.unit, case.not_by_id = level, refused.decided_by_id
    session.flush()
    return case


def drop(session: Session, post: Post, now: datetime) -> None:
    """There is nothing to decide about the post any more."""
    case = reviews.undecided(session, post.id)
    if case:
        case.state, case.decided_at = CaseState.DROPPED, now
        session.flush()


def keep_up(
    session: Session,
    setup: Setup,
    post: Post,
    cases: Sequence[ReviewCase],
    now: datetime,
    *,
    double: Post | None,
    similar: Post | None,
) -> None:
    """After a verdict: open the case that the post's new state asks for, and drop one that has lost its reason.

    `cases` are all that the post had so far.
    """
    case = _undecided(cases)
    if post.state == PostState.COUNTED:
        if case and case.reason not in OF_COUNTED:
            drop(session, post, now)
        _watch(session, setup, post, cases, similar, now)
    elif post.state == PostState.IN_REVIEW:
        _look_into(session, post, case, now)
    elif post.state == PostState.UNRESOLVED:
        open_case(session, post, CaseReason.DOUBLE if double else CaseReason.ALIAS, now, other=double)
    elif case and case.reason not in BY_AUTHOR:
        drop(session, post, now)


def may_decide(case: ReviewCase, reviewer: Membership) -> bool:
    """Whether this admin or coordinator stands over the case, did not write the post and did not refuse it before."""
    barred = {case.post.membership.person_id, case.not_by.person_id if case.not_by else None}
    stands_over = reviewer.role in people.ROLES_THAT_DECIDE and units.is_within(case.unit, reviewer.unit_id)
    return stands_over and reviewer.person_id not in barred


def asked_by_author(cases: Sequence[ReviewCase]) -> bool:
    """Whether the author of the post that had these cases put it before a person, who has not decided yet."""
    case = _undecided(cases)
    return case is not None and case.reason in BY_AUTHOR


def needs_person(cases: Sequence[ReviewCase]) -> bool:
    """Whether a post with nothing wrong must still be seen by somebody: it was refused, or its author asked for it."""
    waiting = any(case.state in OPEN_STATES and case.reason in BY_PERSON_ONLY for case in cases)
    decided = [case for case in cases if case.state in (CaseState.ACCEPTED, CaseState.REFUSED)]
    return waiting or (bool(decided) and decided[-1].state == CaseState.REFUSED)


def _undecided(cases: Sequence[ReviewCase]) -> ReviewCase | None:
    return next((case for case in cases if case.state in OPEN_STATES), None)


def _look_into(session: Session, post: Post, case: ReviewCase | None, now: datetime) -> None:
    if case and case.reason in (*BY_AUTHOR, CaseReason.REPAIRED):
        return
    repaired = reviews.decided(session, post.id)
    open_case(session, post, CaseReason.REPAIRED if repaired else CaseReason.UNSETTLED, now)


def _watch(
    session: Session, setup: Setup, post: Post, cases: Sequence[ReviewCase], similar: Post | None, now: datetime
) -> None:
    """A post that counts: one that repeats another is shown to a reviewer, and one of some drawn at random."""
    had = {case.reason for case in cases}
    if similar and CaseReason.SIMILAR not in had:
        open_case(session, post, CaseReason.SIMILAR, now, other=similar)
    elif _drawn(setup, post) and CaseReason.SAMPLE not in had:
        open_case(session, post, CaseReason.SAMPLE, now)


def _drawn(setup: Setup, post: Post) -> bool:
    """Whether the draw falls on this post: the same each time it is asked, and nobody can foresee it."""
    draw = hmac.digest(setup.key, f"sample|{post.id}".encode(), "sha256")
    share = int.from_bytes(draw[:4]) / 2**32
    return post.evidence == Evidence.DECLARED and share < setup.campaign.review.sample


def _level_above(session: Session, refused: ReviewCase) -> Unit | None:
    """The next unit above the first reviewer's where somebody else decides; at the top, somebody else there."""
    first = refused.decided_by
    above: Unit | None = (first.unit.parent or first.unit) if first else refused.unit
    while above is not None:
        deciders = people.deciders_in(session, above)
        if any(first is None or each.person_id != first.person_id for each in deciders):
            return above
        above = above.parent
    return None
