"""getUpdates: one update a call, forgotten as soon as it is handed out. Two who poll steal from each other."""

import asyncio
from contextlib import suppress

from bot.sandbox.zalo.model import EmptyPoll, Json
from bot.sandbox.zalo.refusals import Refused
from bot.sandbox.zalo.world import ZaloWorld

DEFAULT_WAIT = 30.0
EMPTY: dict[EmptyPoll, object] = {EmptyPoll.EMPTY_RESULT: {}, EmptyPoll.NULL: None, EmptyPoll.EMPTY_LIST: []}


async def get_updates(world: ZaloWorld, params: Json) -> object:
    """The oldest update, waiting `timeout` seconds for one."""
    if world.webhook.url:
        raise Refused(world.knobs.poll_with_webhook, "Bad request: a webhook is set")
    world.feed.publish("poll")
    with suppress(TimeoutError):
        async with asyncio.timeout(min(_wait(params), world.knobs.longest_poll)):
            await _something(world)
    if world.pending:
        world.handed_out += 1
        return world.pending.popleft()
    return _nothing_there(world)


async def _something(world: ZaloWorld) -> None:
    while world.address and not world.pending:
        world.polled = True
        world.feed.publish("waiting")
        try:
            await world.change()
        finally:
            world.polled = False


def _nothing_there(world: ZaloWorld) -> object:
    how = world.knobs.empty_poll
    if how in EMPTY:
        return EMPTY[how]
    status = 408 if how is EmptyPoll.HTTP_408 else 200
    raise Refused(408, "Request timeout", status=status)


def _wait(params: Json) -> float:
    try:
        return float(str(params.get("timeout", DEFAULT_WAIT)))
    except ValueError:
        raise Refused(400, "Bad request: The timeout is invalid") from None
