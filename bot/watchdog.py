"""Ends a process in which a step hangs: nobody can stop a thread, but whoever starts the process anew can go on.

What was being handled is tried again, alone, and given up if it ends the process again and again (`inbox.note_try`).
"""

import asyncio
import faulthandler
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.storage.db import Database

log = structlog.get_logger()

HANGS_AFTER = 60.0  # seconds: six times what another writer's lock may take
GRACE = 15.0
LOOK_EVERY = 5.0
HUNG = 70
"""The exit code."""


@asynccontextmanager
async def watched(db: Database) -> AsyncIterator[None]:
    """Look after the database's steps, and after the block that its end does not hang either."""
    watching = asyncio.create_task(_watch(db))
    try:
        yield
    finally:
        watching.cancel()


async def _watch(db: Database) -> None:
    while True:
        # It needs neither this loop nor the interpreter, which a step may keep to itself, as an endless pattern does.
        faulthandler.dump_traceback_later(HANGS_AFTER + GRACE, exit=True)
        if (seconds := db.longest_step()) > HANGS_AFTER:
            log.error("a step hangs: the process ends, to be started anew", seconds=int(seconds))
            faulthandler.dump_traceback(sys.stderr)  # places in our code, no values
            os._exit(HUNG)
        await asyncio.sleep(min(LOOK_EVERY, HANGS_AFTER))
