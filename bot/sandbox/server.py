"""The sandbox on the network: one Starlette application, served on 127.0.0.1 inside the running event loop."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute

from bot.sandbox.bot_http import BOT_ROUTES
from bot.sandbox.loopback import HOST, Loopback
from bot.sandbox.web import PAGE_ROUTES
from bot.sandbox.webhook import deliver_forever
from bot.sandbox.world import World
from bot.sandbox.zalo.control import control
from bot.sandbox.zalo.world import ZaloWorld

HangUp = Callable[[Request], None]


def build_app(world: World, token: str, hang_up: HangUp | None = None, zalo: ZaloWorld | None = None) -> Starlette:
    """The Bot API and the web chat of a world, with the people who are on Zalo if there is such a world, too.

    `hang_up` cuts the connection of a request; without it the drop faults answer with an error.
    """
    app = Starlette(routes=[*BOT_ROUTES, *PAGE_ROUTES, *(control(zalo, "/sandbox/zalo") if zalo else [])])
    app.state.world, app.state.zalo = world, zalo
    app.state.token, app.state.hang_up = token, hang_up or _cannot_hang_up
    return app


class SandboxServer:
    """Serves a world as long as its `async with` block runs; port 0 takes a free one.

    `zalo` joins the page, and must publish into the same feed; its own API is served by a ZaloServer.
    Starting twice over the same world, one after the other, is how a messenger's outage is played.
    """

    def __init__(self, world: World, token: str, port: int = 0, zalo: ZaloWorld | None = None) -> None:
        self.world = world
        self.zalo = zalo
        self.token = token
        self.port = port

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def bot_url(self) -> str:
        """`base_url` for a Bot API client."""
        return f"{self.address}/bot"

    @property
    def file_url(self) -> str:
        """`base_file_url` for a Bot API client."""
        return f"{self.address}/file/bot"

    async def __aenter__(self) -> Self:
        self._server = Loopback()
        self._app = build_app(self.world, self.token, self._server.hang_up, self.zalo)
        self.port = await self._server.start(self._app, self.port)
        self._webhook = asyncio.create_task(deliver_forever(self.world))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._webhook.cancel()
        with suppress(asyncio.CancelledError):
            await self._webhook
        await self._server.end(self._wake_waiting)

    def add(self, routes: Sequence[BaseRoute]) -> None:
        """Serve these, too, from now on: the bot's own pages."""
        self._app.router.routes.extend(routes)

    def _wake_waiting(self) -> None:
        self.world.updates.nudge()
        self.world.feed.close()


def _cannot_hang_up(_request: Request) -> None:
    raise RuntimeError("only SandboxServer can cut a connection")
