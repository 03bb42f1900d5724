"""The dialogues run on each messenger: on Telegram over both databases, on Zalo over one.

What cannot be said or shown on Zalo is marked `telegram_only`, with the reason in words. Of a table of cases Zalo gets
the first: the others are about the words, not about how they come.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cast import Stage
from tests.databases import Postgresql, Sqlite
from tests.zalo_cast import STAGES

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "telegram_only(reason): this dialogue cannot be had on Zalo, as the reason says")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    seen: set[tuple[Path, str]] = set()
    left_out = [item for item in items if HERE in item.path.parents and not _can_run(item, seen)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _can_run(item: pytest.Item, seen: set[tuple[Path, str]]) -> bool:
    choice = item.callspec.params if hasattr(item, "callspec") else {}
    if choice.get("messenger") != "zalo":
        return True
    if choice.get("databases", "sqlite") != "sqlite" or item.get_closest_marker("telegram_only"):
        return False
    test = item.path, item.name.partition("[")[0]
    first = test not in seen
    seen.add(test)
    return first


@pytest.fixture(params=["telegram", "zalo"])
def messenger(request: pytest.FixtureRequest) -> str:
    """Where the cast is."""
    return str(request.param)


@pytest.fixture
async def stage(databases: Sqlite | Postgresql, messenger: str) -> AsyncIterator[Stage]:
    """The sandbox with the whole cast on one messenger, and the bot behind it."""
    async with STAGES[messenger](databases.fresh("staged")) as opened:
        yield opened
