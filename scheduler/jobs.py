"""The table of jobs. Each is one unit of work over due rows, in one transaction, and says how much there was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.actions import (
    broadcast_progress,
    broadcast_running,
    daily_line,
    data_requests,
    dissolution,
    housekeeping,
    left_out,
    notices,
    obligations,
    operators,
    overdue,
    pages,
    quotas,
    reminders,
    reorganisation,
    roles,
    rosters,
    tag_changes,
    unit_plans,
    weekly,
)
from bot.delivery.claims import release
from bot.setup import Setup
from bot.storage.operators import note_run

Work = Callable[[Session, Setup, datetime], int]


@dataclass(frozen=True, slots=True)
class Job:
    """A unit of work and how often to look for it."""

    name: str
    every: timedelta
    work: Work


def work(session: Session, job: Job, setup: Setup, now: datetime) -> int:
    """One unit of work of a job; that it found no more is noted for the operators."""
    done = job.work(session, setup, now)
    if not done:
        note_run(session, job.name, now)
    return done


JOBS = [
    Job("run_broadcasts", timedelta(seconds=2), broadcast_running.run),
    Job("show_broadcasts", timedelta(seconds=5), broadcast_progress.show),
    Job("end_deputies", timedelta(seconds=20), roles.end_deputies),
    Job("remind_of_data_requests", timedelta(minutes=10), data_requests.remind),
    Job("end_left_conversations", timedelta(seconds=30), housekeeping.end_left_conversations),
    Job("plan_obligations", timedelta(minutes=30), obligations.plan),
    Job("withdraw_unsent", timedelta(seconds=20), reminders.withdraw_unsent),
    Job("remind", timedelta(minutes=1), reminders.remind),
    Job("tell_overdue", timedelta(minutes=5), overdue.tell_overdue),
    Job("tell_unreachable", timedelta(hours=1), overdue.tell_unreachable),
    Job("release_lost_claims", timedelta(seconds=20), lambda session, _, now: release(session, now, all_claims=False)),
    Job("bring_back_asked", timedelta(minutes=10), housekeeping.bring_back_asked),
    Job("forget_texts", timedelta(hours=1), housekeeping.forget_texts),
    Job("forget_snoozes", timedelta(hours=1), housekeeping.forget_snoozes),
    Job("tell_of_new_tags", timedelta(minutes=10), tag_changes.tell_begun),
    Job("tell_reviewers", timedelta(minutes=10), notices.tell_reviewers),
    Job("tell_missing_figures", timedelta(minutes=10), pages.tell_missing),
    Job("tell_week", timedelta(minutes=10), weekly.tell_week),
    Job("change_units", timedelta(minutes=1), unit_plans.carry_out),
    Job("move_members", timedelta(minutes=1), reorganisation.move_members),
    Job("let_members_go", timedelta(minutes=1), dissolution.let_members_go),
    Job("tell_of_loss", timedelta(minutes=5), roles.tell_of_loss),
    Job("tell_of_dead_updates", timedelta(minutes=1), operators.tell_of_dead_updates),
    Job("tell_of_left_out", timedelta(minutes=1), left_out.tell),
    Job("write_rosters", timedelta(seconds=5), rosters.write_next),
    Job("undo_rosters", timedelta(seconds=5), rosters.undo_next),
    Job("forget_left_rosters", timedelta(hours=1), rosters.forget_left),
    Job("tell_of_quotas", timedelta(minutes=5), quotas.tell_of_quotas),
    Job("tell_day", timedelta(minutes=1), daily_line.tell_day),
    Job("prune_queues", timedelta(hours=1), housekeeping.prune_queues),
]
