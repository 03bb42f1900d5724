"""Makes files in the background: ask for the next one, make it in the worker process, settle it in one transaction."""

import asyncio
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot.documents.process import DrawingProcess
from bot.logs import failure
from bot.watchdog import Tried
from bot.working import work_until

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one file is made of: `function` of bot/documents with `args`; `settle` puts its bytes where they belong."""

    function: Callable[..., bytes]
    args: tuple[Any, ...]
    settle: Callable[[Session, bytes, datetime], None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture or a form that is due; `name` is of stable ids.

    `gather` finds its figures, None if it turns out that there is nothing to draw; `fail` tells who waits that there
    is no file.
    """

    name: str
    gather: Callable[[Session, datetime], Gathered | None]
    fail: Callable[[Session, datetime], None] | None = None


Source = Callable[[Session, datetime, Set[str]], Drawing | None]
"""The next file that is due, but none whose name is in the set."""


class Drawer:
    """The worker over files that are due, by the rows that its `sources` look at.

    What cannot be drawn is not tried again until the bot starts anew: whoever waits for it was told in words.
    """

    def __init__(self, db: Tried, sources: Sequence[Source], now: Callable[[], datetime]) -> None:
        self._db = db
        self._sources = sources
        self._now = now
        self._process = DrawingProcess()
        self._done_with: set[str] = set()

    async def step(self) -> int:
        """Make one file of each source; how many were looked at."""
        found = 0
        for source in self._sources:
            drawing = await self._db.poll(source, self._now(), frozenset(self._done_with))
            if drawing is not None:
                found += 1
                self._done_with.add(drawing.name)
                await self._draw(drawing)
        return found

    async def run(self, stop: asyncio.Event) -> None:
        """Draw until `stop`."""
        await work_until(stop, self.step, "drawing failed, will go on")

    def close(self) -> None:
        """Let the worker process go."""
        self._process.close()

    async def _draw(self, drawing: Drawing) -> None:
        try:
            gathered = await self._db.run(drawing.gather, self._now())
            if gathered is None:
                return
            content = await self._process.draw(gathered.function, *gathered.args)
        except Exception as error:
            log.error("a file could not be made", name=drawing.name, error=failure(error))
            if drawing.fail:
                await self._db.run(drawing.fail, self._now())
            return
        await self._db.run(gathered.settle, content, self._now())
