"""The crash test in its short form, on both databases; `python -m tests.crash` is the whole one."""

from pathlib import Path

from bot.delivery.sender import SENDERS
from tests.crash.harness import Size, run

SHORT = Size(kills=5, updates=150, people=50, seed=2, within=180)


async def test_killed_again_and_again_nothing_is_lost_or_done_twice(database_url: str, tmp_path: Path) -> None:
    figures = await run(database_url, tmp_path, SHORT)
    assert not figures.wrong, figures
    assert figures.answered_twice <= figures.in_flight <= SENDERS * SHORT.kills
