"""`python -m tests.crash`: the whole crash test, with one table of figures. Exits with 1 if the promise broke.

Each database × each way by which updates come, and then several replicas on PostgreSQL behind one webhook address.
"""

import argparse
import asyncio
import secrets
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path

from tests.crash import harness, replicas
from tests.crash.check import Figures
from tests.crash.ways import WAYS
from tests.databases import Postgresql, Sqlite, postgresql_server

WITHIN = 1800.0
COLUMNS = "lost  twice  out of order  unanswered  sent twice  in flight at kills  lost on the way  reminders  seconds"


@dataclass(frozen=True, slots=True)
class Trial:
    """One line of the table: `run` does it in a folder of its own."""

    name: str
    run: Callable[[Path], Awaitable[Figures | replicas.FleetFigures]]


@dataclass(frozen=True, slots=True)
class Line:
    """What became of it."""

    name: str
    figures: Figures | replicas.FleetFigures
    seconds: float

    def __str__(self) -> str:
        fleet = self.figures if isinstance(self.figures, replicas.FleetFigures) else None
        own = fleet.updates if fleet else self.figures
        assert isinstance(own, Figures)
        twice = own.logged_twice + own.handled_twice
        unanswered = own.unanswered + own.not_handled
        reminded = f"{fleet.reminders}" if fleet else "—"
        shown = [own.lost, twice, own.out_of_order, unanswered, own.answered_twice, own.in_flight, own.lost_on_the_way]
        cells = [str(each) for each in [*shown, reminded, round(self.seconds)]]
        widths = [len(column) for column in COLUMNS.split("  ")]
        row = "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        return f"{self.name:<30}{row}{f'  NOT KEPT: {self.figures.wrong}' if self.figures.wrong else ''}"


def main() -> int:
    given = _arguments()
    _say(f"{given.kills} kills each among {given.updates} updates from {given.people} people, seed {given.seed}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sotin-crash-")))
        folder.chmod(0o755)  # PostgreSQL runs as a user of its own where we are root
        databases: dict[str, Sqlite | Postgresql] = {}
        if "sqlite" in given.on:
            databases["sqlite"] = Sqlite(folder)
        if "postgresql" in given.on:
            databases["postgresql"] = stack.enter_context(postgresql_server(folder / "postgresql"))
        for database in databases.values():
            database.fresh()  # the first makes the template, which two trials at once cannot
        lines = asyncio.run(_run_all(_trials(given, databases), folder, given.at_once))
    _say("\n".join([f"{'':<30}{COLUMNS}", *map(str, lines)]))
    return 1 if any(line.figures.wrong for line in lines) else 0


def _trials(given: argparse.Namespace, databases: dict[str, Sqlite | Postgresql]) -> list[Trial]:
    size = harness.Size(given.kills, given.updates, given.people, given.seed, WITHIN)
    trials = [
        Trial(f"{way}, {kind}", partial(_alone, database, replace(size, way=WAYS[way])))
        for (kind, database), way in product(databases.items(), given.by)
    ]
    for number in given.replicas if "postgresql" in databases else ():
        fleet = replicas.Size(number, given.kills, given.updates, given.people, given.people, given.seed, WITHIN)
        trials.append(Trial(f"{number} replicas, postgresql", partial(_together, databases["postgresql"], fleet)))
    return trials


async def _alone(database: Sqlite | Postgresql, size: harness.Size, folder: Path) -> Figures:
    return await harness.run(await asyncio.to_thread(database.fresh), folder, size)


async def _together(database: Sqlite | Postgresql, size: replicas.Size, folder: Path) -> replicas.FleetFigures:
    return await replicas.run(await asyncio.to_thread(database.fresh), folder, size)


async def _run_all(trials: list[Trial], folder: Path, at_once: int) -> list[Line]:
    free = asyncio.Semaphore(at_once)

    async def one(number: int, trial: Trial) -> Line:
        async with free:
            (own := folder / str(number)).mkdir()
            begun = time.monotonic()
            line = Line(trial.name, await trial.run(own), time.monotonic() - begun)
        print(line, file=sys.stderr, flush=True)  # noqa: T201 -- how far it is
        return line

    return list(await asyncio.gather(*(one(number, trial) for number, trial in enumerate(trials))))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=_positive, default=50)
    parser.add_argument("--updates", type=_positive, default=600)
    parser.add_argument("--people", type=_positive, default=50)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000), help="repeats the script and the draws")
    parser.add_argument("--on", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--by", nargs="*", choices=[*WAYS], default=[*WAYS], help="messenger, and how updates come")
    parser.add_argument("--replicas", nargs="*", type=_positive, default=[2, 3], help="how many bots on one PostgreSQL")
    parser.add_argument("--at-once", type=_positive, default=2, help="trials side by side")
    return parser.parse_args()


def _positive(written: str) -> int:
    number = int(written)
    if number < 1:
        raise ValueError(written)
    return number


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- this program's output


if __name__ == "__main__":
    sys.exit(main())
