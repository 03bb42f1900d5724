"""Receives updates from the messengers: fetched, kept in the inbox, and only then confirmed."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from bot import inbox
from bot.channels.base import Channel, Rejected, SendError
from bot.domain.quota import Quota
from bot.logs import failure
from bot.messages import RawUpdate
from bot.storage import quotas
from bot.storage.db import Database

log = structlog.get_logger()

RECONNECT = (1.0, 2.0, 5.0, 15.0, 30.0)


class Receiver:
    """Keeps what comes; `arrived` is set whenever something did. `shut_out` names who takes our token no more."""

    def __init__(self, db: Database, quotas: Mapping[str, Quota], now: Callable[[], datetime]) -> None:
        self.arrived = asyncio.Event()
        self.shut_out: set[str] = set()
        self._db = db
        self._quotas = quotas
        self._now = now

    async def receive(self, channel: Channel, wait: float) -> int:
        """Fetch updates, keep them, and only then let the messenger know; how many came."""
        updates = await channel.fetch(wait)
        await self.keep(updates)
        channel.confirm(updates)
        return len(updates)

    async def keep(self, updates: Sequence[RawUpdate]) -> None:
        """Keep updates in the inbox and wake the handling."""
        if updates:
            await self._db.run(self._keep, updates, self._now())
            self.arrived.set()

    def _keep(self, session: Session, updates: Sequence[RawUpdate], now: datetime) -> None:
        for name in {each.channel for each in updates}:
            new = inbox.receive(session, [each for each in updates if each.channel == name], now)
            if quota := self._quotas.get(name):
                quotas.count(session, name, quota.day_of(now), received=new)

    async def run(self, channel: Channel, stop: asyncio.Event) -> None:
        """Receive until `stop`, or until the messenger takes our token no more."""
        failures = 0
        while not stop.is_set():
            try:
                fetch = asyncio.create_task(self.receive(channel, channel.longest_poll))
                if not await _unless(stop, fetch, drop=channel.repeats):
                    return
                failures = 0
            except Rejected as error:
                log.error("nothing is received here any more", channel=channel.name, reason=error.reason)
                self.shut_out.add(channel.name)
                return
            except SendError as error:
                wait = RECONNECT[min(failures, len(RECONNECT) - 1)]
                failures += 1
                log.warning("cannot receive, will try again", reason=error.reason, seconds=wait)
                await pause(stop, wait)
            except Exception as error:
                log.error("receiving failed, will try again", error=failure(error))
                await pause(stop, RECONNECT[0])


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until `stop`."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


async def _unless(stop: asyncio.Event, task: asyncio.Task[int], *, drop: bool) -> bool:
    """Wait for a task; False if `stop` came first. A long poll is then dropped, if what it held comes again."""
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([task, stopping], return_when=asyncio.FIRST_COMPLETED)
        if not task.done() and drop:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return False
        await task
        return True
    finally:
        stopping.cancel()
