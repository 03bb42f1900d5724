"""A migrated database, of each kind in turn."""

from collections.abc import Iterator

import pytest

from bot.storage.db import Database


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()
