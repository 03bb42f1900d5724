"""The sandbox on the network: one Starlette application, served on 127.0.0.1 inside the running event loop."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.sandbox.bot_http import BOT_ROUTES
from bot.sandbox.web import PAGE_ROUTES
from bot.sandbox.webhook import deliver_forever
from bot.sandbox.world import World

HOST = "127.0.0.1"
END_WITHIN = 2.0
HangUp = Callable[[Request], None]


def build_app(world: World, token: str, hang_up: HangUp | None = None) -> Starlette:
    """The Bot API and the web chat of a world.

    `hang_up` cuts the connection of a request; without it the drop faults answer with an error.
    """
    app = Starlette(routes=[*BOT_ROUTES, *PAGE_ROUTES])
    app.state.world, app.state.token, app.state.hang_up = world, token, hang_up or _cannot_hang_up
    return app


class SandboxServer:
    """Serves a world as long as its `async with` block runs; port 0 takes a free one.

    Starting twice over the same world, one after the other, is how a messenger's outage is played.
    """

    def __init__(self, world: World, token: str, port: int = 0) -> None:
        self.world = world
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
        listener = _listen(self.port)
        self.port = listener.getsockname()[1]
        app = build_app(self.world, self.token, self._hang_up)
        config = uvicorn.Config(app, http="h11", ws="none", lifespan="off", log_config=None, access_log=False)
        config.load()
        self._server = uvicorn.Server(config)
        # startup() alone, not serve(): that one installs signal handlers and looks at a flag ten times a second.
        self._server.lifespan = config.lifespan_class(config)
        await self._server.startup(sockets=[listener])
        self._webhook = asyncio.create_task(deliver_forever(self.world))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._webhook.cancel()
        with suppress(asyncio.CancelledError):
            await self._webhook
        for server in self._server.servers:
            server.close()
        await self._end_connections()

    async def _end_connections(self) -> None:
        state = self._server.server_state
        for connection in list(state.connections):
            connection.shutdown()
        self.world.updates.nudge()
        self.world.feed.close()
        if state.tasks:
            await asyncio.wait(set(state.tasks), timeout=END_WITHIN)
        for connection in list(state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # the transports' last word, connection_lost, is due on the next turn of the loop

    def _hang_up(self, request: Request) -> None:
        for connection in list(self._server.server_state.connections):
            if isinstance(connection, H11Protocol) and connection.client == request.client:
                connection.transport.abort()


def _listen(port: int) -> socket.socket:
    # With the protocol named, asyncio switches Nagle's algorithm off, which would cost 40 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def _cannot_hang_up(_request: Request) -> None:
    raise RuntimeError("only SandboxServer can cut a connection")
