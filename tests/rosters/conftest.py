"""What tests of writing and undoing share."""

from collections.abc import Iterator

import pytest

from bot.actions import roster_imports, rosters
from bot.storage.db import open_engine
from tests.databases import Postgresql, Sqlite
from tests.rosters.desk import Desk


@pytest.fixture
def desk(databases: Sqlite | Postgresql) -> Iterator[Desk]:
    engine = open_engine(databases.fresh("staged"))
    yield Desk(engine)
    engine.dispose()


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> int:
    """Parts of a few rows, so that few rows make several."""
    for module in (roster_imports, rosters):
        monkeypatch.setattr(module, "AT_ONCE", 20)
    return 20
