"""Fetches sheets that were sent as files and has them read, outside any transaction and in the worker process."""

import asyncio
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot.channels.base import Channel, OurFault, SendError, Unreachable
from bot.documents.process import DrawingProcess, NotDrawn
from bot.documents.roster_sheet import read_and_check
from bot.domain.page_sheets import CheckedPages, PageGround
from bot.domain.rosters.check import Checked, Ground
from bot.domain.rosters.table import Unreadable
from bot.logs import failure
from bot.watchdog import Tried
from bot.working import Later, work_until

log = structlog.get_logger()

FETCH_WITHIN = 120.0  # seconds; a host that sends on and on, ever so slowly, would hold up all files behind it
GIVE_UP_AFTER = timedelta(minutes=15)
MOST_BYTES = 10_000_000

Reader = Callable[[bytes, Any, str], tuple[Checked | CheckedPages, bytes]]
"""Reads a file against a ground, for a language: the rows with their outcomes, the sheet that goes back."""


@dataclass(frozen=True, slots=True)
class Due:
    """A file that is to be fetched: where it lies, since when, what it is checked against, its sender's language.

    `reader` is a function of a module, as it goes to the worker process; which one, depends on what the file is for.
    """

    batch: int
    channel: str
    source: str
    at: datetime
    ground: Ground | PageGround
    language: str
    reader: Reader = read_and_check


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: its rows with their outcomes, the sheet that goes back, the SHA-256 of what came."""

    checked: Checked | CheckedPages
    sheet: bytes
    digest: str


Next = Callable[[Session, datetime, Collection[int]], Due | None]
Settle = Callable[[Session, int, Read | str, datetime], None]
"""What was read, or one word for why it could not be."""


class RosterReader:
    """The worker over files that wait. `next_due` gives the next one, none of those it is told to leave for now.

    A file is not claimed: two replicas may both read it, and the second to settle finds nothing left to do.
    """

    def __init__(
        self,
        db: Tried,
        channels: Mapping[str, Channel],
        now: Callable[[], datetime],
        next_due: Next,
        settle: Settle,
    ) -> None:
        self._db = db
        self._channels = channels
        self._now = now
        self._process = DrawingProcess()
        self._next_due = next_due
        self._settle = settle
        self._later = Later(now)

    async def step(self) -> int:
        """Read the next file; 0 if there is none, or none that the messenger gives out now."""
        due = await self._later.next(lambda but: self._db.poll(self._next_due, self._now(), but))
        if due is None:
            self.close()  # a large file leaves much memory behind
            return 0
        answer = await self._read(due)
        if answer is None:
            self._later.leave(due.batch)
            return 0
        await self._db.run(self._settle, due.batch, answer, self._now())
        return 1

    async def run(self, stop: asyncio.Event) -> None:
        """Read until `stop`."""
        await work_until(stop, self.step, "reading rosters failed, will try again")

    def close(self) -> None:
        """Let the worker process go."""
        self._process.close()

    async def _read(self, due: Due) -> Read | str | None:
        """What is in the file, or why it cannot be read; None to try again later."""
        try:
            async with asyncio.timeout(FETCH_WITHIN):
                content = await self._channels[due.channel].download(due.source, MOST_BYTES)
            checked, sheet = await self._process.draw(due.reader, content, due.ground, due.language)
        except Unreadable as unreadable:
            return unreadable.fault
        except NotDrawn:
            log.warning("a roster took too long to read", batch=due.batch)
            return "too_large"
        except (KeyError, SendError, TimeoutError) as error:
            return self._not_fetched(due, error)
        except Exception as error:
            # A fault of ours in reading one file must not hold up those behind it.
            log.error("a roster could not be read", batch=due.batch, error=failure(error))
            return "broken"
        return Read(checked, sheet, hashlib.sha256(content).hexdigest())

    def _not_fetched(self, due: Due, error: Exception) -> str | None:
        reason = error.reason if isinstance(error, SendError) else type(error).__name__
        log.warning("a roster was not fetched", batch=due.batch, reason=reason)
        lasting = isinstance(error, KeyError | OurFault | Unreachable)
        return "not_fetched" if lasting or self._now() - due.at > GIVE_UP_AFTER else None
