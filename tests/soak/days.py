"""`python -m tests.soak.days`: `sotin run` from a Friday afternoon on, a day further every `DAY_SECONDS` seconds.

The hours within a day pass as they are. What has its turn every hour has four a day, as the nights are
left out. Texts and their sketches are kept for `KEPT_DAYS`, as a campaign may have it: of the usual 90 and 30 days
nothing would be seen in a soak. Every two seconds it writes a line into `MEASURES`: seconds, megabytes in
memory, tasks, threads, open files, connections.
"""

import asyncio
import os
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import serve
from bot.app import App
from bot.channels.base import Channel
from bot.posts import Source
from bot.settings import Settings
from scheduler.jobs import JOBS

FRIDAY = datetime(2027, 3, 5, 7, 0, tzinfo=UTC)  # 14:00 in Vietnam
TURNS_A_DAY = 4
KEPT_DAYS = 5
MEASURED_EVERY = 2.0
BEGUN = time.monotonic()


def now() -> datetime:
    gone = time.monotonic() - BEGUN
    return FRIDAY + timedelta(seconds=gone, days=gone // float(os.environ["DAY_SECONDS"]))


class Days(App):
    """The bot by that clock, which measures itself."""

    def __init__(self, settings: Settings, channels: Mapping[str, Channel], sources: tuple[Source, ...] = ()) -> None:
        super().__init__(settings, channels, now, sources)

    async def open(self) -> None:
        """The bot's own, with the campaign's two periods cut."""
        await super().open()
        campaign = self.setup.campaign
        cut = {"keep_texts_days": KEPT_DAYS, "review": campaign.review.model_copy(update={"similar_days": KEPT_DAYS})}
        self.use(replace(self.setup, campaign=campaign.model_copy(update=cut)))

    async def run(self, stop: asyncio.Event, **how: object) -> None:
        """The bot's own, measured."""
        measuring = asyncio.create_task(_measure(Path(os.environ["MEASURES"])))
        try:
            await super().run(stop, **how)  # type: ignore[arg-type]  # handed on as they are
        finally:
            measuring.cancel()
            with suppress(asyncio.CancelledError):
                await measuring


async def _measure(into: Path) -> None:
    with into.open("a") as file:
        while True:
            counted = len(asyncio.all_tasks()), threading.active_count(), *_open()
            print(f"{time.monotonic() - BEGUN:.0f}", f"{_megabytes():.1f}", *counted, file=file, flush=True)
            await asyncio.sleep(MEASURED_EVERY)


def _open() -> tuple[int, int]:
    """Files, and connections."""
    found = [_leads_to(each) for each in Path("/proc/self/fd").iterdir()]
    connections = sum(each.startswith("socket:") for each in found)
    return len(found) - connections, connections


def _leads_to(file: Path) -> str:
    try:
        return str(file.readlink())
    except FileNotFoundError:  # closed meanwhile
        return ""


def _megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    often = timedelta(seconds=max(1.0, float(os.environ["DAY_SECONDS"]) / TURNS_A_DAY))
    JOBS[:] = [replace(job, every=min(job.every, often)) for job in JOBS]
    vars(serve)["App"] = Days  # what `serve` makes is an App
    serve.run(Settings())


if __name__ == "__main__":
    main()
