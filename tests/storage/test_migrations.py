"""Every migration goes up, down and up again, on both databases, and leads to the tables that the models name."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from bot.storage.db import open_engine
from bot.storage.migrate import HEAD, config, migrate
from bot.storage.models import Table
from tests.databases import Postgresql, Sqlite

ROWS = (
    "INSERT INTO units (id, campaign, code, type, name, folded) VALUES (1, 'c', '1', 'commune', 'Xã A', 'xa a')",
    "INSERT INTO persons (id, language, created_at) VALUES (1, 'vi', '2027-03-01 02:00:00+00:00')",
    "INSERT INTO memberships (id, person_id, unit_id, kind, role, state, created_at) "
    "VALUES (1, 1, 1, 'k', 'member', 'active', '2027-03-01 02:00:00+00:00')",
    "INSERT INTO posts (id, campaign, key, url, platform, kind, unit_id, membership_id, state, required_tag, evidence, "
    "handed_in_at) VALUES (7, 'c', 'fb:1', '', 'facebook', 'post', 1, 1, 'counted', '#A', 'none', "
    "'2027-03-01 02:00:00+00:00')",
    "INSERT INTO post_keys (campaign, key, post_id) VALUES ('c', 'fb:1', 7)",
)


@pytest.fixture
def empty(databases: Sqlite | Postgresql) -> Iterator[Engine]:
    engine = open_engine(databases.fresh("empty"))
    yield engine
    engine.dispose()


def test_every_migration_goes_up_down_and_up_again(empty: Engine) -> None:
    settings = config(empty)
    revisions = list(ScriptDirectory.from_config(settings).walk_revisions())[::-1]
    assert revisions
    for revision in revisions:
        before = _tables(empty)
        command.upgrade(settings, revision.revision)
        after = _tables(empty)
        command.downgrade(settings, "-1")
        assert _tables(empty) == before | {"alembic_version"}
        command.upgrade(settings, revision.revision)
        assert _tables(empty) == after


def test_the_migrations_lead_to_what_the_models_name(empty: Engine) -> None:
    migrate(empty)
    assert _tables(empty) == {*Table.metadata.tables, "alembic_version"}
    command.check(config(empty))


def test_migrating_twice_changes_nothing(empty: Engine) -> None:
    migrate(empty)
    before = _tables(empty)
    migrate(empty)
    assert _tables(empty) == before


def test_rows_and_what_hangs_on_them_outlive_every_migration(empty: Engine) -> None:
    settings = config(empty)
    command.upgrade(settings, "0001")
    with empty.begin() as connection:
        for statement in ROWS:
            connection.execute(text(statement))
    for target in ("head", "0001", "head"):
        (command.downgrade if target == "0001" else command.upgrade)(settings, target)
        with empty.connect() as connection:
            assert connection.scalar(text("SELECT key FROM post_keys WHERE post_id = 7")) == "fb:1"


def test_there_is_one_way_up() -> None:
    script = ScriptDirectory.from_config(config(open_engine("sqlite://")))
    assert script.get_heads() == [HEAD]
    assert len(script.get_bases()) == 1


def _tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())
