"""Reads posts in the background: claim due rows, ask the source outside any transaction, write down what it said."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from bot.domain.links import read_link
from bot.domain.readings import Reading
from bot.logs import failure
from bot.posts.base import NotThere, Proof, Source, TryLater, Unread
from bot.storage import readings
from bot.storage.models import PostReading
from bot.watchdog import Tried
from bot.working import work_until

log = structlog.get_logger()

AT_ONCE = 4

Settle = Callable[[Session, int, Proof, Reading | Unread, datetime], None]


class PostReader:
    """The worker over the rows of `PostReading`. `settle` writes an answer down, in a transaction of its own."""

    def __init__(self, db: Tried, sources: Iterable[Source], now: Callable[[], datetime], settle: Settle) -> None:
        self._db = db
        self._sources = {source.name: source for source in sources}
        self._now = now
        self._settle = settle

    async def step(self) -> int:
        """Read some of the posts that are due, side by side; how many."""
        if not self._sources:
            return 0
        rows = await self._db.poll(readings.claim, self._now(), AT_ONCE)
        await asyncio.gather(*(self._read(row, url) for row, url in rows))
        return len(rows)

    async def run(self, stop: asyncio.Event) -> None:
        """Read until `stop`."""
        if self._sources:
            await work_until(stop, self.step, "reading posts failed, will try again")

    async def close(self) -> None:
        """Close the connections of the sources."""
        for source in self._sources.values():
            await source.close()

    async def _read(self, row: PostReading, url: str) -> None:
        source = self._sources.get(row.source)
        proof: Proof = source.evidence if source else "confirmed_api"
        answer = await _ask(source, url) if source else NotThere("the source is switched off")
        reason = answer.reason if isinstance(answer, Unread) else None
        log.info("post read", source=row.source, post=row.post_id, reason=reason)
        await self._db.run(self._settle, row.id, proof, answer, self._now())


async def _ask(source: Source, url: str) -> Reading | Unread:
    link = read_link(url)
    if not source.reads(link):
        return NotThere("the link is not one that the source reads")
    try:
        return await source.read(link)
    except Unread as unread:
        return unread
    except Exception as error:
        # A fault of ours in reading an answer must not hold up the posts behind it.
        log.error("a source failed", source=source.name, error=failure(error))
        return TryLater(f"failed: {type(error).__name__}")
