"""The broadcast storm in its short form; `make broadcast-storm` is the whole one, which also judges the speed."""

from pathlib import Path

from tests.databases import Sqlite
from tests.storm.check import Record, Talk, check
from tests.storm.harness import Size, run

SHORT = Size(recipients=300, kills=2, refusals=1, blocked=0.03, seed=3, within=180, scale=3)


async def test_everybody_is_told_once_or_in_the_report(sqlite: Sqlite, tmp_path: Path) -> None:
    figures = await run(sqlite.fresh(), tmp_path, SHORT)
    # How fast answers come depends on what else the machine does.
    assert not {name for name in figures.wrong if name != "answered_p99"}, figures
    assert figures.reached + figures.not_reached + figures.in_doubt == SHORT.recipients
    # Whoever blocked the bot was not reached, unless he was on his way when the bot died: then it is in doubt.
    blocked = int(SHORT.blocked * SHORT.recipients)
    assert 0 <= blocked - figures.not_reached <= figures.in_doubt


def test_whatever_breaks_the_promise_is_told() -> None:
    record = Record(
        arrived={"1": 2, "2": 0, "3": 1, "4": 0},
        report={"1": "sent", "2": "sent", "3": "failed", "5": "in_doubt", "6": "waiting"},
        recipients=frozenset("123456"),
        blocked=frozenset("3"),
        in_flight=0,
        told_while_paused=1,
        talks=[Talk(0.2, disturbed=False), Talk(1.5, disturbed=False), Talk(9.0, disturbed=True)],
    )
    assert check(record).wrong == {
        "told_twice": 1,
        "missing": 1,
        "reported_wrongly": 1,
        "lost_from_report": 2,
        "told_while_paused": 1,
        "in_doubt": 1,
        "answered_p99": 1.5,
    }
