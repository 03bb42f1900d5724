"""What a province's week and year take from the ledger to the file: seconds and memory, each in a process of its own.

benchmarks/figures.py prints the table for each of its databases. Memory is the whole process at its largest, as Linux
tells it; the first line is one that only opens the database.
"""

import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from benchmarks.ledger import BEGIN, CAMPAIGN, PROVINCE, YEAR
from bot.actions import obligations, report_forms
from bot.actions.report_figures import draft
from bot.campaigns import load
from bot.documents.appendix2 import appendix2_docx, appendix2_xlsx
from bot.setup import Setup
from bot.storage.db import open_engine
from bot.storage.figures import WEEK
from bot.storage.models import Obligation, Unit

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST = BEGIN.astimezone(ZONE)
MONDAY = FIRST + 30 * WEEK
FRIDAY_EVENING = MONDAY + timedelta(days=4, hours=20)

Task = Callable[[Session, Setup], None]


def opened(_session: Session, _setup: Setup) -> None:
    """Nothing: what the others take is beside this."""


def plan(session: Session, setup: Setup) -> None:
    """The duties and what the units owe, of which the summaries tell in benchmarks/week.py."""
    obligations.seed(session, setup.campaign, setup.today(FRIDAY_EVENING), FRIDAY_EVENING)
    while obligations.plan(session, setup, FRIDAY_EVENING):
        session.commit()


def appendix2(session: Session, setup: Setup, *, start: datetime, end: datetime, ending: str) -> None:
    """The province's report is filled from the ledger and drawn."""
    unit, window = session.get_one(Unit, PROVINCE), {"window_start": start, "window_end": end}
    # Of no duty, as the province owes none; it is never stored.
    owed = Obligation(campaign=CAMPAIGN, duty_id=0, period="", unit_id=unit.id, unit=unit, **window)
    figures = draft(session, setup, owed).figures
    {"docx": appendix2_docx, "xlsx": appendix2_xlsx}[ending](report_forms.filled_in(setup, owed, figures, end))


def appendix1(session: Session, setup: Setup, *, ending: str) -> None:
    """All members of the province are read and drawn."""
    wanted = report_forms.appendix1(session, setup, {"unit": PROVINCE}, "vi", FRIDAY_EVENING, ending=ending)
    wanted.function(*wanted.args)


TASKS: Mapping[str, Task] = {
    "nothing": opened,
    "plan what 530 units owe": plan,
    "week, Appendix 2 .docx": partial(appendix2, start=MONDAY, end=MONDAY + WEEK, ending="docx"),
    "year, Appendix 2 .docx": partial(appendix2, start=FIRST, end=FIRST + YEAR, ending="docx"),
    "year, Appendix 2 .xlsx": partial(appendix2, start=FIRST, end=FIRST + YEAR, ending="xlsx"),
    "18,426 people, Appendix 1 .docx": partial(appendix1, ending="docx"),
    "18,426 people, Appendix 1 .xlsx": partial(appendix1, ending="xlsx"),
}


AT_MOST = {"18,426 people, Appendix 1 .docx": (8, 300), "18,426 people, Appendix 1 .xlsx": (2, 300)}
"""Seconds and megabytes: the targets of the project."""


def table(url: str) -> str:
    """One line a task, with its targets."""
    lines = [f"{'from the ledger to the file':36} {'s':>10} {'at most':>10} {'peak MB':>10} {'at most':>10}"]
    for name in TASKS:
        with ProcessPoolExecutor(1, get_context("spawn")) as process:
            seconds, megabytes = process.submit(measured, url, name).result()
        most = AT_MOST.get(name, ("", ""))
        lines.append(f"{name:36} {seconds:10.3f} {most[0]:>10} {megabytes:10.1f} {most[1]:>10}")
    return "\n".join(lines)


def measured(url: str, name: str) -> tuple[float, float]:
    """Seconds and megabytes of a task of `TASKS`."""
    setup = Setup(load(CAMPAIGN), ZONE, b"", {})
    engine = open_engine(url)
    with Session(engine) as session:
        session.connection()
        started = time.perf_counter()
        TASKS[name](session, setup)
        return time.perf_counter() - started, _largest()


def _largest() -> float:
    [kilobytes] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("utf-8"))
    return int(kilobytes) / 1024
