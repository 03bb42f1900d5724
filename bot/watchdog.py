"""Ends a process in which a step hangs: nobody can stop a thread, but whoever starts the process anew can go on.

What was being handled is tried again, alone, and given up if it ends the process again and again (`inbox.note_try`).
A job or a worker that does so is left out for a while (`Trials`), so that the rest goes on.
"""

import asyncio
import faulthandler
import os
import secrets
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy.orm import Session

from bot.storage import trials
from bot.storage.db import Database

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger()

HANGS_AFTER = 60.0  # seconds: six times what another writer's lock may take
GRACE = 15.0
LOOK_EVERY = 5.0
HUNG = 70
"""The exit code."""


async def _watch(db: Database) -> None:
    while True:
        # It needs neither this loop nor the interpreter, which a step may keep to itself, as an endless pattern does.
        faulthandler.dump_traceback_later(HANGS_AFTER + GRACE, exit=True)
        if (seconds := db.longest_step()) > HANGS_AFTER:
            log.error("a step hangs: the process ends, to be started anew", seconds=int(seconds))
            faulthandler.dump_traceback(sys.stderr)  # places in our code, no values
            os._exit(HUNG)
        await asyncio.sleep(min(LOOK_EVERY, HANGS_AFTER))


class LeftOut(Exception):
    """Not tried now: it hung in several processes, one after the other."""


class Trials:
    """Who notes what a process tries, so that the next one knows what hung. Until `watch`, nothing is noted."""

    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self.db = db
        self.now = now
        self.process = secrets.token_hex(8)
        self.watching = False
        self.idle: set[tuple[str, object]] = set()
        self.said: set[str] = set()

    def watch(self) -> None:
        """Note from now on."""
        self.watching = True

    def of(self, what: str) -> "Tried":
        """The steps of one job or worker."""
        return Tried(self, what)

    async def forget(self) -> None:
        """Let the next process try everything: this one was ended by somebody, and did not hang."""
        await self.db.run(trials.forget)


class Tried:
    """Runs the steps of one job or worker like a `Database`; LeftOut if it hung again and again and has to rest."""

    def __init__(self, by: Trials, what: str) -> None:
        self._by = by
        self._what = what

    async def poll(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Look for something to do, or do it; noted until there is nothing, for the first time in this process.

        What ends one process after the other is there when the next one starts: later looks need no note, which costs
        a commit.
        """
        if (self._what, work) in self._by.idle:
            return await self._by.db.run(work, *args, **kwargs)
        found = await self.run(work, *args, **kwargs)
        if not found:
            self._by.idle.add((self._what, work))
        return found

    async def run(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Note it, do it and take the note away with what was done."""
        if not self._by.watching:
            return await self._by.db.run(work, *args, **kwargs)
        try:
            # Nobody comes between the note and the work: else what only waits its turn would seem to hang.
            return await self._by.db.run_after(self._begin, self._ending(work), *args, **kwargs)
        except LeftOut:
            raise
        except Exception:
            await self._by.db.run(self._end)  # it failed, which is no hang
            raise

    def _begin(self, session: Session) -> None:
        hangs_after = timedelta(seconds=HANGS_AFTER)
        left_out = trials.begin(session, self._what, self._by.process, hangs_after, self._by.now())
        if left_out is None:
            return
        if self._what not in self._by.said:
            self._by.said.add(self._what)
            log.error("left out for a while, as it hung", what=self._what, times=left_out.times, until=left_out.until)
        raise LeftOut

    def _ending(self, work: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session, P], T]:
        def both(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
            done = work(session, *args, **kwargs)
            self._end(session)
            return done

        return both

    def _end(self, session: Session) -> None:
        trials.end(session, self._what, self._by.process, self._by.now())


@asynccontextmanager
async def watched(tries: Trials) -> AsyncIterator[None]:
    """Look after the database's steps, and after the block that its end does not hang either.

    Whoever ends the block in order may have mended what hung: the next process tries all of it.
    """
    tries.watch()
    watching = asyncio.create_task(_watch(tries.db))
    try:
        yield
        await tries.forget()
    finally:
        watching.cancel()
