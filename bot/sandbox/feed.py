"""What happened, told live to whoever listens: the page, and tests that wait for an answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from bot.sandbox.model import Json


class Feed:
    """Events `{"kind": …, …}` to every listener; None ends a listener's stream."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Json | None]] = set()

    def publish(self, kind: str, **data: object) -> None:
        for listener in self._listeners:
            listener.put_nowait({"kind": kind, **data})

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Json | None]]:
        """A queue that gets every event from now on."""
        listener: asyncio.Queue[Json | None] = asyncio.Queue()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def close(self) -> None:
        """End the streams of all who listen now."""
        for listener in self._listeners:
            listener.put_nowait(None)


async def stream(feed: Feed) -> AsyncIterator[str]:
    """Everything that happens from now on, as server-sent events."""
    with feed.listen() as events:
        yield ": open\n\n"
        while (event := await events.get()) is not None:
            yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
