"""A messenger in the sandbox with Alice in it, and our channel to it."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram import TelegramChannel
from bot.channels.zalo import ZaloChannel
from bot.sandbox.model import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from bot.sandbox.zalo.model import Person as ZaloPerson
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.world import ZaloWorld

TOKEN = "1000000001:channel"  # noqa: S105 -- opens nothing but the server of one test
ZALO_TOKEN = "4242424242:zalo-s3cret"  # noqa: S105 -- the same


@pytest.fixture
def world() -> World:
    return World(scale=float("inf"))


@pytest.fixture
def alice(world: World) -> Person:
    return world.add_person("Alice", started=True)


@pytest.fixture
async def server(world: World) -> AsyncIterator[SandboxServer]:
    async with SandboxServer(world, TOKEN) as running:
        yield running


@pytest.fixture
async def channel(server: SandboxServer) -> AsyncIterator[TelegramChannel]:
    opened = TelegramChannel(TOKEN, server.address)
    await opened.open({})
    yield opened
    await opened.close()


@pytest.fixture
def zalo() -> ZaloWorld:
    return ZaloWorld()


@pytest.fixture
def hoa(zalo: ZaloWorld) -> ZaloPerson:
    """Somebody on Zalo who has written to the bot."""
    return zalo.add_person("Hoa", started=True)


@pytest.fixture
async def zalo_server(zalo: ZaloWorld) -> AsyncIterator[ZaloServer]:
    async with ZaloServer(zalo, ZALO_TOKEN) as running:
        yield running


@pytest.fixture
async def zalo_channel(zalo_server: ZaloServer) -> AsyncIterator[ZaloChannel]:
    opened = ZaloChannel(ZALO_TOKEN, zalo_server.address)
    await opened.open({})
    yield opened
    await opened.close()
