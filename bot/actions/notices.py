"""What reviewers are told by the clock: once a day, that posts wait for them."""

from datetime import datetime, time

from sqlalchemy.orm import Session

from bot import outbox
from bot.buttons import Tap
from bot.messages import Priority
from bot.setup import Setup
from bot.speech import say_to_person
from bot.storage import people, reviews
from bot.storage.models import Membership

MORNING, EVENING = time(8, 0), time(20, 0)


def tell_reviewers(session: Session, setup: Setup, now: datetime) -> int:
    """Between morning and evening, tell each reviewer once a day how many posts wait for him; how many were told."""
    local = setup.local(now)
    if not MORNING <= local.time() < EVENING or not reviews.any_open(session, setup.campaign.code):
        return 0
    reviewers = people.reviewers(session, setup.campaign.code)
    return sum(_tell(session, setup, reviewer, local, now) for reviewer in reviewers)


def _tell(session: Session, setup: Setup, reviewer: Membership, local: datetime, now: datetime) -> bool:
    key = f"review:{reviewer.id}:{local.date().isoformat()}"
    waiting = () if outbox.was_put(session, key) else reviews.waiting(session, reviewer, now)
    if not waiting:
        return False
    return say_to_person(
        session,
        setup,
        reviewer.person_id,
        "review/waiting",
        now,
        rows=[(Tap("review.next", "review.next"),)],
        priority=Priority.REMINDER,
        key=key,
        total=sum(count for _, count, _ in waiting),
        since=setup.local(min(since for _, _, since in waiting)),
    )
