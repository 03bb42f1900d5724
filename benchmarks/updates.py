"""One update in, one message out: ours beside bare peers that keep nothing, by turns, medians of five rounds.

python -m benchmarks.updates [rounds]: a ratio is that of the medians; the spread tells how noisy the machine was.
"""

import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.bot_api import Play
from benchmarks.bots import CHATS, COMMAND, HAND_IN, SETTLED, Bot, Outcome, ledger, ours, peer, standin, warm

ROUNDS = 5
POSTS = 100_000
SATURATED, SLOW_PEER, HANDED_IN = 3000, 60, 2500
AWAY = 0.1  # seconds to the API

Start = Callable[[], AbstractContextManager[Bot]]


@dataclass(frozen=True, slots=True)
class Contender:
    """A bot and what it is asked, `settled` seconds after it first answered."""

    name: str
    start: Start
    text: str
    play: Play
    settled: float = 3.0


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as name, standin() as api:
        folder = Path(name)
        full = ledger(folder / "ledger.db", POSTS)

        def sotin() -> AbstractContextManager[Bot]:
            return ours(api, folder, full)

        _saturated(api, folder, sotin, rounds)
        _far_away(api, folder, sotin, rounds)
        _handed_in(api, folder, sotin, rounds)
        for rate in (50, 150):
            _waiting(api, folder, sotin, rounds, rate)


def _saturated(api: httpx.Client, folder: Path, sotin: Start, rounds: int) -> None:
    play = Play(SATURATED, CHATS, COMMAND, answers=SATURATED)
    contenders = [
        Contender("ours", sotin, COMMAND, play),
        Contender("python-telegram-bot", lambda: peer("echo_ptb", api, folder), COMMAND, play),
        Contender("aiogram", lambda: peer("echo_aiogram", api, folder), COMMAND, play),
    ]
    found = _race(contenders, rounds)
    _rates("a simple command, saturated (updates/s)", found)


def _far_away(api: httpx.Client, folder: Path, sotin: Start, rounds: int) -> None:
    far = Play(SATURATED, CHATS, COMMAND, answers=SATURATED, delay=AWAY)
    slow = Play(SLOW_PEER, CHATS, COMMAND, answers=SLOW_PEER, delay=AWAY)
    contenders = [
        Contender("ours", sotin, COMMAND, far),
        Contender("python-telegram-bot", lambda: peer("echo_ptb", api, folder), COMMAND, slow),
    ]
    _rates("the same with 100 ms to the API (updates/s)", _race(contenders, rounds))


def _handed_in(api: httpx.Client, folder: Path, sotin: Start, rounds: int) -> None:
    play = Play(HANDED_IN, CHATS, HAND_IN, answers=HANDED_IN)
    contenders = [
        Contender("ours", sotin, HAND_IN, play),
        Contender("one row by aiosqlite", lambda: peer("one_row", api, folder), HAND_IN, play),
    ]
    _rates("a post handed in, whole (updates/s)", _race(contenders, rounds))


def _waiting(api: httpx.Client, folder: Path, sotin: Start, rounds: int, rate: int) -> None:
    count = 12 * rate
    play = Play(count, CHATS, COMMAND, answers=count, rate=rate)
    contenders = [
        Contender("ours", sotin, COMMAND, play, SETTLED),
        Contender("python-telegram-bot", lambda: peer("echo_ptb", api, folder), COMMAND, play),
    ]
    found = _race(contenders, rounds)
    for name in ("p50", "p99"):
        times = {who: [1000 * getattr(each, name) for each in runs] for who, runs in found.items()}
        _print(f"answer at {rate}/s, {name} (ms)", times)


def _race(contenders: list[Contender], rounds: int) -> dict[str, list[Outcome]]:
    """Each takes its turn in every round, in a process of its own."""
    found: dict[str, list[Outcome]] = {each.name: [] for each in contenders}
    for _ in range(rounds):
        for each in contenders:
            with each.start() as bot:
                warm(bot, each.text, each.settled)
                outcome = bot.play(each.play)
            if outcome.sent < each.play.answers:
                raise SystemExit(f"{each.name}: {outcome.sent} of {each.play.answers} answers came")
            found[each.name].append(outcome)
    return found


def _rates(what: str, found: dict[str, list[Outcome]]) -> None:
    _print(what, {name: [each.rate for each in runs] for name, runs in found.items()})
    cpu = {name: [1000 * each.cpu / each.sent for each in runs] for name, runs in found.items()}
    _print(f"{what.partition(' (')[0]}: processor (ms an update)", cpu)


def _print(what: str, found: dict[str, list[float]]) -> None:
    """One line a contender: median, least and most, and ours to it."""
    first = statistics.median(next(iter(found.values())))
    print(what)  # noqa: T201 -- this program's output
    for name, values in found.items():
        median = statistics.median(values)
        spread = f"{min(values):.1f}–{max(values):.1f}"
        print(f"  {name:24} {median:10.1f}   {spread:>18}   ours/this {first / median:6.2f}", flush=True)  # noqa: T201 -- output


if __name__ == "__main__":
    main()
