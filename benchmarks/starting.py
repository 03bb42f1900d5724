"""How soon the bot is there, and what it holds in memory: python -m benchmarks.starting [rounds].

From the start of the process to the first long poll, on a ledger of 18,426 members; the memory after a minute at rest.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.bots import ledger, ours, standin

ROUNDS = 5
POSTS = 100_000
AT_REST = 60.0


def main() -> None:
    """Print the figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as name, standin() as api:
        folder = Path(name)
        full = ledger(folder / "ledger.db", POSTS)
        seconds = [_to_first_poll(api, folder, full) for _ in range(rounds)]
        spread = f"{min(seconds):.2f}–{max(seconds):.2f}"
        say(f"start to first poll: {statistics.median(seconds):.2f} s ({spread}), at most 1")
        with ours(api, folder, full) as bot:
            time.sleep(AT_REST)
            say(f"memory at rest, 18,426 members: {bot.memory():.0f} MB, at most 120")


def _to_first_poll(api: httpx.Client, folder: Path, full: Path) -> float:
    before, began = _polls(api), time.monotonic()
    with ours(api, folder, full):
        while _polls(api) == before:
            time.sleep(0.01)
        return time.monotonic() - began


def _polls(api: httpx.Client) -> int:
    return int(api.get("/polls").raise_for_status().json())


def say(words: str) -> None:
    """One line of figures."""
    print(words, flush=True)  # noqa: T201 -- this program's output


if __name__ == "__main__":
    main()
