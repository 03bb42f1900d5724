"""A whole ledger, read at one moment and written into another database; the same way for SQLite and PostgreSQL."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Row, create_engine, event, exists, func, insert, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from bot.storage.db import open_engine
from bot.storage.models import Table

TABLES = Table.metadata.sorted_tables
A_BATCH = 500
FILES_IN_A_BATCH = 20  # a file may have some megabytes
_ALL_BITS = (1 << 256) - 1


@dataclass(frozen=True, slots=True)
class Print:
    """What tells two tables apart: the number of rows, and a sum of each row's hash, whatever their order."""

    rows: int = 0
    digest: int = 0

    def plus(self, row: Sequence[Any]) -> "Print":
        """The same with one more row."""
        plain = json.dumps([_plain(value) for value in row], sort_keys=True).encode()
        more = int.from_bytes(hashlib.sha256(plain).digest())
        return Print(self.rows + 1, (self.digest + more) & _ALL_BITS)


Prints = Mapping[str, Print]
"""The print of each table by its name."""


@contextmanager
def snapshot(url: str) -> Iterator[Connection]:
    """A connection that reads the ledger as it is now, whatever is written meanwhile, and holds no writer up."""
    if make_url(url).get_backend_name() == "sqlite":
        place = URL.create(
            "sqlite", database=f"file:{quote(make_url(url).database or '')}", query={"mode": "ro", "uri": "true"}
        )
        engine = create_engine(place, poolclass=NullPool, hide_parameters=True)
        event.listen(engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    else:
        engine = open_engine(url).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def rows_of(connection: Connection, name: str) -> Iterator[Sequence[Row[Any]]]:
    """A table's rows in batches."""
    most = FILES_IN_A_BATCH if name == "files" else A_BATCH
    statement = select(Table.metadata.tables[name]).execution_options(yield_per=most)
    yield from connection.execute(statement).partitions(most)


def copy(source: Connection, target: Connection) -> Prints:
    """Write every row into a target without rows, in its transaction; the prints of what was read.

    Keys are checked once all is there, as rows of one table point to one another.
    """
    with _keys_checked_last(target):
        prints = {table.name: _copy_table(source, target, table.name) for table in TABLES}
    _go_on_counting(target)
    return prints


def prints(connection: Connection) -> Prints:
    """The prints of all tables."""
    found = {}
    for table in TABLES:
        each = Print()
        for batch in rows_of(connection, table.name):
            for row in batch:
                each = each.plus(row)
        found[table.name] = each
    return found


def is_empty(connection: Connection) -> bool:
    """Whether no table holds a row; also true where there are no tables."""
    there = set(inspect(connection).get_table_names())
    return not any(connection.scalar(select(exists(select(table)))) for table in TABLES if table.name in there)


def empty(connection: Connection) -> None:
    """Take every row out, in this transaction; for PostgreSQL, where a ledger is no file to be put aside."""
    names = ", ".join(f'"{table.name}"' for table in TABLES)
    connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


def _copy_table(source: Connection, target: Connection, name: str) -> Print:
    found = Print()
    for batch in rows_of(source, name):
        for row in batch:
            found = found.plus(row)
        target.execute(insert(Table.metadata.tables[name]), [dict(row._mapping) for row in batch])
    return found


@contextmanager
def _keys_checked_last(target: Connection) -> Iterator[None]:
    if target.dialect.name == "sqlite":
        target.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        yield
        return
    keys = [(table.name, key["name"]) for table in TABLES for key in inspect(target).get_foreign_keys(table.name)]
    for table, key in keys:
        target.execute(text(f'ALTER TABLE "{table}" ALTER CONSTRAINT "{key}" DEFERRABLE'))
    target.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    yield
    target.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table, key in keys:
        target.execute(text(f'ALTER TABLE "{table}" ALTER CONSTRAINT "{key}" NOT DEFERRABLE'))


def _go_on_counting(target: Connection) -> None:
    """PostgreSQL's counters go on behind the highest number that came; SQLite looks for itself."""
    if target.dialect.name == "sqlite":
        return
    for table in TABLES:
        if "id" in table.c and (last := target.scalar(select(func.max(table.c.id)))):
            target.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))


def _plain(value: Any) -> Any:
    """A value as it is the same from either database."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value
