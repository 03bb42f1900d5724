"""What goes on beside the bot while it runs: its pages for the operator, the sign of life, the nightly backup."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

import structlog

from bot.logs import failure
from bot.operations import nightly
from bot.operations.readiness import what_is_wrong
from bot.settings import Settings
from bot.storage.db import Database
from bot.storage.presence import Presence
from bot.web import serving

log = structlog.get_logger()

A_MINUTE = 60.0

Clock = Callable[[], datetime]
Work = Callable[[], Awaitable[object]]


@asynccontextmanager
async def kept(
    settings: Settings, db: Database, now: Clock, shut_out: Collection[str], presence: Presence | None
) -> AsyncIterator[None]:
    """Meanwhile all of this goes on, as far as the settings want it; `shut_out` as in `bot.receiving`."""
    async with AsyncExitStack() as stack:
        if settings.operator_port:
            from bot.operations import figures

            routes = figures.routes(db, now, shut_out)
            where = settings.operator_bind, settings.operator_port, "OPERATOR_BIND and OPERATOR_PORT"
            await stack.enter_async_context(serving(routes, *where))
        works = [*_works(settings, db, now), *_sign_of_life(settings, db, shut_out, stack)]
        if presence:
            works.append(lambda: asyncio.to_thread(_stay, presence))
        tasks = [asyncio.create_task(_each_minute(work)) for work in works]
        stack.push_async_callback(_end, tasks)
        yield


def _works(settings: Settings, db: Database, now: Clock) -> Iterator[Work]:
    if settings.backup_folder:
        yield lambda: nightly.back_up(db, settings.zone, now())


def _sign_of_life(settings: Settings, db: Database, shut_out: Collection[str], stack: AsyncExitStack) -> Iterator[Work]:
    if settings.heartbeat_url is None:
        return
    from bot.operations.heartbeat import Heartbeat

    heartbeat = Heartbeat(settings.heartbeat_url.get_secret_value())
    stack.push_async_callback(heartbeat.close)

    async def beat() -> None:
        await heartbeat.beat(await what_is_wrong(db, shut_out))

    yield beat


def _stay(presence: Presence) -> None:
    if not presence.take():
        log.error("somebody moves or restores the ledger while the bot runs: stop one of the two")


async def _each_minute(work: Work) -> None:
    while True:
        try:
            await work()
        except Exception as error:
            log.error("upkeep failed, will try again", error=failure(error))
        await asyncio.sleep(A_MINUTE)


async def _end(tasks: Collection[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
