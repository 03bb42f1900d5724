"""Updates by webhook: kept and committed first, acknowledged after."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.base import Channel
from bot.messages import RawUpdate

log = structlog.get_logger()

LARGEST_BODY = 1_000_000
READ_WITHIN = 10.0
"""Seconds in which a body must have come: whoever dribbles holds no connection open for longer."""

Keep = Callable[[list[RawUpdate]], Awaitable[None]]


def build_app(channel: Channel, path: str, secret: str, keep: Keep) -> Starlette:
    """A web server for one channel alone."""
    return Starlette(routes=[door(channel, path, secret, keep)])


def door(channel: Channel, path: str, secret: str, keep: Keep) -> Route:
    """Takes POSTs to `path` that carry the secret; 200 only once the update is committed.

    An empty call of a messenger that probes needs no secret: nothing is done on it.
    """

    async def take(request: Request) -> Response:
        given = request.headers.get(channel.secret_header, "")
        known = hmac.compare_digest(given.encode(), secret.encode())
        # Of a stranger's body no more is read than whether there is one.
        largest = LARGEST_BODY if known else 0
        try:
            body = await _body(request, largest) if known or channel.probes else None
        except TimeoutError:
            return PlainTextResponse("too slow", 408)
        if channel.probes and body == b"":
            return PlainTextResponse("ok")
        if not known:
            return PlainTextResponse("wrong secret", 403)
        return PlainTextResponse("too large", 413) if body is None else await _accept(channel, body, keep)

    return Route(path, take, methods=["POST"])


async def _accept(channel: Channel, body: bytes, keep: Keep) -> Response:
    try:
        update = channel.accept(body)
    except (ValueError, RecursionError):  # the latter for JSON that is nested without end
        log.warning("a webhook call held no update", channel=channel.name)
        return PlainTextResponse("not an update", 400)
    if update is not None:
        await keep([update])
    return PlainTextResponse("ok")


async def _body(request: Request, largest: int) -> bytes | None:
    """The body; None if it is larger, which is not read to its end. TimeoutError if it does not come."""
    body = bytearray()
    async with asyncio.timeout(READ_WITHIN):
        async for chunk in request.stream():
            body += chunk
            if len(body) > largest:
                return None
    return bytes(body)
