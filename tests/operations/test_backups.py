"""The drill: a ledger that is written to is backed up, put back elsewhere, and holds what it held."""

import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command

from bot.operations import backups, restoring
from bot.settings import StartError
from bot.storage.db import open_engine
from bot.storage.migrate import HEAD, config, version
from tests.cast import TAG, Stage
from tests.databases import Postgresql, Sqlite
from tests.operations.ledgers import add_unit, do, fill, prints, rows

NOW = datetime(2027, 3, 1, 19, 0, tzinfo=UTC)
GROUP = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/"


@pytest.fixture
def url(databases: Sqlite | Postgresql) -> str:
    """A ledger with something in it."""
    found = databases.fresh("staged")
    fill(found)
    return found


async def test_a_backup_while_people_hand_in_is_the_ledger_of_one_moment(
    stage: Stage, databases: Sqlite | Postgresql, tmp_path: Path
) -> None:
    await stage.alice.says(f"{GROUP}1234567890123/\nDân quân xã ta ra quân giúp bà con thu hoạch lúa vụ hè thu. {TAG}")
    made: list[backups.Backup] = []
    making = threading.Thread(target=lambda: made.append(backups.make(stage.database_url, tmp_path, NOW)))
    making.start()
    number = 1
    while making.is_alive():
        number += 1
        await stage.alice.says(f"{GROUP}{1234567890122 + number}/\nDân quân giúp dân gặt lúa, ngày thứ {number}. {TAG}")
    making.join()
    there = databases.fresh("empty")
    restoring.restore(made[0].path, there, NOW)
    held, live = rows(there), rows(stage.database_url)
    assert 1 <= held["posts"] <= live["posts"] == number
    assert held["post_keys"] == held["posts"]  # a post and its key come in one transaction
    assert held["memberships"] == live["memberships"]


def test_what_is_put_back_is_the_same_table_by_table(url: str, databases: Sqlite | Postgresql, tmp_path: Path) -> None:
    backup = backups.make(url, tmp_path, NOW)
    there = databases.fresh("empty")
    held = restoring.restore(backup.path, there, NOW)
    assert prints(there) == held == prints(url)
    assert held["units"].rows > 200
    assert add_unit(there, "new") > held["units"].rows - 1  # numbers go on behind the highest


def test_a_backup_of_either_database_goes_back_into_the_other(
    sqlite: Sqlite, postgresql: Postgresql, tmp_path: Path
) -> None:
    for source, target in ((sqlite, postgresql), (postgresql, sqlite)):
        url, there = source.fresh("staged"), target.fresh("empty")
        fill(url)
        backup = backups.make(url, tmp_path, NOW)
        restoring.restore(backup.path, there, NOW)
        assert prints(there) == prints(url)


def test_a_ledger_that_holds_something_is_replaced_only_when_wanted_and_kept_aside(
    url: str, databases: Sqlite | Postgresql, tmp_path: Path
) -> None:
    backup = backups.make(url, tmp_path / "backups", NOW)
    there = databases.fresh("staged")
    add_unit(there, "of the old one")
    old = prints(there)
    with pytest.raises(StartError, match="--replace"):
        restoring.restore(backup.path, there, NOW)
    assert prints(there) == old
    later = NOW + timedelta(hours=1)
    restoring.restore(backup.path, there, later, replace=True)
    assert prints(there) == prints(url)
    if there.startswith("sqlite"):
        aside = f"{there}.replaced-{later:%Y%m%dT%H%M%SZ}"
    else:
        aside = f"sqlite:///{backups.all_of_them(tmp_path / 'backups')[-1]}"
    assert prints(aside) == old


