"""One webhook address in front of several replicas: each call goes to the next one that takes it."""

import asyncio
from collections.abc import Sequence
from itertools import count
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
ANSWER_WITHIN = 20.0
NOBODY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Front:
    """Hands each request on in turn; one that a dying replica leaves unanswered goes to the next, as a retry would."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = ports
        self._turn = count()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        self.address = f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            request = head + await reader.readexactly(_length(head))
            writer.write(await self._answer(request))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the messenger hung up: it will come again
        finally:
            writer.close()

    async def _answer(self, request: bytes) -> bytes:
        first = next(self._turn)
        for place in range(len(self._ports)):
            port = self._ports[(first + place) % len(self._ports)]
            try:
                if answer := await asyncio.wait_for(_ask(port, request), ANSWER_WITHIN):
                    return answer
            except (OSError, TimeoutError):
                continue
        return NOBODY


async def _ask(port: int, request: bytes) -> bytes:
    """The whole answer; the messenger asks each time for the connection to be closed. Empty if there was none."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write(request)
        await writer.drain()
        return await reader.read()
    finally:
        writer.close()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0
