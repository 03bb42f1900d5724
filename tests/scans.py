"""Statements that read a growing table from end to end: SQLite explains each that a dialogue says, once a process.

A table is empty in a test and holds a year in an installation: what is found there by looking at every row holds up all
replies for that long.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from bot.storage.models.base import Table

GROWING = {
    "accounts",
    "audit",
    "broadcast_recipients",
    "consents",
    "inbox",
    "memberships",
    "obligations",
    "outbox",
    "persons",
    "post_evidence",
    "post_keys",
    "post_readings",
    "posts",
    "reminders",
    "reports",
    "review_cases",
    "tags",
    "text_bands",
    "text_sketches",
}
# What is part of a statement, and why it may.
ALLOWED = {
    "INSERT INTO broadcast_recipients": "whom a broadcast goes to is asked once, when it begins: perhaps to all",
    "SELECT anon_1.reason, anon_1.channel, count(*)": "so is, before, how many that will be",
    "JOIN (SELECT anon_2.id AS place": "and who some of them are",
    "DELETE FROM outbox WHERE outbox.channel = ? AND outbox.chat = ?": "somebody is forgotten, which is rare",
    "WHERE reports.filed_by_id": "somebody asks what is held about him, which is rare",
    "state != ? GROUP BY": "an operator asks how the queues are",
    "DELETE FROM units": "a closing is taken back, which is rare",
    "review_cases.note IS NOT NULL": "once an hour, and cases are few among the posts",
}

explained: set[str] = set()


class Scans:
    """Remembers what is said to an engine, but for what a test asks by itself."""

    def __init__(self) -> None:
        self._said: dict[str, Any] = {}
        self._looks = True

    def watch(self, engine: Engine) -> None:
        """Remember each statement with the values that it came with first."""
        event.listen(engine, "before_cursor_execute", self._hear)

    @contextmanager
    def looking_away(self) -> Iterator[None]:
        """Remember nothing meanwhile."""
        self._looks = False
        try:
            yield
        finally:
            self._looks = True

    def found(self, engine: Engine) -> list[str]:
        """Those that read a growing table from end to end, each with the table."""
        said, self._said = self._said, {}
        with engine.connect() as connection:
            return [f"{table}: {said}" for said, values in said.items() for table in _scanned(connection, said, values)]

    def _hear(self, *heard: Any) -> None:
        _connection, _cursor, statement, values, _context, many = heard
        # What only inserts is explained with lookups for keys that were broken before, which are never made.
        reads = not many and (not statement.startswith("INSERT") or "SELECT" in statement)
        if self._looks and reads and statement not in explained:
            explained.add(statement)
            self._said[statement] = values


def _scanned(connection: Connection, statement: str, values: Any) -> Iterator[str]:
    """SQLite's words are “SCAN posts”, or “SCAN posts USING INDEX …”; an index of a part holds only what is open."""
    if any(words in " ".join(statement.split()) for words in ALLOWED):
        return
    names = {alias: table for table, alias in re.findall(r"(?:FROM|JOIN) (\w+) AS (\w+)", statement)}
    for *_, words in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
        if scan := re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", words):
            table = str(names.get(scan[1], scan[1]))
            if table in GROWING and scan[2] not in PARTS:
                yield table


def _parts() -> Iterator[str]:
    for table in Table.metadata.tables.values():
        yield from (str(each.name) for each in table.indexes if each.dialect_options["sqlite"]["where"] is not None)


PARTS = set(_parts())
