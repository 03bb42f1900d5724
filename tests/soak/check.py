"""The judge of a soak: what grew though it need not have. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.delivery.sender import SENDERS

TEXTS = "texts of posts"
"""Among the counts of tables: how many posts still have a text, though nobody has to decide on them."""
# Rows that are forgotten after some days. All other tables are the ledger, which grows with what is handed in.
FORGOTTEN = (
    *("inbox", "outbox", "files", "wanted_files", "conversations", "chat_menus", "downloads"),
    *("text_sketches", "text_bands", TEXTS),
)
# Over the first two thirds, ten of fifteen days. What is kept longest, for seven days, is full there, and so is what is
# kept for five. What is never forgotten has half as many again in the end.
MAY_GROW = 1.25
MEMORY_MAY_GROW = 1.10  # in the second half
SPARE = 3  # tasks, threads or files more than before
# On each messenger one for each that sends, kept open for the next time; and those of polls, loop and database.
MOST_CONNECTIONS = 2 * SENDERS + 16


@dataclass(frozen=True, slots=True)
class Measure:
    """The process at a moment."""

    second: float
    megabytes: float
    tasks: int
    threads: int
    files: int
    connections: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """What is known after a soak; `rows` are the counts of all tables, one after the other: table → rows."""

    measures: Sequence[Measure]
    rows: Sequence[Mapping[str, int]]
    said: int
    handled: int
    dead: int
    left: int


def slope(measures: Sequence[Measure]) -> float:
    """How memory grows, in megabytes an hour, by the least squares."""
    mean_x = sum(each.second for each in measures) / len(measures)
    mean_y = sum(each.megabytes for each in measures) / len(measures)
    spread = sum((each.second - mean_x) ** 2 for each in measures)
    together = sum((each.second - mean_x) * (each.megabytes - mean_y) for each in measures)
    return 3600 * together / spread if spread else 0.0


def faults(record: Record) -> list[str]:
    """In words, what grew or was left, and what was never there: of that, the soak showed nothing."""
    return [*_of_memory(record.measures), *_of_counts(record.measures), *_of_tables(record.rows), *_of_work(record)]


def _of_memory(measures: Sequence[Measure]) -> list[str]:
    half = measures[len(measures) // 2 :]
    quarter = max(1, len(half) // 4)
    first, last = _mean(half[:quarter]), _mean(half[-quarter:])
    return [f"memory grew from {first:.0f} to {last:.0f} MB"] if last > MEMORY_MAY_GROW * first else []


def _mean(measures: Sequence[Measure]) -> float:
    return sum(each.megabytes for each in measures) / len(measures)


def _of_counts(measures: Sequence[Measure]) -> list[str]:
    third = len(measures) // 3
    middle, last = measures[third : 2 * third], measures[2 * third :]
    found = []
    for name in ("tasks", "threads", "files"):
        # The fewest of each third: what leaks never goes away, while sends that happen to meet do.
        before, after = (min(getattr(each, name) for each in part) for part in (middle, last))
        if after > before + SPARE:
            found.append(f"{name} grew from {before} to {after}")
    most = max(each.connections for each in measures)
    return [*found, f"{most} connections"] if most > MOST_CONNECTIONS else found


def _of_tables(rows: Sequence[Mapping[str, int]]) -> list[str]:
    third = len(rows) // 3
    found = []
    for name in FORGOTTEN:
        # The highest so far: how many there are at a moment depends on when they were last looked through.
        before = max(each.get(name, 0) for each in rows[: 2 * third])
        after = max(each.get(name, 0) for each in rows[2 * third :])
        if after > MAY_GROW * before + SPARE:
            found.append(f"{name} grew from {before} to {after} rows")
        elif not before:
            found.append(f"{name} had no row in the first two thirds")
    return found


def _of_work(record: Record) -> list[str]:
    found = {"updates not handled": record.said - record.handled, "updates dead": record.dead, "left": record.left}
    return [f"{words}: {number}" for words, number in found.items() if number]
