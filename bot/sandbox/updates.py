"""What waits for the bot: updates, handed out until they are confirmed.

Source: Bot API, "Getting updates". An update is forgotten when a later offset confirms it, never earlier.
"""

import asyncio
from collections import deque
from contextlib import suppress
from itertools import islice

from bot.sandbox.errors import ApiError
from bot.sandbox.model import Json


class Updates:
    """The queue of one bot; `allowed` are the kinds that it asked for (None: all).

    `polled` is True while a long poll waits.
    """

    def __init__(self, first_id: int) -> None:
        self.pending: deque[Json] = deque()
        self.allowed: frozenset[str] | None = None
        self.polled = False
        self._next_id = first_id
        self._turn = 0
        self._waiters: set[asyncio.Future[None]] = set()

    def put(self, kind: str, payload: Json) -> int | None:
        """Queue an update and return its id; None when the bot did not ask for this kind."""
        if self.allowed is not None and kind not in self.allowed:
            return None
        update_id = self._next_id
        self._next_id += 1
        self.pending.append({"update_id": update_id, kind: payload})
        self.nudge()
        return update_id

    def confirm(self, offset: int) -> None:
        """Forget what comes before the offset; a negative one keeps only so many from the end."""
        if offset < 0:
            offset = self._next_id + offset
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()

    async def poll(self, offset: int, limit: int, within: float) -> list[Json]:
        """Up to `limit` updates from the offset on, waiting `within` seconds for the first.

        A newer poll ends an older one, which then raises the 409 that Telegram sends.
        """
        self._turn += 1
        turn = self._turn
        self.nudge()
        self.confirm(offset)
        if within and not self.pending:
            self.polled = True
            with suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await self.change()
            self.polled = False
        if turn != self._turn:
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        return list(islice(self.pending, limit))

    async def change(self) -> None:
        """Return at the next new update or nudge."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)

    def nudge(self) -> None:
        """Wake everybody who waits, with or without an update: they look for themselves."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
