"""Runs contenders by turns in one process and tells how long each took, as a table of plain text."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

ROUNDS = 7
CALLS = 300

Contender = Callable[[], object]


@dataclass
class Times:
    """What a contender took, in microseconds a call: one median and one 99th percentile for each round."""

    medians: list[float] = field(default_factory=list)
    p99s: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.medians)

    @property
    def p99(self) -> float:
        return statistics.median(self.p99s)

    @property
    def spread(self) -> float:
        """How far the rounds' medians lie apart, in hundredths of their own."""
        return 100 * (max(self.medians) - min(self.medians)) / self.median


def race(contenders: Mapping[str, Contender], rounds: int = ROUNDS, calls: int = CALLS) -> dict[str, Times]:
    """The times of all contenders, each taking its turn in every round; one round more warms up."""
    times = {name: Times() for name in contenders}
    for turn in range(rounds + 1):
        for name, contender in contenders.items():
            took = _timed(contender, calls)
            if turn:
                times[name].medians.append(statistics.median(took))
                times[name].p99s.append(took[len(took) * 99 // 100])
    return times


def table(times: Mapping[str, Times]) -> str:
    """One line a contender; ratios are to the first. The last line tells how noisy the machine was."""
    first = next(iter(times.values())).median
    lines = [f"{'':34} {'median µs':>11} {'p99 µs':>11} {'ratio':>8} {'spread %':>9}"]
    lines += [
        f"{name:34} {each.median:11.2f} {each.p99:11.2f} {each.median / first:8.2f} {each.spread:9.1f}"
        for name, each in times.items()
    ]
    return "\n".join([*lines, _noise()])


def _noise() -> str:
    [idle] = race({"idle": _fixed_work}).values()
    return (
        f"noise: a fixed loop has a median of {idle.median:.1f} µs, p99 {idle.p99:.1f} µs, spread {idle.spread:.1f} %"
    )


def _fixed_work() -> int:
    return sum(range(2_000))


def _timed(contender: Contender, calls: int) -> list[float]:
    """What each call took, in microseconds, shortest first; the garbage collector waits meanwhile."""
    gc.collect()
    gc.disable()
    try:
        return sorted(_microseconds(contender) for _ in range(calls))
    finally:
        gc.enable()


def _microseconds(contender: Contender) -> float:
    started = time.perf_counter_ns()
    contender()
    return (time.perf_counter_ns() - started) / 1_000
