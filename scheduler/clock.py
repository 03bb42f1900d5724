"""APScheduler ticks; each tick runs one job of the table until it finds nothing more to do."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]  # it ships no types
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]  # it ships no types

from scheduler.jobs import JOBS, Job

LOOK_EVERY = 10.0  # seconds by a clock that nobody sets

Run = Callable[[Job], Awaitable[int]]


def start(run: Run) -> AsyncIOScheduler:
    """Start ticking in the running event loop; the caller shuts the scheduler down."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    for job in JOBS:
        # A late or missed tick loses nothing: the next one finds the same due rows.
        trigger = IntervalTrigger(seconds=int(job.every.total_seconds()))
        scheduler.add_job(run, trigger, args=[job], id=job.name, coalesce=True, misfire_grace_time=None)
    scheduler.start()
    _keep_looking(scheduler)
    return scheduler


def catch_up(scheduler: AsyncIOScheduler, now: datetime) -> None:
    """Run what is planned for later than its interval allows: the machine's clock was set back, and it would wait."""
    for job in scheduler.get_jobs():
        if job.next_run_time - now > job.trigger.interval:
            job.modify(next_run_time=now)


def _keep_looking(scheduler: AsyncIOScheduler) -> None:
    if scheduler.running:
        catch_up(scheduler, datetime.now(UTC))
        asyncio.get_running_loop().call_later(LOOK_EVERY, _keep_looking, scheduler)
