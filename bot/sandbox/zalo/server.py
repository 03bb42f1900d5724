"""Zalo on the network: the API and people's pictures, served on 127.0.0.1 inside the running event loop."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

from starlette.applications import Starlette

from bot.sandbox.loopback import HOST, Loopback
from bot.sandbox.zalo.control import control
from bot.sandbox.zalo.http import ROUTES
from bot.sandbox.zalo.webhooks import deliver_forever
from bot.sandbox.zalo.world import ZaloWorld


class ZaloServer:
    """Serves a world as long as its `async with` block runs; port 0 takes a free one."""

    def __init__(self, world: ZaloWorld, token: str, port: int = 0) -> None:
        self.world = world
        self.token = token
        self.port = port

    @property
    def address(self) -> str:
        """What a client takes for the API's address."""
        return f"http://{HOST}:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = Loopback()
        app = Starlette(routes=[*control(self.world, "/sandbox"), *ROUTES])
        app.state.world, app.state.hang_up = self.world, self._server.hang_up
        self._app = app
        self.change_token(self.token)
        self.port = await self._server.start(app, self.port)
        self.world.address = self.address
        self._webhook = asyncio.create_task(deliver_forever(self.world))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._webhook.cancel()
        with suppress(asyncio.CancelledError):
            await self._webhook
        self.world.address = ""
        await self._server.end(self._wake_waiting)

    def change_token(self, token: str) -> None:
        """From now on only this one opens, as after a reset in Zalo Bot Creator."""
        self.token = self._app.state.token = token

    def _wake_waiting(self) -> None:
        self.world.nudge()
        self.world.feed.close()
