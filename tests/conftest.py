"""What all tests share: fresh databases of both kinds, and the cast in a sandbox with the bot behind it."""

import gc
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import cache

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from bot.campaigns import Campaign, UnitRow, loading
from bot.storage.db import open_engine
from tests.cast import Stage
from tests.databases import Postgresql, Sqlite, postgresql_server, share_compiled

LONG = ("year", "storm", "crash", "operations")

event.listen(Engine, "engine_connect", share_compiled)

_parse_it = loading._parse


@cache
def _parse_once(text: str, name: str, units: tuple[UnitRow, ...]) -> Campaign:
    return _parse_it(text, name, units)


def _parse(text: str, name: str, units: Sequence[UnitRow]) -> Campaign:
    """The campaign of a profile, which nobody can change: each bot of a test would parse the same anew."""
    return _parse_once(text, name, tuple(units))


loading._parse = _parse  # what is read and how faults are told stays the bot's own


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker ends alone with it; measure coverage on SQLite alone.

    PostgreSQL runs the same lines, and measuring costs a third of the time.
    """
    items.sort(key=lambda item: item.path.parent.name not in LONG)
    for item in items:
        if "[postgresql" in item.name:
            item.add_marker(pytest.mark.no_cover)


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never among the tests and modules, which stay: that took a tenth of the time.

    Whatever was left open is still found, if some tests later, and at the end in any case.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    return Sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgresql]:
    with postgresql_server(tmp_path_factory.mktemp("postgresql")) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Sqlite | Postgresql]:
    """Whatever touches the database runs on both."""
    found: Sqlite | Postgresql = request.getfixturevalue(request.param)
    yield found
    found.drop()


@pytest.fixture
def database_url(databases: Sqlite | Postgresql) -> str:
    return databases.fresh()


@pytest.fixture
def engine(databases: Sqlite | Postgresql) -> Iterator[Engine]:
    """A staged database without the bot."""
    opened = open_engine(databases.fresh("staged"))
    yield opened
    opened.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A transaction on it."""
    with Session(engine) as opened, opened.begin():
        yield opened


@pytest.fixture
async def stage(databases: Sqlite | Postgresql) -> AsyncIterator[Stage]:
    """The sandbox with the whole cast, and the bot behind it."""
    async with Stage(databases.fresh("owing")) as opened:
        yield opened
        assert opened.scans.found(opened.app.db.engine) == []
