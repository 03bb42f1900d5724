"""Connections to public addresses only.

The name is resolved once, every address is checked, and the connection goes to a checked address: a name server that
gives another answer the second time gains nothing. TLS still asks for the name's own certificate.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpcore

from bot.posts.addresses import is_public

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""(host name, port) → its addresses; raises OSError."""

_MOST_ADDRESSES = 4


class NotPublic(Exception):
    """A name leads to an address inside some network, or to none."""


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, from the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class PublicNetwork(httpcore.AsyncNetworkBackend):
    """Refuses a name unless all its addresses are public; `dial` connects to the address that was checked."""

    def __init__(self, resolve: Resolve, dial: httpcore.AsyncNetworkBackend) -> None:
        self._resolve = resolve
        self._dial = dial

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to one of the addresses; raises NotPublic or an error of httpcore."""
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._checked(host, port)
                return await self._first(addresses, port, local_address, socket_options)
        except TimeoutError:
            raise httpcore.ConnectTimeout from None

    async def _checked(self, host: str, port: int) -> list[str]:
        try:
            addresses = list(dict.fromkeys(await self._resolve(host, port)))
        except OSError:
            raise httpcore.ConnectError from None
        if not addresses or not all(map(is_public, addresses)):
            raise NotPublic
        # IPv4 first: where IPv6 is set up but leads nowhere, trying it would use up the time.
        return sorted(addresses, key=lambda address: ":" in address)[:_MOST_ADDRESSES]

    async def _first(
        self,
        addresses: list[str],
        port: int,
        local_address: str | None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None,
    ) -> httpcore.AsyncNetworkStream:
        for address in addresses[:-1]:
            try:
                return await self._dial.connect_tcp(address, port, None, local_address, socket_options)
            except httpcore.ConnectError:
                continue
        return await self._dial.connect_tcp(addresses[-1], port, None, local_address, socket_options)
