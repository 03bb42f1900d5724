"""Backups: each is one file of SQLite, whatever the ledger is kept in, beside it its checksum.

A ledger of SQLite is copied by SQLite itself, one of PostgreSQL row by row out of one snapshot, and the copy is checked
before it gets its name. So a backup needs no program of the right version beside ours, and goes back into either.
"""

import hashlib
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.settings import StartError
from bot.storage import copying
from bot.storage.db import open_engine
from bot.storage.migrate import HEAD, migrate, version

OURS_ALONE = 0o600
NAME = "sotin-*.db"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was found in order; `size` in bytes."""

    path: Path
    size: int
    digest: str


def make(url: str, folder: Path, now: datetime, keep: int | None = None) -> Backup:
    """Copy the ledger as it is now, check the copy, and only then forget all but the newest `keep`."""
    _prepare(folder)
    path = folder / f"sotin-{now:%Y%m%dT%H%M%SZ}.db"
    part = folder / f".{path.name}.part"
    try:
        os.close(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, OURS_ALONE))
        _copy(url, part)
        make_one_file(part)
        check(part)
        backup = _name(part, path)
    except (OSError, sqlite3.Error) as error:
        raise StartError(f"the backup cannot be written to {folder}: {error}.") from error
    finally:
        part.unlink(missing_ok=True)
    if keep:
        forget_old(folder, keep)
    return backup


def all_of_them(folder: Path) -> Sequence[Path]:
    """The backups in a folder, the oldest first."""
    return sorted(folder.glob(NAME))


def forget_old(folder: Path, keep: int) -> None:
    """Delete all but the newest."""
    for path in all_of_them(folder)[:-keep]:
        path.unlink()
        checksum(path).unlink(missing_ok=True)


def check(path: Path) -> None:
    """StartError unless the file is a ledger of SQLite without damage and without keys that point nowhere."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as ledger:
            found = ledger.execute("PRAGMA integrity_check").fetchone()[0]
            loose = ledger.execute("PRAGMA foreign_key_check").fetchone()
            ledger.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise StartError(f"{path.name} is no backup that can be used: {error}.") from error
    if found != "ok" or loose:
        raise StartError(f"{path.name} is damaged: {found if found != 'ok' else f'keys of {loose[0]} point nowhere'}.")


def checksum(path: Path) -> Path:
    """The file beside a backup that `sha256sum --check` reads."""
    return path.with_name(f"{path.name}.sha256")


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(path: Path) -> None:
    """StartError unless the file is as it was when it was made, and in order."""
    try:
        noted = checksum(path).read_text("utf-8").split()[0]
        found = digest(path)
    except (OSError, IndexError) as error:
        raise StartError(f"{path} and its checksum {checksum(path).name} cannot be read: {error}.") from error
    if noted != found:
        raise StartError(f"{path.name} is not what was written: its checksum differs. Take another backup.")
    check(path)


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(f"there is no folder {folder} for backups: {error.strerror}.") from error
    for left in folder.glob(".sotin-*.part*"):
        left.unlink()  # of a backup that was cut off


def _copy(url: str, part: Path) -> None:
    place = make_url(url)
    if place.get_backend_name() != "sqlite":
        _copy_rows(url, part)
        return
    if not Path(place.database or "").is_file():
        raise StartError(f"there is no ledger at {place.database} to back up.")
    # All in one step: a copy in several would begin anew with each write of the running bot, and never end.
    with closing(sqlite3.connect(place.database or "")) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)


def _copy_rows(url: str, part: Path) -> None:
    target = open_engine(f"sqlite:///{part}")
    try:
        migrate(target)
        with copying.snapshot(url) as source:
            if version(source.engine) != HEAD:
                raise StartError("the tables are of another version than this program: run `sotin migrate` first.")
            with target.begin() as there:
                if copying.copy(source, there) != copying.prints(there):
                    raise StartError("the copy differs from the ledger: nothing was kept. Please report it.")
    finally:
        target.dispose()


def make_one_file(part: Path) -> None:
    """Without the journal that SQLite keeps beside a ledger in use."""
    with closing(sqlite3.connect(part)) as target:
        target.execute("PRAGMA journal_mode=DELETE")


def _name(part: Path, path: Path) -> Backup:
    """Give a finished copy its name; both it and its checksum outlive a power cut from then on."""
    backup = Backup(path, part.stat().st_size, digest(part))
    beside = checksum(path)
    with open(os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, OURS_ALONE), "w", encoding="utf-8") as file:
        file.write(f"{backup.digest}  {path.name}\n")
        file.flush()
        os.fsync(file.fileno())
    flush(part)
    part.rename(path)
    flush(path.parent)
    return backup


def flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
