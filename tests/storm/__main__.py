"""`python -m tests.storm`: the whole broadcast storm on each database, with a table of figures.

Exits with 1 if the promise broke.
"""

import argparse
import asyncio
import secrets
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from tests.databases import Sqlite, postgresql_server
from tests.storm.harness import Size, run

WITHIN = 1800.0


def main() -> int:
    given = _arguments()
    size = Size(given.recipients, given.kills, given.refusals, given.blocked, given.seed, WITHIN)
    _say(f"{size.recipients} recipients, {size.kills} kills, {size.refusals} bursts of 429, seed {size.seed}")
    fine = True
    for kind in given.on:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sotin-storm-")))
            url = _fresh(kind, folder, stack)
            started = time.monotonic()
            figures = asyncio.run(run(url, folder, size))
        rows = [f"  {name.replace('_', ' '):<34}{figure:>8}" for name, figure in asdict(figures).items()]
        verdict = "NOT KEPT" if figures.wrong else "kept"
        took = f"  {'seconds':<34}{time.monotonic() - started:>8.0f}"
        _say("\n".join([f"{kind}: the promise is {verdict}", *rows, took]))
        fine = fine and not figures.wrong
    return 0 if fine else 1


def _fresh(kind: str, folder: Path, stack: ExitStack) -> str:
    if kind == "sqlite":
        return Sqlite(folder).fresh()
    return stack.enter_context(postgresql_server(folder / "postgresql")).fresh()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--recipients", type=int, default=18_426)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--refusals", type=int, default=5)
    parser.add_argument("--blocked", type=float, default=0.03)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000), help="repeats the draws")
    parser.add_argument("--on", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    return parser.parse_args()


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- this program's output


if __name__ == "__main__":
    sys.exit(main())
