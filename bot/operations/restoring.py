"""Put a backup back, or move a ledger to another database: everything or nothing, and checked before it counts."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from bot.operations import backups
from bot.settings import StartError
from bot.storage import copying
from bot.storage.db import open_engine
from bot.storage.migrate import HEAD, migrate, version
from bot.storage.presence import alone

DIFFERS = "the copy differs from what was read: nothing was kept, the old ledger is as it was. Please report it."

LATER = (
    "the tables there are of a later version of the program: restore into a new, empty database, set DATABASE_URL to "
    "it, and leave this one as it is."
)


def restore(path: Path, url: str, now: datetime, *, replace: bool = False) -> copying.Prints:
    """Make the ledger what it was at the backup, brought up to this version; what each table then holds.

    StartError if the bot runs, the backup is damaged or of a later version, or the ledger holds something and `replace`
    is not wanted. What is replaced is kept: a file of SQLite under another name beside it, what a PostgreSQL held as a
    backup beside the one that is restored.
    """
    backups.verify(path)
    with alone(url), _brought_up(path) as source:
        full = _holds_something(url)
        if full and not replace:
            raise StartError("the ledger holds something already: --replace puts the backup in its place.")
        if _is_file(url):
            _put_aside(url, now)
            _put_file(source, url)
            return _prints(url)
        _not_later(url)
        if full:
            backups.make(url, path.parent, now)
        return _put_rows(source, url, replace=full)


def move(url: str, to: str) -> copying.Prints:
    """Copy the ledger into another, empty database; what each table holds. The old one stays as it is."""
    if make_url(url) == make_url(to):
        raise StartError("the ledger is there already.")
    with alone(url), alone(to):
        engine = open_engine(url)
        try:
            _same_version(engine)
        finally:
            engine.dispose()
        if _holds_something(to):
            raise StartError("the database to move to holds something already: give an empty one.")
        return _put_rows(url, to, replace=False)


def _same_version(engine: Engine) -> None:
    if version(engine) != HEAD:
        raise StartError("the tables are of another version than this program: run `sotin migrate` first.")


def _not_later(url: str) -> None:
    """Of a file nothing stays; a database that a later version changed can be neither kept aside nor filled by this."""
    engine = open_engine(url)
    try:
        if (version(engine) or "") > HEAD:
            raise StartError(LATER)
    finally:
        engine.dispose()


@contextmanager
def _brought_up(path: Path) -> Iterator[str]:
    """The URL of a copy of the backup that has this version's tables."""
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=path.parent) as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        copy.chmod(backups.OURS_ALONE)
        engine = open_engine(f"sqlite:///{copy}")
        try:
            if (version(engine) or "") > HEAD:
                raise StartError(f"{path.name} was made by a later version of the program: restore it with that one.")
            migrate(engine)
        finally:
            engine.dispose()
        yield f"sqlite:///{copy}"


def _is_file(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _holds_something(url: str) -> bool:
    if _is_file(url) and not Path(make_url(url).database or "").exists():
        return False
    try:
        with copying.snapshot(url) as connection:
            return not copying.is_empty(connection)
    except DatabaseError:
        if _is_file(url):
            return True  # damaged, which may be why a backup is wanted
        raise


def _prints(url: str) -> copying.Prints:
    with copying.snapshot(url) as connection:
        return copying.prints(connection)


def _put_aside(url: str, now: datetime) -> None:
    """Give the old file another name, with its journal, which must not be taken for the new one's."""
    place = Path(make_url(url).database or "")
    for ending in ("-wal", "-shm", ""):
        old = place.with_name(place.name + ending)
        if old.exists():
            old.rename(place.with_name(f"{place.name}.replaced-{now:%Y%m%dT%H%M%SZ}{ending}"))


def _put_file(source: str, url: str) -> None:
    """Put a file of SQLite in its place in one step."""
    place = Path(make_url(url).database or "")
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.restored")
    shutil.move(make_url(source).database or "", beside)
    backups.make_one_file(beside)
    backups.flush(beside)
    beside.replace(place)
    backups.flush(place.parent)


def _put_rows(source: str, url: str, *, replace: bool) -> copying.Prints:
    target = open_engine(url)
    try:
        migrate(target)
        with copying.snapshot(source) as there, target.begin() as here:
            return _filled(there, here, replace=replace)
    finally:
        target.dispose()


def _filled(source: Connection, target: Connection, *, replace: bool) -> copying.Prints:
    """Fill the target in its transaction and hold it against what was read; only then it may be committed."""
    if replace:
        copying.empty(target)
    read = copying.copy(source, target)
    if copying.prints(target) != read:
        raise StartError(DIFFERS)
    return read
