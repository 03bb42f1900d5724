"""The figures of a province over 1,000,000 posts, and the papers made of them: python -m benchmarks.figures [posts].

On both databases.
"""

import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from benchmarks import papers, week
from benchmarks.ledger import BEGIN, CAMPAIGN, POSTS, PROVINCE, TARGETS, UNITS, YEAR, fill
from bot.domain.figures import section
from bot.storage.contributors import top_contributors
from bot.storage.db import open_engine
from bot.storage.figures import WEEK, Behind, counts_by_week, drill_down, figures, part_of
from tests.databases import postgresql_server

ROUNDS = 5
DISTRICT, COMMUNE = 5, 100
FIRST = BEGIN.astimezone(timezone(timedelta(hours=7)))
MONDAY = FIRST + 30 * WEEK
WINDOW = (MONDAY, MONDAY + WEEK)
LAST_DAY = date(2026, 8, 9)
STARTS = [MONDAY - ago * WEEK for ago in range(7, -1, -1)]

Question = Callable[[Session], object]


def appendix2(session: Session, window: tuple[datetime, datetime]) -> object:
    """Both sections of the whole province."""
    found = figures(session, CAMPAIGN, PROVINCE, *window, LAST_DAY, named=False)
    return section(found, TARGETS[:1]), section(found, TARGETS[1:])


QUESTIONS: Mapping[str, Question] = {
    "week, all 530 units": lambda at: figures(at, CAMPAIGN, PROVINCE, *WINDOW, LAST_DAY, named=False),
    "week, all 530 units, 18,426 named": lambda at: figures(at, CAMPAIGN, PROVINCE, *WINDOW, LAST_DAY),
    "week, a district, named": lambda at: figures(at, CAMPAIGN, DISTRICT, *WINDOW, LAST_DAY),
    "week, a commune, named": lambda at: figures(at, CAMPAIGN, COMMUNE, *WINDOW, LAST_DAY),
    "eight weeks, all 530 units": lambda at: counts_by_week(at, CAMPAIGN, range(1, UNITS + 1), STARTS),
    "week, ten top contributors": lambda at: top_contributors(
        at, CAMPAIGN, part_of(at, [PROVINCE], LAST_DAY), *WINDOW, 10
    ),
    "week, Appendix 2 of the province": lambda at: appendix2(at, WINDOW),
    "year, Appendix 2 of the province": lambda at: appendix2(at, (FIRST, FIRST + YEAR)),
    "year, ten posts behind a figure": lambda at: drill_down(at, Behind(CAMPAIGN, COMMUNE, FIRST, FIRST + YEAR), 0, 10),
}


AT_MOST = {"week, all 530 units": 0.1}
"""Seconds: the targets of the project."""


def table(engine: Engine) -> str:
    """One line a question: the median of some rounds, the slowest, the target, and the most memory of Python."""
    lines = [f"{engine.dialect.name:36} {'median s':>10} {'worst s':>10} {'at most':>10} {'peak MB':>10}"]
    for name, question in QUESTIONS.items():
        took = [_seconds(engine, question) for _ in range(ROUNDS)]
        at_most, megabytes = AT_MOST.get(name, ""), _megabytes(engine, question)
        lines.append(f"{name:36} {statistics.median(took):10.3f} {max(took):10.3f} {at_most:>10} {megabytes:10.1f}")
    return "\n".join(lines)


def _seconds(engine: Engine, question: Question) -> float:
    started = time.perf_counter()
    with Session(engine) as session:
        question(session)
    return time.perf_counter() - started


def _megabytes(engine: Engine, question: Question) -> float:
    """Measured apart, as it makes everything several times slower."""
    tracemalloc.start()
    try:
        with Session(engine) as session:
            question(session)
        return tracemalloc.get_traced_memory()[1] / 1_000_000
    finally:
        tracemalloc.stop()


def main() -> None:
    """Fill a database of each kind and print a table for each; the argument is the number of posts."""
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else POSTS
    with TemporaryDirectory() as folder, postgresql_server(Path(folder, "postgresql")) as server:
        for url in (f"sqlite:///{folder}/ledger.db", server.fresh("empty")):
            engine = open_engine(url)
            fill(engine, posts)
            print(f"{posts:,} posts\n{table(engine)}\n")  # noqa: T201 -- the program's output
            engine.dispose()
            for table_of in (papers.table, week.table):
                print(f"{table_of(url)}\n")  # noqa: T201 -- the program's output


if __name__ == "__main__":
    main()
