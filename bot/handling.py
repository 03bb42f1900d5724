"""Handles updates: at once what has just come, and whatever else waits in its turn."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from bot import inbox
from bot.delivery import Delivery
from bot.logs import failure
from bot.routing import Routes
from bot.storage.db import Database
from bot.working import pause

log = structlog.get_logger()

AFTER_FAILURE = 1.0
SOON = 0.5


class Handling:
    """The way from the inbox to the outbox. `at_once`, `next` and `left_over` each do one unit of work."""

    def __init__(
        self,
        db: Database,
        delivery: Delivery,
        now: Callable[[], datetime],
        routes: Routes,
    ) -> None:
        self._db = db
        self._delivery = delivery
        self._now = now
        self._routes = routes
        self._more_waits = asyncio.Event()
        self._looked = 0.0
        self._left_over: tuple[int, datetime] | None = None

    async def begin(self) -> None:
        """What waits now was left over by the last process."""
        self._left_over = await self._db.run(inbox.newest), self._now()

    async def at_once(self, keep: Callable[[Session, datetime], int]) -> None:
        """Keep what came; then, without waiting for anybody else, handle it and claim what it makes to send."""
        kept, handled, safe = 0, -1, False

        def keep_it(session: Session, now: datetime) -> None:
            nonlocal kept
            kept = keep(session, now)

        def handle_it(session: Session, now: datetime) -> None:
            nonlocal handled, safe
            safe = True  # this begins when the other is committed
            handled = inbox.handle_at_once(session, self._routes.handle, self._routes.give_up, now)

        try:
            if self._left_over:  # those come first, one by one
                await self._db.run(keep, self._now())
            else:
                await self._delivery.step(first=keep_it, before=handle_it)
        except Exception as error:
            log.warning("could not handle at once what came", error=failure(error))
            handled = -1  # whatever was done is undone
            if not safe:
                await self._db.run(keep, self._now())
        self._go_on(kept, handled)

    def _go_on(self, kept: int, handled: int) -> None:
        if handled >= 0:
            self._looked = time.monotonic()
        if handled < kept or handled >= inbox.BATCH:
            self.wake()
        if not self._delivery.has_work_in_hand:  # else what lands first looks for more
            self._delivery.wake.set()

    async def next(self) -> int:
        """Handle waiting updates, one of each chat, in one transaction; how many were tried."""
        tried = await self._db.run(inbox.handle_next, self._routes.handle, self._routes.give_up, self._now())
        if tried:
            self._delivery.wake.set()
        return tried

    async def left_over(self) -> int:
        """Handle one update that waited when the process started, alone, as it may be what ended the last one."""
        if self._left_over is None:
            return 0
        give_up = self._routes.give_up
        chosen = await self._db.run(inbox.note_try, *self._left_over, give_up, self._now())
        self._delivery.wake.set()
        if chosen is None:
            self._left_over = None
            return 0
        await self._db.run(inbox.handle_noted, chosen, self._routes.handle, give_up, self._now())
        return 1

    def wake(self) -> None:
        """Look again for what waits."""
        self._more_waits.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Handle what waits until `stop`."""
        while not stop.is_set():
            self._more_waits.clear()
            try:
                tried = await self.left_over() or await self.next()
            except Exception as error:
                log.error("handling failed, will try again", error=failure(error))
                await pause(stop, AFTER_FAILURE)
                continue
            # What came a moment ago was handled together with whatever else was due.
            while not tried and not await self._woken(stop) and self._looked > time.monotonic() - SOON:
                pass

    async def _woken(self, stop: asyncio.Event) -> bool:
        """Wait to be woken, but not long: a replica may have kept an update that woke nobody here."""
        if stop.is_set():
            return True
        try:
            return await asyncio.wait_for(self._more_waits.wait(), SOON)
        except TimeoutError:
            return False
