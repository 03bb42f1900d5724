"""`sotin run` with all that goes on beside it, as an operator's tools see it."""

import asyncio
import csv
import json
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from bot.operations import backups
from bot.operations.exporting import LEFT_OUT
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from tests.cast import TOKEN
from tests.crash.processes import REPOSITORY, Process
from tests.databases import Postgresql, Sqlite
from tests.operations.ledgers import fill, prints, rows


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


async def sotin(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Another `sotin` beside the running one."""
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **settings},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


async def ready(port: int) -> httpx.Response:
    """What /readyz says once the bot is up."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client, asyncio.timeout(60):
        while True:
            try:
                return await client.get("/readyz")
            except httpx.ConnectError:
                await asyncio.sleep(0.05)  # another process's port has no event to wait for


async def first_backup(folder: Path) -> Path:
    """The one that the bot makes once it is up, as there is none of last night."""
    async with asyncio.timeout(60):
        while True:
            if made := backups.all_of_them(folder):
                return made[0]
            await asyncio.sleep(0.05)  # the same


async def test_the_bot_shows_its_health_backs_itself_up_and_keeps_its_ledger_from_others(
    databases: Sqlite | Postgresql, tmp_path: Path
) -> None:
    port = free_port()
    (tmp_path / "token").write_text(TOKEN)
    async with SandboxServer(World(scale=float("inf")), TOKEN) as server:
        settings = {
            "DATABASE_URL": databases.fresh(),
            "TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "token"),
            "TELEGRAM_API_BASE": server.address,
            "OPERATOR_PORT": str(port),
            "BACKUP_FOLDER": str(tmp_path / "backups"),
        }
        async with Process(tmp_path, "bot", "run", **settings) as bot:
            await bot.start()
            answer = await ready(port)
            assert (answer.status_code, answer.text) == (200, "ready\n")
            made = await first_backup(tmp_path / "backups")
            moved = await sotin(tmp_path, "move", "--to", databases.fresh("empty"), **settings)
            assert (moved.returncode, "stop it first" in moved.stderr) == (69, True)
            second = await sotin(tmp_path, "restore", str(made), "--replace", **settings)
            assert (second.returncode, "stop it first" in second.stderr) == (69, True)
            await bot.kill()
            done = await sotin(tmp_path, "restore", str(made), "--replace", **settings)
            assert (done.returncode, done.stderr) == (0, "")
            assert done.stdout.startswith("restored: ")
    assert prints(settings["DATABASE_URL"]) == prints(f"sqlite:///{made}")


async def test_the_command_that_exports_writes_every_row_and_says_how_many(sqlite: Sqlite, tmp_path: Path) -> None:
    ledger = sqlite.fresh("staged")
    fill(ledger)
    done = await sotin(tmp_path, "export", "handed over/2027", DATABASE_URL=ledger)
    held = {name: count for name, count in rows(ledger).items() if name not in LEFT_OUT}
    counted = f"{sum(held.values())} rows in {len(held)} tables"
    assert (done.returncode, done.stderr, counted in done.stdout) == (0, "", True)
    out = tmp_path / "handed over" / "2027"
    assert json.loads((out / "manifest.json").read_text("utf-8"))["rows"] == held
    assert {path.stem: _rows_in(path) for path in out.glob("*.csv")} == held


@pytest.mark.parametrize("way", ["there, by the URL", "back, by a file"])
async def test_the_command_that_moves_takes_every_row_along(
    way: str, sqlite: Sqlite, postgresql: Postgresql, tmp_path: Path
) -> None:
    back = way.startswith("back")
    source, target = (postgresql, sqlite) if back else (sqlite, postgresql)
    ledger, to = source.fresh("staged"), target.fresh("empty")
    fill(ledger)
    before = prints(ledger)
    (tmp_path / "database_url").write_text(f"{to}\n")
    done = await sotin(tmp_path, "move", "--to", "@database_url" if back else to, DATABASE_URL=ledger)
    counted = f"{sum(each.rows for each in before.values())} rows in {len(before)} tables"
    assert (done.returncode, done.stderr, counted in done.stdout) == (0, "", True)
    assert prints(to) == before == prints(ledger)


async def test_a_move_to_what_no_file_says_moves_nothing(sqlite: Sqlite, tmp_path: Path) -> None:
    refused = await sotin(tmp_path, "move", "--to", "@database_url", DATABASE_URL=sqlite.fresh())
    assert (refused.returncode, refused.stdout) == (69, "")
    assert refused.stderr == "sotin: database_url cannot be read: No such file or directory.\n"


def _rows_in(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


async def test_a_file_of_sqlite_has_one_bot(sqlite: Sqlite, tmp_path: Path) -> None:
    port = free_port()
    async with SandboxServer(World(scale=float("inf")), TOKEN) as server:
        settings = {"DATABASE_URL": sqlite.fresh(), "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": server.address}
        async with Process(tmp_path, "bot", "run", **settings, OPERATOR_PORT=str(port)) as bot:
            await bot.start()
            await ready(port)
            second = await sotin(tmp_path, "run", **settings)
            assert second.returncode == 69
            assert second.stderr.startswith("sotin: another bot runs on this ledger")
            assert await bot.stop() == 0


async def test_a_bot_that_cannot_bring_in_its_units_ends_and_says_why(sqlite: Sqlite, tmp_path: Path) -> None:
    ledger = sqlite.fresh("migrated")
    refusing = "CREATE TRIGGER full BEFORE INSERT ON units BEGIN SELECT RAISE(ABORT, 'no more units'); END"
    with closing(sqlite3.connect(ledger.removeprefix("sqlite:///"))) as by_hand:
        by_hand.execute(refusing)
        by_hand.commit()
    async with SandboxServer(World(scale=float("inf")), TOKEN) as server:
        settings = {"DATABASE_URL": ledger, "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": server.address}
        ended = await sotin(tmp_path, "run", **settings, CAMPAIGN="long_an")
    assert ended.returncode == 69
    assert "the database cannot be used (IntegrityError)" in ended.stderr
