"""`python -m tests.soak --minutes 30`: the soak, with tables of figures. Exits with 1 if something grew."""

import argparse
import asyncio
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.crash.processes import Process
from tests.databases import Sqlite, postgresql_server
from tests.soak.check import FORGOTTEN, Measure, Record, faults, slope
from tests.soak.days import FRIDAY
from tests.soak.ledger import FIRST_CHAT, Tables, enrol
from tests.soak.messengers import Messengers
from tests.soak.traffic import PER_SECOND, Traffic

DAYS = 15  # that pass in each soak: twice as many as anything in the queues is kept
PEOPLE = 2000
COUNTS = 15
SETTLES_WITHIN = 60.0


def main() -> int:
    given = _arguments()
    _say(f"{given.minutes:g} minutes at {PER_SECOND:g} updates/s, {DAYS} days, {given.on}, seed {given.seed}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sotin-soak-")))
        folder.chmod(0o755)  # PostgreSQL runs as a user of its own where we are root
        if given.on == "sqlite":
            url = Sqlite(folder).fresh()
        else:
            url = stack.enter_context(postgresql_server(folder / "postgresql")).fresh()
        record = asyncio.run(_soak(url, folder, 60 * given.minutes, given.seed))
    found = faults(record)
    _say("\n".join([*_process(record.measures), *_tables(record), *(f"NOT KEPT: {each}" for each in found)]))
    _say("the promise is NOT KEPT" if found else "the promise is kept")
    return 1 if found else 0


async def _soak(url: str, folder: Path, seconds: float, seed: int) -> Record:
    enrol(url, PEOPLE, FRIDAY)
    measures, tables = folder / "measures", Tables(url)
    async with Messengers(range(FIRST_CHAT, FIRST_CHAT + PEOPLE)) as there:
        traffic = Traffic(there.phones, random.Random(seed))  # noqa: S311 -- must be repeatable, guards no secret
        days = {"DAY_SECONDS": str(seconds / DAYS), "MEASURES": str(measures), "LOG_LEVEL": "WARNING"}
        async with Process(folder, "tests.soak.days", DATABASE_URL=url, **there.settings(), **days) as bot:
            await bot.start()
            rows = await _talk(there, traffic, tables, bot, seconds)
            left = await _settle(there, tables)
            dead, handled = tables.dead(), tables.last_update() - tables.unhandled()
            if code := await bot.stop():
                raise RuntimeError(f"the bot ended with {code}:\n{bot.last_words()}")
    return Record(_read(measures), rows, traffic.said, handled, dead, left)


async def _talk(
    there: Messengers, traffic: Traffic, tables: Tables, bot: Process, seconds: float
) -> list[dict[str, int]]:
    """Keep the rate, whatever the bot does; the counts of all tables, taken at even distances."""
    begun = at = time.monotonic()
    rows: list[dict[str, int]] = []
    while (now := time.monotonic()) < begun + seconds:
        while at <= now:
            at += traffic.next()
        if now - begun > (len(rows) + 1) * seconds / (COUNTS + 1):
            rows.append(await asyncio.to_thread(tables.rows))
            _say(f"  {now - begun:5.0f} s  said {traffic.said:>6}  waiting {there.waiting():>5}")
        if bot.ended():
            raise RuntimeError(f"the bot ended by itself:\n{bot.last_words()}")
        await asyncio.sleep(max(0.0, min(at - time.monotonic(), 0.1)))
    return [*rows, await asyncio.to_thread(tables.rows)]


async def _settle(there: Messengers, tables: Tables) -> int:
    """What is still open when, after everybody fell silent, nothing has gone on for a minute."""
    fewest, at = 10**9, time.monotonic()
    while left := there.waiting() + await asyncio.to_thread(tables.open):
        tables.last_update()
        if left < fewest:
            fewest, at = left, time.monotonic()
        if time.monotonic() > at + SETTLES_WITHIN:
            break
        await asyncio.sleep(0.2)
    return left


def _read(measures: Path) -> list[Measure]:
    lines = [line.split() for line in measures.read_text().splitlines()]
    return [Measure(float(second), float(megabytes), *map(int, counts)) for second, megabytes, *counts in lines]


def _process(measures: Sequence[Measure]) -> list[str]:
    half = measures[len(measures) // 2 :]
    shown = [measures[place * (len(measures) - 1) // 6] for place in range(7)]
    head = f"{'second':>8}{'MB':>8}{'tasks':>8}{'threads':>9}{'files':>8}{'connections':>13}"
    lines = [
        f"{e.second:>8.0f}{e.megabytes:>8.1f}{e.tasks:>8}{e.threads:>9}{e.files:>8}{e.connections:>13}" for e in shown
    ]
    return [head, *lines, f"memory in the second half: {slope(half):+.1f} MB an hour"]


def _tables(record: Record) -> list[str]:
    shown = [record.rows[place * (len(record.rows) - 1) // 3] for place in range(4)]
    names = sorted((name for name in shown[-1] if shown[-1][name]), key=lambda name: (name not in FORGOTTEN, name))
    head = f"{'rows':<24}" + "".join(f"{part:>10}" for part in ("start", "1/3", "2/3", "end"))
    lines = [
        f"{name:<24}" + "".join(f"{each[name]:>10}" for each in shown) + ("" if name in FORGOTTEN else "   the ledger")
        for name in names
    ]
    work = f"said {record.said}, handled {record.handled}, dead {record.dead}, left {record.left}"
    return [head, *lines, work]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--on", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000), help="repeats the draws")
    return parser.parse_args()


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- this program's output


if __name__ == "__main__":
    sys.exit(main())
