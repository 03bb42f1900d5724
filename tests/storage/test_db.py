"""One place that commits; what every connection is set to; what errors may not say."""

import sqlite3
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone

import pytest
from psycopg import Connection
from psycopg.pq import TransactionStatus
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from bot.storage.db import BUSY_TIMEOUT_MS, POSTGRESQL_THREADS, Database, open_engine
from bot.storage.installation import signing_key
from bot.storage.models import Account, Installation, Membership, Person
from tests.databases import Postgresql, Sqlite

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=7)))


def test_what_is_done_in_a_transaction_is_kept(db: Database) -> None:
    with db.transaction() as session:
        session.add(Installation(key="a", value="1"))
    with db.transaction() as session:
        assert session.get_one(Installation, "a").value == "1"


def test_an_error_undoes_the_whole_transaction(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.transaction() as session:
        _put_and_fail(session, "a")
    with db.transaction() as session:
        assert session.get(Installation, "a") is None


def test_an_error_in_a_savepoint_leaves_the_rest_of_the_transaction(db: Database) -> None:
    with db.transaction() as session:
        session.add(Installation(key="kept", value="1"))
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            _put_and_fail(session, "undone")
    with db.transaction() as session:
        assert session.scalars(select(Installation.key)).all() == ["kept"]


async def test_work_in_a_thread_is_one_transaction_and_gives_its_result(db: Database) -> None:
    assert await db.run(_put, "a") == "a"
    with pytest.raises(IntegrityError):
        await db.run(_put, "a")
    assert await db.run(lambda session: session.scalars(select(Installation.key)).all()) == ["a"]


def test_an_aware_time_comes_back_as_the_same_moment_in_utc(db: Database) -> None:
    with db.transaction() as session:
        session.add(Person(language="vi", created_at=NOON))
    with db.transaction() as session:
        kept = session.scalars(select(Person.created_at)).one()
    assert kept == NOON
    assert kept.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"), db.transaction() as session:
        session.add(Person(language="vi", created_at=NOON.replace(tzinfo=None)))


def test_times_are_compared_by_moment_whatever_their_zone(db: Database) -> None:
    with db.transaction() as session:
        session.add(Person(language="vi", created_at=NOON))
        earlier = datetime(2027, 3, 1, 4, 59, tzinfo=UTC)
        assert session.scalars(select(Person).where(Person.created_at > earlier)).one()


def test_a_refused_row_is_not_quoted_in_the_error(db: Database) -> None:
    nowhere = Membership(unit_id=999, full_name="Nguyễn Văn A", kind="chien_si", created_at=NOON)
    with pytest.raises(IntegrityError) as caught, db.transaction() as session:
        session.add(nowhere)
    assert "memberships" in str(caught.value)
    assert "Nguyễn" not in str(caught.value)


def test_references_are_kept_and_followed(db: Database) -> None:
    with pytest.raises(IntegrityError), db.transaction() as session:
        session.add(Account(person_id=999, channel="telegram", chat="2002", created_at=NOON))
    with db.transaction() as session:
        person = Person(language="vi", created_at=NOON)
        session.add(Account(person=person, channel="telegram", chat="2002", created_at=NOON))
        session.flush()
        session.execute(text("DELETE FROM persons"))
        assert session.scalars(select(Account)).all() == []


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", BUSY_TIMEOUT_MS)],
)
def test_every_connection_to_sqlite_is_safe(sqlite: Sqlite, pragma: str, value: str | int) -> None:
    db = Database(sqlite.fresh())
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value
    db.close()


def test_every_connection_to_postgresql_plans_each_question_anew_also_after_a_rollback(postgresql: Postgresql) -> None:
    db = Database(postgresql.fresh("empty"))
    with ExitStack() as held:
        several = [held.enter_context(db.engine.connect()) for _ in range(POSTGRESQL_THREADS + 1)]
        for connection in several * 2:
            assert connection.exec_driver_sql("SHOW plan_cache_mode").scalar_one() == "force_custom_plan"
            connection.rollback()
    with db.engine.connect() as used_before:
        assert used_before.exec_driver_sql("SHOW plan_cache_mode").scalar_one() == "force_custom_plan"
    db.close()


def test_a_new_connection_to_postgresql_has_no_transaction_open_and_begins_one_when_used(
    postgresql: Postgresql,
) -> None:
    engine = open_engine(postgresql.fresh("empty"))
    raw = engine.raw_connection()
    driven = raw.driver_connection
    assert isinstance(driven, Connection)
    before = driven.info.transaction_status
    driven.execute("SELECT 1")
    assert (before, driven.info.transaction_status) == (TransactionStatus.IDLE, TransactionStatus.INTRANS)
    raw.close()
    engine.dispose()


@pytest.mark.parametrize("asked", [{}, {"options": "-csearch_path=elsewhere", "application_name": "sotin"}])
def test_postgresql_is_told_at_the_start_what_the_url_says_and_nothing_else(
    postgresql: Postgresql, asked: dict[str, str]
) -> None:
    url = make_url(postgresql.fresh("empty")).update_query_dict(asked).render_as_string(hide_password=False)
    engine = open_engine(url)
    with engine.connect() as connection:
        driven = connection.connection.driver_connection
        assert isinstance(driven, Connection)
        told = driven.info.get_parameters()
        path = connection.exec_driver_sql("SHOW search_path").scalar_one()
    engine.dispose()
    assert {name: told[name] for name in ("options", "application_name") if name in told} == asked
    assert path == ("elsewhere" if asked else '"$user", public')


def test_a_transaction_on_sqlite_takes_the_write_lock_at_once(sqlite: Sqlite) -> None:
    db = Database(sqlite.fresh())
    with db.transaction() as session:
        session.execute(text("SELECT 1"))
        other = sqlite3.connect(db.engine.url.database or "", timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
    db.close()


def test_the_key_that_signs_buttons_is_made_once(db: Database) -> None:
    with db.transaction() as session:
        key = signing_key(session)
    with db.transaction() as session:
        assert signing_key(session) == key
    assert len(key) == 32


def _put(session: Session, key: str) -> str:
    session.add(Installation(key=key, value="1"))
    session.flush()
    return key


def _put_and_fail(session: Session, key: str) -> None:
    _put(session, key)
    raise ZeroDivisionError
