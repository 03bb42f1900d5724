"""The table of jobs. Each is one unit of work over due rows, in one transaction, and says how much there was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.actions import housekeeping, notices, obligations, overdue, reminders, reorganisation, summaries, tag_changes
from bot.delivery.claims import release
from bot.setup import Setup

Work = Callable[[Session, Setup, datetime], int]


@dataclass(frozen=True, slots=True)
class Job:
    """A unit of work and how often to look for it."""

    name: str
    every: timedelta
    work: Work


JOBS = [
    Job("end_left_conversations", timedelta(seconds=30), housekeeping.end_left_conversations),
    Job("plan_obligations", timedelta(minutes=30), obligations.plan),
    Job("withdraw_unsent", timedelta(seconds=20), reminders.withdraw_unsent),
    Job("remind", timedelta(minutes=1), reminders.remind),
    Job("tell_overdue", timedelta(minutes=5), overdue.tell_overdue),
    Job("tell_unreachable", timedelta(hours=1), overdue.tell_unreachable),
    Job("release_lost_claims", timedelta(seconds=20), lambda session, _, now: release(session, now, all_claims=False)),
    Job("bring_back_asked", timedelta(minutes=10), housekeeping.bring_back_asked),
    Job("forget_texts", timedelta(hours=1), housekeeping.forget_texts),
    Job("tell_of_new_tags", timedelta(minutes=10), tag_changes.tell_begun),
    Job("tell_reviewers", timedelta(minutes=10), notices.tell_reviewers),
    Job("tell_week", timedelta(minutes=10), summaries.tell_week),
    Job("move_members", timedelta(minutes=1), reorganisation.move_members),
    Job("prune_queues", timedelta(hours=1), housekeeping.prune_queues),
]
