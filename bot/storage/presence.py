"""That somebody works with the ledger, known to other processes for exactly as long as his own lives.

A file of SQLite has one bot: a second one would take the first one's sends for lost. A PostgreSQL may have several, but
none while the ledger is moved or restored.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import StartError
from bot.storage.db import open_engine

ON_THE_LEDGER = 7_204_172  # an arbitrary number: PostgreSQL's advisory lock, shared by bots, alone for who moves it


class Presence:
    """A bot on a PostgreSQL: a shared lock, which the server drops with the connection."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Hold the lock, anew if the connection was lost; False while somebody has the ledger for himself."""
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
        except SQLAlchemyError:
            self.leave()
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._connection = connection
        held = connection.scalar(text(f"SELECT pg_try_advisory_lock_shared({ON_THE_LEDGER})"))
        if not held:
            self.leave()
        return bool(held)

    def leave(self) -> None:
        """Let the lock go."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


@contextmanager
def at_work(url: str) -> Iterator[Presence | None]:
    """Be a bot on this ledger; StartError if it is not free for one. Take what is given anew now and then."""
    if make_url(url).get_backend_name() == "sqlite":
        with _file_alone(url, "another bot runs on this ledger, or it is being moved or restored"):
            yield None
        return
    engine = open_engine(url)
    presence = Presence(engine)
    try:
        if not presence.take():
            raise StartError("the ledger is being moved or restored: start the bot once that is done.")
        yield presence
    finally:
        presence.leave()
        engine.dispose()


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Have the ledger for oneself; StartError while a bot runs on it."""
    running = "the bot runs on this ledger, or somebody moves or restores it: stop it first"
    if make_url(url).get_backend_name() == "sqlite":
        with _file_alone(url, running):
            yield
        return
    engine = open_engine(url)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.scalar(text(f"SELECT pg_try_advisory_lock({ON_THE_LEDGER})")):
                raise StartError(f"{running}.")
            yield
            # Said aloud: the server notices a closed connection only a little later.
            connection.scalar(text(f"SELECT pg_advisory_unlock({ON_THE_LEDGER})"))
    finally:
        engine.dispose()


@contextmanager
def _file_alone(url: str, otherwise: str) -> Iterator[None]:
    # A lock of a record goes with the process, however it ends, and no child inherits it.
    place = f"{make_url(url).database}.lock"
    os.makedirs(os.path.dirname(place) or ".", exist_ok=True)
    handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _locked(handle):
            raise StartError(f"{otherwise}.")
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
