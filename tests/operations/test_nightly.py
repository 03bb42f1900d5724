"""When the nightly backup is due, and who makes it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.operations import backups, nightly
from bot.storage import upkeep
from bot.storage.db import Database
from tests.databases import Postgresql, Sqlite
from tests.operations.ledgers import fill

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def here(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, here(2, 14), True),
        (here(1, 2, 5), here(1, 23), False),
        (here(1, 2, 5), here(2, 1, 59), False),
        (here(1, 2, 5), here(2, 2), True),
        (here(1, 23), here(2, 2), True),  # by hand in the evening: the night has its own
        (here(2, 1), here(2, 2), True),
        (here(2, 2), here(2, 2, 1), False),
        (here(1, 2), here(5, 9), True),  # after downtime
    ],
)
def test_it_is_due_once_since_two_in_the_night(last: datetime | None, now: datetime, due: bool) -> None:
    assert nightly.is_due(last, ZONE, now) == due


@pytest.fixture
def settings(databases: Sqlite | Postgresql, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The settings of an installation, in the environment, and its ledger."""
    url = databases.fresh("staged")
    fill(url)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("BACKUP_FOLDER", str(tmp_path / "backups"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.chdir(tmp_path)
    return Database(url)


async def test_it_is_made_by_a_process_of_its_own_and_noted(settings: Database, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    assert await nightly.back_up(settings, ZONE, now)
    [made] = backups.all_of_them(tmp_path / "backups")
    backups.verify(made)
    noted = await settings.run(upkeep.last_backup)
    assert (noted.path, noted.size, noted.failed_at) == (str(made), made.stat().st_size, None)
    assert not await nightly.back_up(settings, ZONE, now + timedelta(seconds=5))
    settings.close()


async def test_one_that_fails_is_noted_with_its_reason_and_tried_again_with_the_next_hour(
    settings: Database, tmp_path: Path
) -> None:
    now = here(2, 2, 0)
    (tmp_path / "backups").write_text("in the way")
    assert not await nightly.back_up(settings, ZONE, now)
    noted = await settings.run(upkeep.last_backup)
    assert (noted.at, noted.failed_at) == (None, now)
    assert noted.reason.startswith("sotin: there is no folder")
    (tmp_path / "backups").unlink()
    assert not await nightly.back_up(settings, ZONE, now + timedelta(minutes=59))
    assert await nightly.back_up(settings, ZONE, now + timedelta(hours=1))
    assert (await settings.run(upkeep.last_backup)).failed_at is None
    settings.close()


async def test_of_two_replicas_only_one_makes_it(databases: Sqlite | Postgresql) -> None:
    url = databases.fresh()
    one, other = Database(url), Database(url)
    turns = [await each.run(upkeep.take_turn, "backup", "2027-03-02T02") for each in (one, other)]
    assert turns == [True, False]
    one.close()
    other.close()
