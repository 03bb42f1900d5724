"""The judge of a soak sees what grows; `make soak` is the soak itself."""

from dataclasses import replace

import pytest

from tests.soak.check import FORGOTTEN, Measure, Record, faults, slope

STEADY = [Measure(second, 100.0 + second % 3, 20 + second % 4, 5, 30) for second in range(90)]
FULL = dict.fromkeys(FORGOTTEN, 700)
ROWS = [dict.fromkeys(FORGOTTEN, 100 * day) | {"posts": 300 * day} for day in range(8)] + [FULL] * 7
GOOD = Record(STEADY, ROWS, said=900, handled=900, dead=0, left=0)


def test_what_is_steady_has_no_fault_though_the_ledger_grows() -> None:
    assert faults(GOOD) == []


def test_the_slope_is_megabytes_an_hour() -> None:
    assert slope([Measure(second, 100 + second / 360, 1, 1, 1) for second in range(10)]) == pytest.approx(10)


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        (replace(GOOD, measures=[replace(e, megabytes=100 + e.second) for e in STEADY]), "memory grew"),
        (replace(GOOD, measures=[replace(e, tasks=int(e.second)) for e in STEADY]), "tasks grew"),
        (replace(GOOD, measures=[replace(e, threads=int(e.second)) for e in STEADY]), "threads grew"),
        (replace(GOOD, measures=[replace(e, files=int(e.second)) for e in STEADY]), "files grew"),
        (replace(GOOD, measures=[*STEADY, replace(STEADY[0], connections=100)]), "100 connections"),
        (replace(GOOD, rows=[*ROWS[:-1], FULL | {"outbox": 1000}]), "outbox grew"),
        (replace(GOOD, handled=899), "not handled"),
        (replace(GOOD, dead=1), "dead"),
        (replace(GOOD, left=1), "left"),
    ],
)
def test_whatever_grows_or_stays_behind_is_told(record: Record, fault: str) -> None:
    [told] = faults(record)
    assert fault in told
