"""The judge of a soak sees what grows; `make soak` is the soak itself."""

from dataclasses import replace

import pytest

from handlers import MENU
from tests.soak.check import FORGOTTEN, TEXTS, Measure, Record, faults, slope
from tests.soak.days import KEPT_DAYS
from tests.soak.traffic import ASKED

STEADY = [Measure(second, 100.0 + second % 3, 20 + second % 4, 5, 30) for second in range(90)]
FULL = dict.fromkeys(FORGOTTEN, 700)
ROWS = [dict.fromkeys(FORGOTTEN, 100 * day) | {"posts": 300 * day} for day in range(8)] + [FULL] * 7
GOOD = Record(STEADY, ROWS, said=900, handled=900, dead=0, left=0)


def kept_for(days: int, name: str) -> Record:
    """As good, but for one table, to which each of the fifteen days brings a hundred rows."""
    return replace(GOOD, rows=[row | {name: 100 * min(day, days)} for day, row in enumerate(ROWS, 1)])


def test_what_is_steady_has_no_fault_though_the_ledger_grows() -> None:
    assert faults(GOOD) == []


def test_the_slope_is_megabytes_an_hour() -> None:
    assert slope([Measure(second, 100 + second / 360, 1, 1, 1) for second in range(10)]) == pytest.approx(10)


@pytest.mark.parametrize("name", FORGOTTEN)
@pytest.mark.parametrize(
    ("days", "told"),
    [
        (1, []),
        (KEPT_DAYS, []),
        (7, []),  # the outbox, and what goes with it
        (15, ["{} grew from 1000 to 1500 rows"]),
        (0, ["{} had no row in the first two thirds"]),
    ],
)
def test_rows_level_off_if_they_are_forgotten_within_a_week_and_are_there_at_all(
    name: str, days: int, told: list[str]
) -> None:
    assert faults(kept_for(days, name)) == [each.format(name) for each in told]


def test_texts_and_all_that_is_derived_from_them_are_forgotten() -> None:
    assert {TEXTS, "text_sketches", "text_bands", "downloads", "chat_menus"} <= {*FORGOTTEN}


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        (replace(GOOD, measures=[replace(e, megabytes=100 + e.second) for e in STEADY]), "memory grew"),
        (replace(GOOD, measures=[replace(e, tasks=int(e.second)) for e in STEADY]), "tasks grew"),
        (replace(GOOD, measures=[replace(e, threads=int(e.second)) for e in STEADY]), "threads grew"),
        (replace(GOOD, measures=[replace(e, files=int(e.second)) for e in STEADY]), "files grew"),
        (replace(GOOD, measures=[*STEADY, replace(STEADY[0], connections=150)]), "150 connections"),
        (replace(GOOD, rows=[*ROWS[:-1], FULL | {"outbox": 1000}]), "outbox grew"),
        (replace(GOOD, rows=[{**row, "downloads": 0} for row in ROWS[:10]] + ROWS[10:]), "downloads grew"),
        (replace(GOOD, handled=899), "not handled"),
        (replace(GOOD, dead=1), "dead"),
        (replace(GOOD, left=1), "left"),
    ],
)
def test_whatever_grows_or_stays_behind_is_told(record: Record, fault: str) -> None:
    [told] = faults(record)
    assert fault in told


def test_the_commands_that_people_say_in_a_soak_exist() -> None:
    assert {each for each in ASKED if each.startswith("/")} <= {f"/{name}" for name, *_ in MENU}
