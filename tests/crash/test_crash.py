"""The crash test in its short form, on both databases; `python -m tests.crash` is the whole one."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.delivery.sender import SENDERS
from tests.crash.harness import Size, run
from tests.crash.ways import WAYS
from tests.databases import Sqlite

SHORT = Size(kills=5, updates=150, people=50, seed=2, within=180)
SHORTER = Size(kills=2, updates=40, people=20, seed=9, within=180)  # dies once while it keeps, once while it answers


async def test_killed_again_and_again_nothing_is_lost_or_done_twice(database_url: str, tmp_path: Path) -> None:
    figures = await run(database_url, tmp_path, SHORT)
    assert not figures.wrong, figures
    assert figures.answered_twice <= figures.in_flight <= SENDERS * SHORT.kills


@pytest.mark.parametrize("way", ["zalo-polled", "zalo-pushed"])
async def test_on_zalo_nothing_that_the_bot_ever_had_is_lost_or_done_twice(tmp_path: Path, way: str) -> None:
    figures = await run(Sqlite(tmp_path).fresh(), tmp_path, replace(SHORTER, way=WAYS[way]))
    assert not figures.wrong, figures
    assert figures.answered_twice <= figures.in_flight <= SENDERS * SHORTER.kills
