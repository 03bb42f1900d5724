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

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the header's name, not a secret
LARGEST_BODY = 1_000_000

Keep = Callable[[list[RawUpdate]], Awaitable[None]]


def build_app(channel: Channel, path: str, secret: str, keep: Keep) -> Starlette:
    """Takes POSTs to `path` that carry the secret; 200 only once the update is committed."""

    async def take(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return PlainTextResponse("wrong secret", 403)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        try:
            update = channel.accept(body)
        except ValueError:
            log.warning("a webhook call held no update")
            return PlainTextResponse("not an update", 400)
        await keep([update])
        return PlainTextResponse("ok")

    return Starlette(routes=[Route(path, take, methods=["POST"])])


async def _body(request: Request) -> bytes | None:
    """The body, unless it is larger than any update; it is not read to its end then."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return body
