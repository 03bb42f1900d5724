"""APScheduler ticks; each tick runs one job of the table until it finds nothing more to do."""

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]  # it ships no types
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]  # it ships no types

from scheduler.jobs import JOBS, Job

Run = Callable[[Job], Awaitable[int]]


def start(run: Run) -> AsyncIOScheduler:
    """Start ticking in the running event loop; the caller shuts the scheduler down."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    for job in JOBS:
        # A late or missed tick loses nothing: the next one finds the same due rows.
        trigger = IntervalTrigger(seconds=int(job.every.total_seconds()))
        scheduler.add_job(run, trigger, args=[job], id=job.name, coalesce=True, misfire_grace_time=None)
    scheduler.start()
    return scheduler
