"""Calls that Zalo makes itself: of the bot's webhook, and of the address of a picture.

Written on plain streams: the sandbox is a server and carries no HTTP client.
"""

import asyncio
import ssl
from collections.abc import Mapping
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

ANSWER_WITHIN = 10.0
USER_AGENT = "Java/1.8.0_192"


class Answer(NamedTuple):
    """Status, the headers by their small names, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_loopback(url: str) -> bool:
    """Whether the address is on this machine; no other is ever called."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_public(url: str) -> bool:
    """Whether an address may be one on the internet, by its look alone."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return host != "localhost"


async def call(method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
    """One request; OSError, TimeoutError or ValueError if it does not come to an answer."""
    if not is_loopback(url):
        raise ValueError("the sandbox calls no address but this machine's")
    async with asyncio.timeout(ANSWER_WITHIN):
        return await _call(method, url, headers or {}, body)


async def _call(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    address = urlsplit(url)
    secure = address.scheme == "https"
    context = ssl.create_default_context() if secure else None
    reader, writer = await asyncio.open_connection(
        address.hostname, address.port or (443 if secure else 80), ssl=context
    )
    try:
        writer.write(_request(method, url, headers, body))
        await writer.drain()
        return _answer(await reader.read())
    finally:
        writer.close()


def _request(method: str, url: str, headers: Mapping[str, str], body: bytes) -> bytes:
    address = urlsplit(url)
    target = (address.path or "/") + (f"?{address.query}" if address.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {address.netloc}", f"User-Agent: {USER_AGENT}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


def _answer(raw: bytes) -> Answer:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    words = first.split()
    if len(words) < 2:
        raise ValueError("no answer")
    headers = (line.partition(":") for line in rest)
    return Answer(int(words[1]), {name.lower(): value.strip() for name, _, value in headers}, body)
