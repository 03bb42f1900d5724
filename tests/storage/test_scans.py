"""What reads a growing table from end to end is found; that no dialogue says such a thing, each dialogue holds."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from bot.storage.db import open_engine
from tests.databases import Sqlite
from tests.scans import Scans

READS_ALL = {
    "SELECT id FROM posts WHERE url = 'a'": ["posts"],
    "SELECT id FROM posts WHERE url = 'a' ORDER BY unit_id, handed_in_at": ["posts"],  # through all of an index
    "SELECT p.id FROM posts AS p WHERE p.url = 'a'": ["posts"],
    "DELETE FROM outbox WHERE message = '1'": ["outbox"],
    "SELECT id FROM inbox WHERE state = 'done'": ["inbox"],
}
SEARCHES = (
    "SELECT id FROM posts WHERE unit_id = 1",
    "SELECT id FROM inbox WHERE state = 'waiting' ORDER BY id",  # all of an index of what is open
    "SELECT id FROM units WHERE type = 'commune'",  # no table that grows
    "INSERT INTO units (campaign, code, type, name, folded, led) VALUES ('a', 'b', 'c', 'd', 'd', '')",
)


@pytest.fixture
def engine(sqlite: Sqlite) -> Iterator[Engine]:
    opened = open_engine(sqlite.fresh())
    yield opened
    opened.dispose()


def found(engine: Engine, statement: str) -> list[str]:
    scans = Scans()
    scans.watch(engine)
    with engine.begin() as connection:
        connection.execute(text(statement))
    return [each.partition(":")[0] for each in scans.found(engine)]


@pytest.mark.parametrize(("statement", "tables"), READS_ALL.items())
def test_what_reads_a_growing_table_from_end_to_end_is_found(engine: Engine, statement: str, tables: list[str]) -> None:
    assert found(engine, statement) == tables


@pytest.mark.parametrize("statement", SEARCHES)
def test_what_an_index_answers_is_not(engine: Engine, statement: str) -> None:
    assert found(engine, statement) == []
