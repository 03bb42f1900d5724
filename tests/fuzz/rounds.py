"""One round of fuzzing: Hypothesis draws the inputs, we hold what they do against the laws."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.targets import Input, Output, Target

MOST_SECONDS = 0.05
_STUCK_AFTER = 5
_RUNS = 3


class Stuck(AssertionError):
    """The parser had to be stopped."""


@dataclass(slots=True)
class Tally:
    """What a target has seen: how many examples, and the input that took it longest."""

    seen: int = 0
    slowest: float = 0.0
    worst: Input = None


def fuzz(target: Target, examples: int, number: int, tally: Tally) -> None:
    """A round of `examples`, the same for the same `number`; raises with the smallest input that breaks a law."""

    @seed(number)
    @settings(
        max_examples=examples,
        phases=(Phase.generate, Phase.target, Phase.shrink),
        database=None,
        report_multiple_bugs=False,
        deadline=None,  # the law below measures the parser alone, and more fairly
        suppress_health_check=list(HealthCheck),  # the inputs are large on purpose
    )
    @given(target.inputs)
    def hold(drawn: Input) -> None:
        tally.seen += 1
        target.law(drawn, _timed(target, drawn, tally))

    hold()


def _timed(target: Target, drawn: Input, tally: Tally) -> Output:
    with _stopped_when_stuck():
        seconds, output = _run(target, drawn)
        if seconds > tally.slowest:
            # The least of several runs leaves out what else the machine did.
            seconds = min(seconds, *(_run(target, drawn)[0] for _ in range(_RUNS - 1)))
    if seconds > tally.slowest:
        # No more than the bound: what lies beyond it is measured several times, whatever came before.
        tally.slowest, tally.worst = min(seconds, MOST_SECONDS), drawn
    assert seconds <= MOST_SECONDS, f"{target.name} took {seconds * 1_000:.0f} ms"
    return output


def _run(target: Target, drawn: Input) -> tuple[float, Output]:
    started = time.process_time()
    output = target.parse(drawn)
    return time.process_time() - started, output


@contextmanager
def _stopped_when_stuck() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stuck(f"stopped after {_STUCK_AFTER} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(_STUCK_AFTER)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
