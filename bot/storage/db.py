"""The database: one place that commits. Everything else gets a Session and leaves the commit to `transaction`."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

P = ParamSpec("P")
T = TypeVar("T")

POSTGRESQL_THREADS = 4
BUSY_TIMEOUT_MS = 10_000
SQLITE_CACHE_KB = 16_000  # with SQLite's own 2 MB, most of what a hand-in looks up is read from the file again


class Database:
    """Runs plain functions, each in one transaction in a worker thread.

    SQLite has one writer, hence one thread; PostgreSQL a few. A handler never waits for a network inside a
    transaction, so the thread is never held up.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = open_engine(url)
        self.embedded = self.engine.dialect.name == "sqlite"
        self.threads = 1 if self.embedded else POSTGRESQL_THREADS
        self._executor = ThreadPoolExecutor(self.threads, thread_name_prefix="db")
        self._began: dict[int, float] = {}

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A Session whose work is committed on leaving and rolled back on an error."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    async def run(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of `work(session, …)`, done in one transaction in a worker thread and committed."""
        return await self._in_thread(lambda: self._do(work, *args, **kwargs))

    async def run_after(
        self,
        first: Callable[[Session], object],
        work: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """The same, right after `first` in a transaction of its own: nobody comes between the two."""

        def both() -> T:
            self._do(first)
            return self._do(work, *args, **kwargs)

        return await self._in_thread(both)

    def _do(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        self._began[threading.get_ident()] = time.monotonic()
        try:
            with self.transaction() as session:
                return work(session, *args, **kwargs)
        finally:
            del self._began[threading.get_ident()]

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    def longest_step(self) -> float:
        """For how many seconds the oldest work that is not done yet has been going on."""
        return max((time.monotonic() - began for began in list(self._began.values())), default=0.0)

    def close(self) -> None:
        """Wait for the threads and close the connections."""
        self._executor.shutdown()
        self.engine.dispose()


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://…`; errors never quote parameters, as they hold people's data."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(parsed.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # A statement, as “options” at the start would replace those of the URL, and a pooler refuses them; outside of a
    # transaction, as its rollback would undo it.
    connection.autocommit = True
    # A plan for all values, made while a table was small, scans it whole when it has grown.
    connection.execute("SET plan_cache_mode = force_custom_plan")
    connection.autocommit = False


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling breaks savepoints before Python 3.12; we begin ourselves below.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute(f"PRAGMA cache_size=-{SQLITE_CACHE_KB}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # IMMEDIATE takes the write lock at once: a read turned write would fail under another writer instead of waiting.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
