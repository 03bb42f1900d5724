"""A roster of a whole province: read, shown, written and taken back in steps that hold nobody up."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.actions import rosters
from bot.actions.roster_imports import AT_ONCE
from bot.campaigns import read_units
from bot.storage.db import open_engine
from bot.storage.models import Membership, MembershipState
from tests.databases import Sqlite
from tests.rosters.desk import NOW, SETUP, Desk, names
from tests.rosters.sheets import HEADINGS, large

ROWS, FAULTY = 20_000, 40
TREE = {each.code: each for each in read_units("long_an")}


@pytest.fixture
def desk(sqlite: Sqlite) -> Iterator[Desk]:
    """On SQLite alone: what is asked here does not depend on the database, and takes its time."""
    engine = open_engine(sqlite.fresh("staged"))
    yield Desk(engine)
    engine.dispose()
    sqlite.drop()


def province() -> bytes:
    """A workbook of so many rows, in all the communes; a few name a unit that is not there."""
    communes = [f"{each.name}, {TREE[each.parent_code or ''].name}" for each in TREE.values() if each.type == "commune"]
    wrong = ROWS // FAULTY
    rows = (
        (number, name, "", "", "Xã Không Có" if number % wrong == 0 else communes[number % len(communes)])
        for number, name in enumerate(names(ROWS // 2) * 2, 1)
    )
    return large([HEADINGS, *rows])


def listed(session: Session) -> int:
    found = session.scalar(
        select(func.count()).select_from(Membership).where(Membership.state == MembershipState.LISTED)
    )
    return found or 0


def steps(desk: Desk, step: Callable[[], int]) -> list[int]:
    """How many people are in the rosters after each step, until there is nothing left to do."""
    counts = []
    while step():
        counts.append(desk.do(listed))
    return counts


def test_twenty_thousand_rows_are_checked_written_and_undone_in_small_steps(desk: Desk) -> None:
    number = desk.check_file(province())
    assert desk.figures(number) | {"new": ROWS - FAULTY, "faulty": FAULTY} == desk.figures(number)
    assert desk.do(listed) == 0

    desk.confirm(number)
    counts = steps(desk, lambda: desk.do(lambda session: rosters.write_next(session, SETUP, NOW)))
    # The last step tells that it is done.
    assert counts == [*range(AT_ONCE, ROWS - FAULTY, AT_ONCE), ROWS - FAULTY, ROWS - FAULTY]

    desk.begin_undo(number)
    counts = steps(desk, desk.undo_next)
    assert counts[-2:] == [0, 0]
    assert all(before - after <= AT_ONCE for before, after in zip([ROWS - FAULTY, *counts], counts, strict=False))
    assert desk.figures(number)["undone"]["gone"] == ROWS - FAULTY
