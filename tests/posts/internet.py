"""All hosts that the readers know, on one loopback server with certificates of a test's own authority.

Only the last step is replaced: names get the addresses that a test gives them, and a connection that passed the guard
goes to the server. Everything else, the guard and TLS included, is the real thing.
"""

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import httpcore
import trustme

from bot.posts.fetching import LIMITS, Fetcher, Limits

AGENT = "SoTin/0.1.0 (+https://sotin.example)"
PUBLIC = "8.8.4.4"
HOSTS = (
    *("graph.facebook.com", "www.googleapis.com", "www.tiktok.com", "www.facebook.com", "www.youtube.com"),
    *("fb.watch", "fb.me", "vm.tiktok.com", "vt.tiktok.com", "m.facebook.com"),
)


@dataclass(frozen=True)
class Reply:
    """What the server answers; `stalls` sends the headers and then nothing more."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    stalls: bool = False


@dataclass(frozen=True)
class Asked:
    """A request that reached the server."""

    place: str
    query: str
    headers: Mapping[str, str]


class Loopback(httpcore.AnyIOBackend):
    """Connects to the server whatever the address, and notes the address."""

    def __init__(self, internet: "Internet") -> None:
        self._internet = internet

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- httpcore's interface
        local_address: str | None = None,
        socket_options: object = None,  # noqa: ARG002 -- httpcore's interface
    ) -> httpcore.AsyncNetworkStream:
        self._internet.dialled.append((host, port))
        if host in self._internet.dead:
            raise httpcore.ConnectError
        return await super().connect_tcp("127.0.0.1", self._internet.port, timeout, local_address)


class Internet:
    """`replies` by host and path; `names` by host; `asked` and `dialled` say what happened; `now` is the clock.

    At `dead` addresses nobody answers; names that are `mute` are never resolved; each request may let time pass.
    """

    def __init__(self, authority: trustme.CA, certified: Sequence[str] = HOSTS) -> None:
        self.replies: dict[str, Reply] = {}
        self.names: dict[str, list[str]] = {}
        self.asked: list[Asked] = []
        self.dialled: list[tuple[str, int]] = []
        self.dead: set[str] = set()
        self.mute: set[str] = set()
        self.now = 1_000.0
        self.passes_on_request = 0.0
        self.port = 0
        self._busy = 0
        self._over = asyncio.Event()
        self._certificate = authority.issue_cert(*certified)
        self._trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        authority.configure_trust(self._trust)

    async def open(self) -> asyncio.Server:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._certificate.configure_cert(tls)
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def close(self) -> None:
        """End what stalls, and let each connection come to its end."""
        self._over.set()
        while self._busy:  # noqa: ASYNC110 -- only gives way, and does not wait
            await asyncio.sleep(0)

    def fetcher(self, limits: Limits = LIMITS) -> Fetcher:
        return Fetcher(AGENT, limits, lambda: self.now, self._resolve, Loopback(self), self._trust)

    def places(self) -> list[str]:
        """Host and path of each request, in order."""
        return [asked.place for asked in self.asked]

    async def _resolve(self, host: str, _port: int) -> list[str]:
        if host in self.mute:
            await self._over.wait()
        if host in self.names and not self.names[host]:
            raise OSError
        return self.names.get(host, [PUBLIC])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._busy += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            await self._answer((await reader.readuntil(b"\r\n\r\n")).decode(), writer)
        writer.close()
        self._busy -= 1

    async def _answer(self, request: str, writer: asyncio.StreamWriter) -> None:
        first, *lines = request.strip().split("\r\n")
        pairs = (line.partition(": ") for line in lines)
        headers = {name.lower(): value for name, _, value in pairs}
        self.now += self.passes_on_request
        path, _, query = first.split(" ")[1].partition("?")
        self.asked.append(Asked(headers["host"] + path, query, headers))
        reply = self.replies.get(headers["host"] + path, Reply(404))
        given = {"Content-Length": str(len(reply.body) + reply.stalls), "Connection": "close", **reply.headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        writer.write(f"HTTP/1.1 {reply.status} Said\r\n{head}\r\n".encode("utf-8", "surrogateescape") + reply.body)
        await writer.drain()
        if reply.stalls:
            await self._over.wait()
