"""The crash test in its short form; `make crash` is the whole one, over each database and each way."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.delivery.sender import SENDERS
from tests.crash import replicas
from tests.crash.harness import Size, run
from tests.crash.ways import WAYS
from tests.databases import Postgresql

SHORT = Size(kills=2, updates=40, people=20, seed=9, within=180)  # dies once while it keeps, once while it answers
FLEET = replicas.Size(replicas=3, kills=3, updates=60, people=20, admins=10, seed=1, within=180)


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("sqlite", "telegram-polled"),
        ("postgresql", "telegram-pushed"),
        ("sqlite", "zalo-polled"),
        ("postgresql", "zalo-pushed"),
    ],
)
async def test_killed_again_and_again_nothing_is_lost_or_done_twice(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, way: str
) -> None:
    figures = await run(request.getfixturevalue(kind).fresh(), tmp_path, replace(SHORT, way=WAYS[way]))
    assert not figures.wrong, figures
    assert figures.answered_twice <= figures.in_flight <= SENDERS * SHORT.kills


async def test_of_three_replicas_each_dies_and_nothing_is_lost_or_done_twice(
    postgresql: Postgresql, tmp_path: Path
) -> None:
    figures = await replicas.run(postgresql.fresh(), tmp_path, FLEET)
    assert not figures.wrong, figures
    assert figures.reminders == FLEET.admins
