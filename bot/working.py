"""What the workers beside the chats share: going on until told to stop, leaving for later what was tried in vain."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from bot.logs import failure
from bot.watchdog import LeftOut

log = structlog.get_logger()

T = TypeVar("T")

PAUSE = 2.0
AGAIN_AFTER = timedelta(seconds=10)

Step = Callable[[], Awaitable[int]]
"""Does what is due; 0 if there was nothing to do. What it counts as done it must not find due again."""


async def work_until(stop: asyncio.Event, step: Step, failed: str) -> None:
    """Do one step after the other until `stop`, with a pause after each that did nothing, failed or was left out.

    `failed` is what the log says of a step's error.
    """
    while not stop.is_set():
        done = 0
        try:
            done = await step()
        except LeftOut:
            pass  # whoever left it out said so
        except Exception as error:
            log.error(failed, error=failure(error))
        if not done:
            await pause(stop, PAUSE)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until `stop`."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


class Later:
    """Numbers of what was tried in vain: it waits for all that was not tried yet, however slow its host is."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._until: dict[int, datetime] = {}

    def leave(self, number: int) -> None:
        """Leave it alone for a while, from now on."""
        self._until[number] = self._now() + AGAIN_AFTER

    async def next(self, find: Callable[[Collection[int]], Awaitable[T | None]]) -> T | None:
        """What `find` gives but for the numbers that are left; if that is nothing, whatever was left long enough."""
        found = await find(list(self._until))
        if found is None and self._until:
            now = self._now()
            self._until = {number: until for number, until in self._until.items() if until > now}
            found = await find(list(self._until))
        return found
