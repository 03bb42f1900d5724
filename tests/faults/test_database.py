"""The database fails: the server is restarted, connections are cut, the disk is full, somebody else holds the lock."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from bot.sandbox import people
from bot.storage import db
from tests.cast import TAG, Stage
from tests.databases import Sqlite
from tests.faults.breaking import cut_connections, full, locked, postgresql_down, small_disk
from tests.faults.life import A_MINUTE, PAGE, Life, keep_only


async def test_while_postgresql_is_restarted_people_wait_and_then_all_is_answered(on_postgresql: Life) -> None:
    life = on_postgresql
    life.hand_in(life.stage.alice)
    await life.all_is_answered()
    async with postgresql_down(life.stage.database_url):
        life.hand_in(life.stage.alice, life.stage.bob, life.stage.alice)
        await life.troubles(3)
        assert len(life.receipts(life.stage.alice)) == 1
    await life.all_is_answered()


async def test_when_connections_are_cut_nobody_notices(on_postgresql: Life) -> None:
    life = on_postgresql
    for _ in range(4):
        life.hand_in(life.stage.alice, life.stage.bob)
        await life.until(lambda: cut_connections(life.stage.database_url))
        life.hand_in(life.stage.bob, life.stage.alice)
        await life.until(lambda: life.receipts(life.stage.alice))
    await life.all_is_answered()


async def test_while_another_program_holds_the_lock_people_wait(
    sqlite: Sqlite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "BUSY_TIMEOUT_MS", 100)
    with structlog.testing.capture_logs() as logged:
        async with Stage(sqlite.fresh("staged")) as stage, Life(stage, logged) as life:
            with locked(stage.database_url):
                life.hand_in(stage.alice, stage.bob, stage.alice)
                await life.troubles(3)
            await life.all_is_answered()


async def test_while_the_disk_is_full_people_wait_however_long(sqlite: Sqlite, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 24) as disk:
        shutil.copy(str(make_url(sqlite.fresh("staged")).database), disk / "ledger.db")
        with structlog.testing.capture_logs() as logged:
            async with Stage(f"sqlite:///{disk}/ledger.db") as stage, Life(stage, logged) as life:
                life.hand_in(stage.alice)
                await life.all_is_answered()
                with full(disk):
                    life.hand_in(stage.alice, stage.bob, stage.alice)
                    for _ in range(8):
                        await life.troubles(2)
                        stage.world.clock.advance(A_MINUTE)
                await life.all_is_answered()


async def test_an_update_is_not_given_up_because_the_disk_was_full(sqlite: Sqlite) -> None:
    """It is kept already when there is no room for its post."""
    url = sqlite.fresh("staged")
    with closing(sqlite3.connect(str(make_url(url).database))) as file:
        file.execute("VACUUM")  # no page is left over
    async with Stage(url) as stage:
        people.say(stage.world, stage.alice.person, f"{PAGE}1\n{'Tin của đơn vị. ' * 200} {TAG}")
        await keep_only(stage)
        event.listen(stage.app.db.engine, "begin", _no_room_for_a_page, insert=True)
        for _ in range(10):
            with pytest.raises(OperationalError, match="full"):
                await stage.app.handling.next()
            stage.world.clock.jump(A_MINUTE)
        event.remove(stage.app.db.engine, "begin", _no_room_for_a_page)
        event.listen(stage.app.db.engine, "begin", _room_again, insert=True)
        [receipt] = await stage.alice.hears()
        assert receipt.startswith("✅ Số")


def _no_room_for_a_page(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA max_page_count=1")  # it is never below what the file has


def _room_again(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA max_page_count=1000000")
