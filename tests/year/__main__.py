"""`python -m tests.year`: a year with kills and downtimes, and the judge's figures. Exits with 1 if any was wrong."""

import argparse
import asyncio
import logging
import secrets
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import structlog

from tests.databases import Sqlite, postgresql_server
from tests.year.checker import Checker, Findings
from tests.year.driver import Size, Year

DAYS_A_MONTH = 365 / 12
MOST_SHOWN = 10


def main() -> int:
    given = _arguments()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    days = round(given.months * DAYS_A_MONTH)
    size = Size(given.units, given.members, days, given.kills, given.seed, pauses=not given.no_pauses)
    _say(str(size))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sotin-year-")))
        databases = stack.enter_context(postgresql_server(folder / "pg")) if given.postgresql else Sqlite(folder)
        started = time.monotonic()
        record = asyncio.run(Year(databases.fresh("empty"), size).run())
        lived = time.monotonic() - started
        findings = Checker(record).check()
        _say(_table(findings, lived, time.monotonic() - started - lived))
    return 1 if findings.wrong else 0


def _table(findings: Findings, lived: float, judged: float) -> str:
    rows = {name.replace("_", " "): figure for name, figure in asdict(findings).items() if name != "faults"}
    rows |= {kind.replace("_", " "): len(found) for kind, found in findings.faults.items()}
    rows |= {"seconds lived": round(lived), "seconds judged": round(judged)}
    shown = [f"    {kind}: {words}" for kind, found in findings.faults.items() for words in found[:MOST_SHOWN]]
    return "\n".join([*(f"  {name:<26}{figure:>8}" for name, figure in rows.items()), *shown])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    parser.add_argument("--units", type=int, default=530)
    parser.add_argument("--members", type=int, default=18_426)
    parser.add_argument("--months", type=float, default=12)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000), help="repeats all draws")
    parser.add_argument("--postgresql", action="store_true", help="instead of SQLite; two replicas every other week")
    parser.add_argument("--no-pauses", action="store_true", help="a killed bot comes back at once")
    return parser.parse_args()


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- this program's output


if __name__ == "__main__":
    sys.exit(main())
