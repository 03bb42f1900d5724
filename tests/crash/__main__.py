"""`python -m tests.crash`: the whole crash test, with a table of figures. Exits with 1 if the promise broke."""

import argparse
import asyncio
import secrets
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path

from tests.crash.check import Figures
from tests.crash.harness import Size, run
from tests.crash.ways import WAYS
from tests.databases import Sqlite, postgresql_server

WITHIN = 900.0


def main() -> int:
    given = _arguments()
    size = Size(given.kills, given.updates, given.people, given.seed, WITHIN)
    _say(f"{size.updates} updates from {size.people} people, {size.kills} kills, seed {size.seed}")
    fine = True
    for kind, way in product(given.on, given.by):
        figures, seconds = _trial(kind, replace(size, way=WAYS[way]))
        _say(_table(f"{way} over {kind}", figures, seconds))
        fine = fine and not figures.wrong
    return 0 if fine else 1


def _trial(kind: str, size: Size) -> tuple[Figures, float]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sotin-crash-")))
        url = _fresh(kind, folder, stack)
        started = time.monotonic()
        figures = asyncio.run(run(url, folder, size))
        return figures, time.monotonic() - started


def _fresh(kind: str, folder: Path, stack: ExitStack) -> str:
    if kind == "sqlite":
        return Sqlite(folder).fresh()
    return stack.enter_context(postgresql_server(folder / "postgresql")).fresh()


def _table(title: str, figures: Figures, seconds: float) -> str:
    rows = [f"  {name.replace('_', ' '):<26}{figure:>6}" for name, figure in asdict(figures).items()]
    verdict = "NOT KEPT" if figures.wrong else "kept"
    return "\n".join([f"{title}: the promise is {verdict}", *rows, f"  {'seconds':<26}{seconds:>6.0f}"])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=_positive, default=20)
    parser.add_argument("--updates", type=_positive, default=500)
    parser.add_argument("--people", type=_positive, default=50)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000), help="repeats the script and the draws")
    parser.add_argument("--on", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--by", nargs="+", choices=[*WAYS], default=[*WAYS], help="messenger, and how updates come")
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- this program's output


if __name__ == "__main__":
    sys.exit(main())
