"""The bot under trouble: it waits for moments where it waits for seconds, so that these tests are short."""

from collections.abc import AsyncIterator

import pytest
import structlog

from bot import handling, receiving
from bot.delivery import sender
from tests.cast import Stage
from tests.databases import Postgresql, Sqlite
from tests.faults.life import Life

A_MOMENT = 0.1


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorter waits between two tries."""
    monkeypatch.setattr(handling, "AFTER_FAILURE", A_MOMENT)
    monkeypatch.setattr(sender, "IDLE_POLL", A_MOMENT)
    monkeypatch.setattr(receiving, "RECONNECT", (A_MOMENT,))


@pytest.fixture
async def life(databases: Sqlite | Postgresql) -> AsyncIterator[Life]:
    """A bot that lives, on either database."""
    async with Stage(databases.fresh("staged")) as stage:
        with structlog.testing.capture_logs() as logged:
            async with Life(stage, logged) as living:
                yield living


@pytest.fixture
async def on_sqlite(sqlite: Sqlite) -> AsyncIterator[Life]:
    """The same on SQLite alone: for what does not touch the database."""
    async with Stage(sqlite.fresh("staged")) as stage:
        with structlog.testing.capture_logs() as logged:
            async with Life(stage, logged) as living:
                yield living


@pytest.fixture
async def on_postgresql(postgresql: Postgresql) -> AsyncIterator[Life]:
    """The same on PostgreSQL alone."""
    async with Stage(postgresql.fresh("staged")) as stage:
        with structlog.testing.capture_logs() as logged:
            async with Life(stage, logged) as living:
                yield living
