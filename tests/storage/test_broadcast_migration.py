"""Migration 0010 takes along what broadcasts carried and when they were to go."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Engine, text

from bot.storage.db import open_engine
from bot.storage.migrate import config
from tests.databases import Postgresql, Sqlite

AT = "2027-03-01 02:00:00+00:00"
PEOPLE = (
    "INSERT INTO units (id, campaign, code, type, name, folded) VALUES (1, 'c', '1', 'commune', 'Xã A', 'xa a')",
    "INSERT INTO persons (id, language, created_at) VALUES (1, 'vi', :at)",
    "INSERT INTO memberships (id, person_id, unit_id, kind, role, state, created_at) "
    "VALUES (1, 1, 1, 'k', 'coordinator', 'active', :at)",
)
BROADCAST = (
    "INSERT INTO broadcasts (id, campaign, unit_id, by_id, text, picture, document, channel, audience, state, "
    "created_at, starts_at) VALUES (:id, 'c', 1, 1, '', :picture, :document, 'telegram', '{}', :state, :at, :at)"
)
BROADCASTS = ((1, "p1", None, "draft"), (2, None, "d2", "done"), (3, None, None, "set"))


@pytest.fixture
def empty(databases: Sqlite | Postgresql) -> Iterator[Engine]:
    engine = open_engine(databases.fresh("empty"))
    yield engine
    engine.dispose()


def test_what_was_attached_is_known_and_nobody_opted_out(empty: Engine) -> None:
    command.upgrade(config(empty), "0009")
    with empty.begin() as connection:
        for statement in PEOPLE:
            connection.execute(text(statement), {"at": AT} if ":at" in statement else {})
        for number, picture, document, state in BROADCASTS:
            row = {"id": number, "picture": picture, "document": document, "state": state, "at": AT}
            connection.execute(text(BROADCAST), row)
    command.upgrade(config(empty), "0010")
    with empty.connect() as connection:
        kept = "broadcast_id, kind, channel, reference, settled_at IS NULL"
        found = connection.execute(text(f"SELECT {kept} FROM attachments ORDER BY 1")).all()  # noqa: S608 -- our own words
        wanted = connection.execute(text("SELECT id FROM broadcasts WHERE wanted_at IS NOT NULL")).scalars().all()
        wants = connection.scalar(text("SELECT wants_broadcasts FROM persons"))
    assert [tuple(row) for row in found] == [(1, "photo", "telegram", "p1", 0), (2, "document", "telegram", "d2", 0)]
    assert (wanted, bool(wants)) == ([1], True)
