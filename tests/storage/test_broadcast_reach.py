"""Looking who would get a broadcast: the work grows as the people do, and not as their square."""

import itertools
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.domain.audience import Audience
from bot.storage import broadcasts
from bot.storage.broadcasts import Scope
from bot.storage.db import Database
from bot.storage.models import Unit
from tests.databases import A_MONDAY, Sqlite
from tests.storm.ledger import CAMPAIGN, Ledger

SCOPE = Scope(CAMPAIGN, A_MONDAY, A_MONDAY, channels=("telegram",))
A_THOUSAND = 1000  # of SQLite's own steps


def steps(sqlite: Sqlite, people: int) -> int:
    """How many steps SQLite makes for the preview to so many people."""
    database, counted = Database(sqlite.fresh()), itertools.count()
    Ledger(database).enrol([str(number) for number in range(people)], datetime.now(UTC))
    with database.transaction() as session:
        province = session.scalars(select(Unit.id).where(Unit.type == "province")).one()
        connection = session.connection().connection.driver_connection
        assert connection is not None
        connection.set_progress_handler(lambda: next(counted) and 0, A_THOUSAND)
        seen = broadcasts.preview(session, Audience(province), SCOPE)
        connection.set_progress_handler(None, 0)
    database.close()
    assert seen.channels == {"telegram": people + 1}
    return next(counted)


def test_ten_times_the_people_take_no_more_than_some_ten_times_the_work(sqlite: Sqlite) -> None:
    few, many = steps(sqlite, 300), steps(sqlite, 3000)
    assert few
    assert many / few == pytest.approx(10, rel=0.5)