def test_a_backup_is_one_file_of_its_owner_with_a_checksum_that_others_read(url: str, tmp_path: Path) -> None:
    backup = backups.make(url, tmp_path / "new", NOW)
    assert backup.path.name == "sotin-20270301T190000Z.db"
    beside = backups.checksum(backup.path)
    assert sorted((tmp_path / "new").iterdir()) == [backup.path, beside]
    assert beside.read_text() == f"{backup.digest}  {backup.path.name}\n"
    assert {stat.S_IMODE(each.stat().st_mode) for each in (backup.path, beside)} == {0o600}
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_only_the_newest_are_kept_and_what_was_cut_off_is_cleared_away(sqlite: Sqlite, tmp_path: Path) -> None:
    url = sqlite.fresh()
    (tmp_path / ".sotin-20270228T190000Z.db.part").write_bytes(b"half")
    (tmp_path / "notes.txt").write_text("mine")
    for day in range(4):
        backups.make(url, tmp_path, NOW + timedelta(days=day), keep=2)
    kept = ["sotin-20270303T190000Z.db", "sotin-20270304T190000Z.db"]
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(["notes.txt", *kept, *(f"{name}.sha256" for name in kept)])


def test_one_that_was_changed_is_not_put_back(sqlite: Sqlite, tmp_path: Path) -> None:
    backup = backups.make(sqlite.fresh(), tmp_path, NOW)
    content = bytearray(backup.path.read_bytes())
    content[len(content) // 2] ^= 1
    backup.path.write_bytes(content)
    there = sqlite.fresh("empty")
    with pytest.raises(StartError, match="its checksum differs"):
        restoring.restore(backup.path, there, NOW)
    backups.checksum(backup.path).unlink()
    with pytest.raises(StartError, match="cannot be read"):
        restoring.restore(backup.path, there, NOW)


def test_a_damaged_ledger_gives_no_backup_and_the_old_ones_stay(sqlite: Sqlite, tmp_path: Path) -> None:
    url = sqlite.fresh("staged")
    kept = backups.make(url, tmp_path, NOW, keep=1)
    place = Path(url.removeprefix("sqlite:///"))
    content = bytearray(place.read_bytes())
    content[20 * 4096 : 60 * 4096] = bytes(40 * 4096)
    place.write_bytes(content)
    with pytest.raises(StartError):
        backups.make(url, tmp_path, NOW + timedelta(days=1), keep=1)
    assert backups.all_of_them(tmp_path) == [kept.path]
    restoring.restore(kept.path, url, NOW, replace=True)
    backups.check(place)


def test_a_folder_that_cannot_be_and_a_ledger_that_is_not_are_said_plainly(sqlite: Sqlite, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match="no folder"):
        backups.make(sqlite.fresh(), tmp_path / "file" / "backups", NOW)
    with pytest.raises(StartError, match="no ledger"):
        backups.make(f"sqlite:///{tmp_path}/none.db", tmp_path, NOW)


def test_a_backup_of_an_older_version_is_brought_up_and_one_of_a_later_refused(sqlite: Sqlite, tmp_path: Path) -> None:
    url, there = sqlite.fresh("empty"), sqlite.fresh("empty")
    engine = open_engine(url)
    command.upgrade(config(engine), "0009")
    engine.dispose()
    do(url, "INSERT INTO installation VALUES ('signing_key', '00')")
    old = backups.make(url, tmp_path, NOW)
    restoring.restore(old.path, there, NOW)
    engine = open_engine(there)
    assert version(engine) == HEAD
    engine.dispose()
    assert rows(there)["installation"] == 1
    do(url, "UPDATE alembic_version SET version_num = '9999'")
    later = backups.make(url, tmp_path, NOW + timedelta(days=1))
    with pytest.raises(StartError, match="later version"):
        restoring.restore(later.path, sqlite.fresh("empty"), NOW)


def test_a_postgresql_of_another_version_is_not_backed_up(postgresql: Postgresql, tmp_path: Path) -> None:
    url = postgresql.fresh()
    do(url, "UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(StartError, match="sotin migrate"):
        backups.make(url, tmp_path, NOW)
    assert list(tmp_path.glob("sotin*")) == []
