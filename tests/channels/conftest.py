"""A messenger in the sandbox with Alice in it, and our channel to it."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram import TelegramChannel
from bot.sandbox.model import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World

TOKEN = "1000000001:channel"  # noqa: S105 -- opens nothing but the server of one test


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
