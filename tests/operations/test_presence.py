"""Who works with a ledger is known to others, for as long as he does."""

import asyncio
import socket
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.operations.keeping import kept
from bot.settings import Settings, StartError
from bot.storage.db import Database
from bot.storage.presence import alone, at_work
from tests.databases import A_MONDAY, Postgresql, Sqlite
from tests.operations.ledgers import opened

CUT_OFF = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def test_a_postgresql_has_several_bots_or_one_who_moves_it(postgresql: Postgresql) -> None:
    url = postgresql.fresh()
    with at_work(url), at_work(url), pytest.raises(StartError, match="stop it first"), alone(url):
        pass
    with alone(url), pytest.raises(StartError, match="moved or restored"), at_work(url):
        pass
    with at_work(url):
        pass


def test_a_bot_takes_its_place_again_when_the_server_cut_it_off(postgresql: Postgresql) -> None:
    url = postgresql.fresh()
    with at_work(url) as presence:
        assert presence
        assert presence.take()
        with opened(url) as session:
            session.execute(text(CUT_OFF))
        with alone(url):
            assert not presence.take()
        assert presence.take()
        with pytest.raises(StartError, match="stop it first"), alone(url):
            pass


def test_a_file_that_was_left_by_a_dead_process_holds_nobody_up(sqlite: Sqlite) -> None:
    url = sqlite.fresh()
    Path(f"{url.removeprefix('sqlite:///')}.lock").write_text("")
    with at_work(url):
        pass
    with alone(url):
        pass


async def test_a_taken_port_is_said_with_its_settings(sqlite: Sqlite) -> None:
    db = Database(sqlite.fresh())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(_env_file=None, operator_port=taken.getsockname()[1])
        with pytest.raises(StartError, match="OPERATOR_BIND and OPERATOR_PORT"):
            async with kept(settings, db, lambda: A_MONDAY, set(), None):
                await asyncio.Event().wait()
    db.close()
