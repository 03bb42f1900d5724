"""Fetches copies of what people attached on one messenger, so that another can say it: outside any transaction."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.channels.base import Channel, InDoubt, Rejected, SendError, Throttled, TryLater
from bot.logs import failure
from bot.watchdog import Tried
from bot.working import Later, work_until

log = structlog.get_logger()

FETCH_WITHIN = 120.0  # seconds; a host that sends on and on, ever so slowly, would hold up all files behind it
GIVE_UP_AFTER = timedelta(minutes=15)
# Telegram gives out no more.
MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Due:
    """A file that is to be fetched: its number, where it lies, since when it is wanted."""

    number: int
    channel: str
    reference: str
    at: datetime


Next = Callable[[Session, Collection[int]], Due | None]
Settle = Callable[[Session, int, bytes | None, datetime], None]
"""The bytes; None if they cannot be had."""


class Copier:
    """The worker over files that wait. `next_due` gives the next one, none of those it is told to leave for now.

    A file is not claimed: two replicas may both fetch it, and the second to settle finds nothing left to do.
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
        self._next_due = next_due
        self._settle = settle
        self._later = Later(now)

    async def step(self) -> int:
        """Fetch the next file; 0 if there is none, or none that the messenger gives out now."""
        due = await self._later.next(lambda but: self._db.poll(self._next_due, but))
        if due is None:
            return 0
        try:
            async with asyncio.timeout(FETCH_WITHIN):
                content = await self._channels[due.channel].download(due.reference, MOST_BYTES)
        except Exception as error:
            if self._may_come(due, error):
                self._later.leave(due.number)
                return 1
            content = None
        await self._db.run(self._settle, due.number, content, self._now())
        return 1

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch until `stop`."""
        await work_until(stop, self.step, "fetching attachments failed, will try again")

    def _may_come(self, due: Due, error: Exception) -> bool:
        """Whether to try again; a fault of ours with one file must not hold up those behind it."""
        reason = error.reason if isinstance(error, SendError) else failure(error)
        log.warning("an attachment was not fetched", attachment=due.number, reason=reason)
        passing = isinstance(error, TryLater | Throttled | InDoubt | Rejected | TimeoutError)
        return passing and self._now() - due.at <= GIVE_UP_AFTER
