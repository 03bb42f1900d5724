"""The whole ledger as tables that any spreadsheet opens, to hand over or to keep: one CSV file for each."""

import base64
import csv
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from importlib.metadata import version
from inspect import cleandoc
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.sql.elements import KeyedColumnElement

from bot.settings import StartError
from bot.storage import copying
from bot.storage.migrate import HEAD
from bot.storage.models import Table

OURS_ALONE = 0o600
LEFT_OUT: Mapping[str, str] = {
    "installation": "the keys of this installation",
    "operators": "who looks after this installation",
    "link_codes": "codes that open an account",
    "downloads": "links that open a file",
    "conversations": "half-finished conversations",
    "chat_menus": "answers that a chat may still give by number",
}
CODES = {"memberships": {"claim_code"}, "invitations": {"code"}}
"""Columns whose value lets somebody in: only whether there is one is handed out."""
HIDDEN = "•"
# A spreadsheet takes a cell that begins with one of these for a formula, whatever it was meant to be.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def export(url: str, folder: Path, now: datetime) -> Mapping[str, int]:
    """Write the ledger as it is now into a new or empty folder that only its owner reads; rows by table."""
    _take(folder)
    with copying.snapshot(url) as connection:
        counts = {name: _write_table(connection, folder, name) for name in _tables()}
    _write(folder / "README.md", "\n".join(_explained()))
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
    manifest = {
        "made_at": now.isoformat(),
        "program": f"sotin {version('sotin')}",
        "tables_version": HEAD,
        "rows": counts,
        "sha256": files,
        "left_out": dict(LEFT_OUT),
    }
    _write(folder / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2))
    return counts


def _tables() -> list[str]:
    return [table.name for table in copying.TABLES if table.name not in LEFT_OUT]


def _take(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(f"there is no folder {folder} to write to: {error.strerror}.") from error
    if any(folder.iterdir()):
        raise StartError(f"{folder} is not empty: give a new folder.")


def _write_table(connection: Connection, folder: Path, name: str) -> int:
    columns = [column.name for column in Table.metadata.tables[name].columns]
    hidden = [column in CODES.get(name, ()) for column in columns]
    count = 0
    # With the mark at its beginning, a spreadsheet reads Vietnamese letters right.
    with _open(folder / f"{name}.csv", "utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for batch in copying.rows_of(connection, name):
            count += len(batch)
            writer.writerows(_cells(row, hidden) for row in batch)
    return count


def _cells(row: Sequence[Any], hidden: Sequence[bool]) -> list[str]:
    return [HIDDEN if hide and value else _cell(value) for value, hide in zip(row, hidden, strict=True)]


def _cell(value: Any) -> str:
    """A value as text: numbers and moments plain, bytes as Base64, text such that no spreadsheet calculates it."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return str(value).lower() if isinstance(value, bool) else str(value)


def _explained() -> Iterator[str]:
    """What stands in the files, from the tables' own descriptions."""
    yield "# What stands in these files\n"
    yield "One file a table: UTF-8, commas, the first line names the columns; `manifest.json` has the number of rows"
    yield "and checksums. Times are in UTC. A text that a spreadsheet would calculate has an apostrophe in front.\n"
    for mapper in sorted(Table.registry.mappers, key=lambda each: each.local_table.description or ""):
        name = mapper.local_table.description
        if name not in LEFT_OUT:
            yield f"## {name}.csv\n\n{cleandoc(mapper.class_.__doc__ or '')}\n"
            yield from (f"- `{column.name}`: {_kind(column)}" for column in mapper.local_table.columns)
            yield ""
    yield "## Left out\n"
    yield from (f"- {name}: {why}" for name, why in LEFT_OUT.items())
    yield ""


def _kind(column: KeyedColumnElement[Any]) -> str:
    points_to = "".join(f", a row of {key.column.table.name}" for key in column.foreign_keys)
    return f"{str(column.type).lower()}{points_to}{', may be empty' if column.nullable else ''}"


def _write(path: Path, text: str) -> None:
    with _open(path, "utf-8") as file:
        file.write(text)


def _open(path: Path, encoding: str) -> Any:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OURS_ALONE)
    return open(handle, "w", encoding=encoding, newline="")
