"""The drill of docs/operations.md, “Upgrading, and going back”: on both databases, row counts compared."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from sqlalchemy import inspect, text

from bot.operations import backups, restoring
from bot.sandbox import people
from bot.sandbox.model import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from bot.storage.db import open_engine
from bot.storage.migrate import HEAD, config, migrate, version
from tests.cast import TOKEN
from tests.crash.processes import Process
from tests.databases import Postgresql, Sqlite
from tests.operations import next_version
from tests.operations.ledgers import do, fill, prints
from tests.operations.test_running import sotin
from tests.storage.test_migrations import ROWS

OLDEST, OLD = "0001", "0009"
SINCE = ("INSERT INTO installation VALUES ('signing_key', '00')",)


def test_a_ledger_of_an_earlier_version_keeps_every_row(databases: Sqlite | Postgresql) -> None:
    url = databases.fresh("empty")
    engine = open_engine(url)
    command.upgrade(config(engine), OLDEST)
    do(url, *ROWS)
    command.upgrade(config(engine), OLD)
    do(url, *SINCE)
    before = _counts(url)
    migrate(engine)
    assert version(engine) == HEAD
    engine.dispose()
    assert {**_counts(url), **before} == _counts(url)
    assert {name: before[name] for name in ("units", "persons", "memberships", "posts", "post_keys")} == dict.fromkeys(
        ("units", "persons", "memberships", "posts", "post_keys"), 1
    )


async def test_the_bot_is_upgraded_and_goes_back_as_the_paper_says(
    databases: Sqlite | Postgresql, tmp_path: Path
) -> None:
    url, tomorrow = databases.fresh("staged"), next_version.make(tmp_path / "tomorrow")
    fill(url)
    async with _messenger() as (world, settings):
        person = world.add_person("An")
        settings["DATABASE_URL"] = url
        async with Process(tmp_path, "bot", "run", **settings) as bot:
            await _answers(world, person, bot)
        done = await sotin(tmp_path, "backup", str(tmp_path / "backups"), **settings)
        assert (done.returncode, done.stderr) == (0, "")
        [backup] = backups.all_of_them(tmp_path / "backups")
        before = prints(f"sqlite:///{backup}")
        async with Process(tmp_path, "tests.operations.next_version", str(tomorrow), "run", **settings) as later:
            await _answers(world, person, later)
        after = _counts(url)
        assert {name: after[name] >= each.rows for name, each in before.items()} == dict.fromkeys(before, True)
        assert after["of_tomorrow"] == 0
        refused = await sotin(tmp_path, "run", **settings)
        assert (refused.returncode, "of a later program" in refused.stderr) == (69, True)
        settings["DATABASE_URL"] = await _go_back(databases, backup, tmp_path, settings)
        assert prints(settings["DATABASE_URL"]) == before
        async with Process(tmp_path, "bot", "run", **settings) as bot:
            await _answers(world, person, bot)


async def _go_back(databases: Sqlite | Postgresql, backup: Path, folder: Path, settings: Mapping[str, str]) -> str:
    """Put the backup back with the version before, and what is given up stays as it was; where the ledger is now."""
    url, given_up = settings["DATABASE_URL"], _counts(settings["DATABASE_URL"])
    done = await sotin(folder, "restore", str(backup), "--replace", **settings)
    if isinstance(databases, Sqlite):
        assert (done.returncode, done.stderr) == (0, "")
        place = Path(url.removeprefix("sqlite:///"))
        [aside] = place.parent.glob(f"{place.name}.replaced-*Z")
        assert _counts(f"sqlite:///{aside}") == given_up
        return url
    assert (done.returncode, restoring.LATER in done.stderr) == (69, True)
    back = databases.fresh("empty")
    done = await sotin(folder, "restore", str(backup), **{**settings, "DATABASE_URL": back})
    assert (done.returncode, done.stderr) == (0, "")
    assert _counts(url) == given_up
    return back


@asynccontextmanager
async def _messenger() -> AsyncIterator[tuple[World, dict[str, str]]]:
    """A messenger, and the settings of a bot that speaks to it."""
    world = World(scale=float("inf"))
    async with SandboxServer(world, TOKEN) as server:
        yield world, {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": server.address}


async def _answers(world: World, person: Person, bot: Process) -> None:
    """It starts, answers what was said while it was away, and stops in order."""
    before = len(world.messages(person.id))
    people.start(world, person)
    await bot.start()
    await world.until(lambda: len(world.messages(person.id)) > before + 1, within=30)
    assert await bot.stop() == 0


def _counts(url: str) -> dict[str, int]:
    """Rows by table, whatever tables there are."""
    engine = open_engine(url)
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        found = {name: int(connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0) for name in names}  # noqa: S608 -- tables of a test
    engine.dispose()
    return found
