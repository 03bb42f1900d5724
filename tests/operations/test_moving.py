"""A ledger goes to another database, all of it or nothing."""

import pytest
from sqlalchemy import inspect, select

from bot.operations import restoring
from bot.settings import StartError
from bot.storage import copying
from bot.storage.db import open_engine
from bot.storage.models import Conversation, ImportPart, Membership, OutboxRow, StoredFile, Table
from bot.storage.presence import at_work
from tests.databases import Postgresql, Sqlite
from tests.operations.ledgers import MOMENT, NFD, add_unit, do, fill, opened, prints


@pytest.fixture(params=["there", "back"])
def way(request: pytest.FixtureRequest, sqlite: Sqlite, postgresql: Postgresql) -> tuple[str, str]:
    """A filled ledger, and an empty database of the other kind."""
    source, target = (sqlite, postgresql) if request.param == "there" else (postgresql, sqlite)
    url = source.fresh("staged")
    fill(url)
    return url, target.fresh("empty")


def test_every_row_arrives_and_the_old_ledger_stays_as_it_was(way: tuple[str, str]) -> None:
    url, to = way
    before = prints(url)
    assert restoring.move(url, to) == before == prints(to) == prints(url)
    assert sum(each.rows for each in before.values()) > 400


def test_values_of_every_kind_arrive_as_they_were(way: tuple[str, str]) -> None:
    url, to = way
    restoring.move(url, to)
    with opened(to) as session:
        member = session.scalars(select(Membership).where(Membership.full_name == NFD)).one()
        assert member.decided_by_id == member.id
        assert session.scalars(select(StoredFile.content)).one() == bytes(range(256)) * 40
        assert session.scalars(select(Conversation.data)).one() == {"a": [None, "é"]}
        assert session.scalars(select(OutboxRow.not_before)).one() == MOMENT
        parts = session.scalars(select(ImportPart.figures).order_by(ImportPart.number)).all()
        assert parts == [None, {"số": [1, 2.5, None, True]}]
        assert session.scalar(select(ImportPart.number).where(ImportPart.figures.is_(None))) == 0


def test_numbers_go_on_behind_the_highest_and_keys_are_checked_again(way: tuple[str, str]) -> None:
    url, to = way
    highest = prints(url)["units"].rows
    restoring.move(url, to)
    assert add_unit(to, "new") >= highest
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        do(to, "UPDATE units SET parent_id = 999999 WHERE code = 'new'")
    with pytest.raises(Exception, match="audit"):
        do(to, "DELETE FROM audit")


def test_a_database_that_holds_something_is_not_moved_to(way: tuple[str, str]) -> None:
    url, to = way
    restoring.move(url, to)
    with pytest.raises(StartError, match="holds something"):
        restoring.move(url, to)
    with pytest.raises(StartError, match="there already"):
        restoring.move(url, url)


def test_nothing_stays_behind_where_the_copy_differs(way: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    url, to = way
    whole = copying.prints
    monkeypatch.setattr(copying, "prints", lambda at: {**whole(at), "units": copying.Print()})
    with pytest.raises(StartError, match="differs"):
        restoring.move(url, to)
    monkeypatch.undo()
    assert {each.rows for each in prints(to).values()} == {0}


def test_a_ledger_of_another_version_is_not_moved(way: tuple[str, str]) -> None:
    url, to = way
    do(url, "UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(StartError, match="sotin migrate"):
        restoring.move(url, to)


def test_a_ledger_of_postgresql_is_not_moved_or_replaced_under_a_running_bot(
    postgresql: Postgresql, sqlite: Sqlite
) -> None:
    url = postgresql.fresh()
    with at_work(url), pytest.raises(StartError, match="stop it first"):
        restoring.move(url, sqlite.fresh("empty"))
    restoring.move(url, sqlite.fresh("empty"))


def test_no_column_holds_json_that_could_be_empty_in_two_ways() -> None:
    """The copy could not tell an empty cell from a JSON null: a column that may be empty says that it keeps no null."""
    columns = [column for table in Table.metadata.sorted_tables for column in table.columns]
    nullable = [column for column in columns if str(column.type) == "JSON" and column.nullable]
    assert all(getattr(column.type, "none_as_null", False) for column in nullable)


def test_every_table_is_copied(sqlite: Sqlite) -> None:
    engine = open_engine(sqlite.fresh())
    there = {*inspect(engine).get_table_names()} - {"alembic_version"}
    engine.dispose()
    assert there == {table.name for table in copying.TABLES}
