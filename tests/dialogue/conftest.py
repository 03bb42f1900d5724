"""Each dialogue runs on Telegram over SQLite, and besides either over PostgreSQL or on Zalo, as its name falls.

`ALL_DIALOGUES=1` runs all of them everywhere. What cannot be said or shown on Zalo is marked `telegram_only`, with the
reason in words. Of a table of cases Zalo gets the first: the others are about the words, not about how they come.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from zlib import crc32

import pytest

from tests.cast import Stage
from tests.databases import Postgresql, Sqlite
from tests.zalo_cast import STAGES

HERE = Path(__file__).parent
ALL = bool(os.environ.get("ALL_DIALOGUES"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "telegram_only(reason): this dialogue cannot be had on Zalo, as the reason says")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    seen: set[tuple[Path, str]] = set()
    runs = [HERE not in item.path.parents or _can_run(item, seen) for item in items]
    config.hook.pytest_deselected(items=[item for item, run in zip(items, runs, strict=True) if not run])
    items[:] = [item for item, run in zip(items, runs, strict=True) if run]


def _can_run(item: pytest.Item, seen: set[tuple[Path, str]]) -> bool:
    choice = item.callspec.params if hasattr(item, "callspec") else {}
    test = item.path, item.name.partition("[")[0]
    telegram_only = item.get_closest_marker("telegram_only") is not None
    if choice.get("messenger") != "zalo":
        both = "databases" in choice and "messenger" in choice
        return not both or choice["databases"] == "sqlite" or telegram_only or ALL or not _falls_on_zalo(test[1])
    if choice.get("databases", "sqlite") != "sqlite" or telegram_only or not (ALL or _falls_on_zalo(test[1])):
        return False
    first = test not in seen
    seen.add(test)
    return first


def _falls_on_zalo(name: str) -> bool:
    return crc32(name.encode()) % 2 == 0


@pytest.fixture(params=["telegram", "zalo"])
def messenger(request: pytest.FixtureRequest) -> str:
    """Where the cast is."""
    return str(request.param)


@pytest.fixture
async def stage(databases: Sqlite | Postgresql, messenger: str) -> AsyncIterator[Stage]:
    """The sandbox with the whole cast on one messenger, and the bot behind it."""
    async with STAGES[messenger](databases.fresh("owing")) as opened:
        yield opened
        assert opened.scans.found(opened.app.db.engine) == []
