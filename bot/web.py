"""A web server in the running event loop, for as long as somebody needs it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.settings import StartError

if TYPE_CHECKING:
    import uvicorn
    from starlette.routing import Route

MOST_CONNECTIONS = 500  # a messenger opens a hundred at most; one more is told 503, and this process keeps its files


@asynccontextmanager
async def serving(
    routes: "Sequence[Route]", host: str, port: int, settings: str, stop: asyncio.Event | None = None
) -> AsyncIterator[None]:
    """Serve these routes; what comes in before the server is up waits. At `stop`, if there is one, no more is taken.

    StartError if the port cannot be had; `settings` names those which say the place.
    """
    import uvicorn
    from starlette.applications import Starlette

    config = uvicorn.Config(
        Starlette(routes=routes), log_config=None, access_log=False, limit_concurrency=MOST_CONNECTIONS
    )
    server = uvicorn.Server(config)
    with _listen(host, port, settings) as listener:
        # `_serve` leaves the signals to us: we stop the web server first and finish what is in hand after.
        running = asyncio.create_task(server._serve([listener]))
        stopping = asyncio.create_task(_stop_with(server, stop or asyncio.Event()))
        try:
            yield
        finally:
            server.should_exit = True
            await running
            stopping.cancel()


def _listen(host: str, port: int, settings: str) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise StartError(f"cannot listen on {host} port {port}: set {settings}.") from error


async def _stop_with(server: "uvicorn.Server", stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True
