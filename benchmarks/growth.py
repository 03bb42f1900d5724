"""What an update costs as the ledger grows: python -m benchmarks.growth [posts …], by default 10,000 to 1,000,000.

Hand-ins and commands, saturated, by the processor's time for each; flat means at most 1.3 times the first.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import httpx

from benchmarks.bot_api import Play
from benchmarks.bots import CHATS, COMMAND, HAND_IN, SETTLED, Outcome, ledger, ours, standin, warm

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 3
COUNT = 2000


def main() -> None:
    """Print one line a size."""
    sizes = [int(each) for each in sys.argv[1:]] or list(SIZES)
    with tempfile.TemporaryDirectory() as name, standin() as api:
        folder, firsts = Path(name), list[float]()
        for size in sizes:
            full = ledger(folder / f"{size}.db", size)
            costs = [_cost(api, folder, full, text) for text in (COMMAND, HAND_IN)]
            firsts = firsts or costs
            ratios = [cost / first for cost, first in zip(costs, firsts, strict=True)]
            command, hand_in = (f"{cost:.2f} ms ({ratio:.2f})" for cost, ratio in zip(costs, ratios, strict=True))
            say(f"{size:>9} posts: a command {command}, a hand-in {hand_in}; at most 1.30 times the first")
            full.unlink()


def _cost(api: httpx.Client, folder: Path, full: Path, text: str) -> float:
    """Milliseconds of the processor's time for an update, median."""
    return statistics.median(1000 * each.cpu / each.sent for each in _runs(api, folder, full, text))


def _runs(api: httpx.Client, folder: Path, full: Path, text: str) -> list[Outcome]:
    with ours(api, folder, full) as bot:
        warm(bot, text, SETTLED)
        return [bot.play(Play(COUNT, CHATS, text, answers=COUNT)) for _ in range(ROUNDS)]


def say(words: str) -> None:
    """One line of figures."""
    print(words, flush=True)  # noqa: T201 -- this program's output


if __name__ == "__main__":
    main()
