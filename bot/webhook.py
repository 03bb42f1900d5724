"""Updates by webhook: kept and committed first, acknowledged after."""

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

Keep = Callable[[list[RawUpdate]], Awaitable[None]]


def build_app(channel: Channel, path: str, secret: str, keep: Keep) -> Starlette:
    """A web server for one channel alone."""
    return Starlette(routes=[door(channel, path, secret, keep)])


def door(channel: Channel, path: str, secret: str, keep: Keep) -> Route:
    """Takes POSTs to `path` that carry the secret; 200 only once the update is committed.

    An empty call of a messenger that probes needs no secret: nothing is done on it.
    """

    async def take(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        if channel.probes and not body:
            return PlainTextResponse("ok")
        given = request.headers.get(channel.secret_header, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return PlainTextResponse("wrong secret", 403)
        return await _accept(channel, body, keep)

    return Route(path, take, methods=["POST"])


async def _accept(channel: Channel, body: bytes, keep: Keep) -> Response:
    try:
        update = channel.accept(body)
    except ValueError:
        log.warning("a webhook call held no update", channel=channel.name)
        return PlainTextResponse("not an update", 400)
    if update is not None:
        await keep([update])
    return PlainTextResponse("ok")


async def _body(request: Request) -> bytes | None:
    """The body, unless it is larger than any update; it is not read to its end then."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return body
