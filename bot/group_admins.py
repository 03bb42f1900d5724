"""Asks the messenger who administers a group that is to become a unit's, outside any transaction."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from bot.channels.base import Channel, SendError
from bot.storage import summaries
from bot.storage.models import Group
from bot.watchdog import Tried
from bot.working import work_until

log = structlog.get_logger()

Settle = Callable[[Session, int, Collection[str] | None, datetime], None]


class GroupAdmins:
    """The worker over groups of which somebody asked. `settle` goes on with the answer, None if there was none.

    A group is not claimed: two replicas may both ask, and the second to settle finds nothing left to do.
    """

    def __init__(self, db: Tried, channels: Mapping[str, Channel], now: Callable[[], datetime], settle: Settle) -> None:
        self._db = db
        self._channels = channels
        self._now = now
        self._settle = settle

    async def step(self) -> int:
        """Ask about each group that waits, one after the other; how many."""
        groups = [group for group in await self._db.poll(summaries.asked) if group.channel in self._channels]
        for group in groups:
            admins = await self._admins(group)
            await self._db.run(self._settle, group.id, admins, self._now())
        return len(groups)

    async def run(self, stop: asyncio.Event) -> None:
        """Ask until `stop`."""
        await work_until(stop, self.step, "asking for the admins of groups failed, will try again")

    async def _admins(self, group: Group) -> frozenset[str] | None:
        try:
            return await self._channels[group.channel].admins(group.chat)
        except SendError as error:
            log.warning("the messenger did not say who administers a group", group=group.id, reason=error.reason)
            return None
