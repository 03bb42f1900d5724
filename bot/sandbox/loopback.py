"""A web server on 127.0.0.1 inside the running event loop, which can also cut a connection."""

import asyncio
import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

HOST = "127.0.0.1"
END_WITHIN = 2.0


class Loopback:
    """Serves one application from `start` to `end`."""

    async def start(self, app: Starlette, port: int) -> int:
        """Serve on this port, 0 for a free one; the port. OSError if it is taken."""
        listener = _listen(port)
        config = uvicorn.Config(app, http="h11", ws="none", lifespan="off", log_config=None, access_log=False)
        config.load()
        self._server = uvicorn.Server(config)
        # startup() alone, not serve(): that one installs signal handlers and looks at a flag ten times a second.
        self._server.lifespan = config.lifespan_class(config)
        await self._server.startup(sockets=[listener])
        return int(listener.getsockname()[1])

    async def end(self, wake: Callable[[], None]) -> None:
        """Stop listening and end the connections; `wake` is to end what waits inside them."""
        for server in self._server.servers:
            server.close()
        state = self._server.server_state
        for connection in list(state.connections):
            connection.shutdown()
        wake()
        if state.tasks:
            await asyncio.wait(set(state.tasks), timeout=END_WITHIN)
        for connection in list(state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # the transports' last word, connection_lost, is due on the next turn of the loop

    def hang_up(self, request: Request) -> None:
        """Cut the connection of a request."""
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
