"""`python -m tests.crash.by_day`: `sotin run` on a Tuesday morning, ten seconds before reminders fall due.

`BEGUN_AT` (an ISO moment) is when that was by the machine's clock. What looks for due reminders and for the claims of
dead replicas looks every second.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot import serve
from bot.app import App
from bot.channels.base import Channel
from bot.posts import Source
from bot.settings import Settings
from scheduler.jobs import JOBS

TUESDAY = datetime(2027, 3, 2, 0, 59, 50, tzinfo=UTC)
OFTEN = ("remind", "withdraw_unsent", "release_lost_claims")


def now() -> datetime:
    return TUESDAY + (datetime.now(UTC) - datetime.fromisoformat(os.environ["BEGUN_AT"]))


class ByDay(App):
    """The bot by that clock."""

    def __init__(self, settings: Settings, channels: Mapping[str, Channel], sources: tuple[Source, ...] = ()) -> None:
        super().__init__(settings, channels, now, sources)


def main() -> None:
    JOBS[:] = [replace(job, every=timedelta(seconds=1)) if job.name in OFTEN else job for job in JOBS]
    vars(serve)["App"] = ByDay  # what `serve` makes is an App
    serve.run(Settings())


if __name__ == "__main__":
    main()
