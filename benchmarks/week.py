"""The weekly summaries of all units of a province: their texts, as the clock's job queues them, and their charts.

benchmarks/figures.py prints the table for each of its databases, where benchmarks/papers.py has planned what the units
owe. A transaction holds up what waits for the database meanwhile. The chart is drawn by the worker process of the bot,
which has drawn one before.
"""

import asyncio
import statistics
import time
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.orm import Session

from benchmarks.ledger import BEGIN, CAMPAIGN, PROVINCE, UNITS
from bot.actions.summary_charts import gather
from bot.actions.weekly import Recipient, tell_week
from bot.campaigns import load
from bot.documents.process import DrawingProcess
from bot.drawing import Gathered
from bot.messages import Address
from bot.setup import Setup
from bot.storage.db import open_engine
from bot.storage.figures import WEEK
from bot.storage.models import OutboxRow

ROUNDS = 5
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FRIDAY_EVENING = BEGIN.astimezone(ZONE) + 30 * WEEK + timedelta(days=4, hours=20)
SETUP = Setup(load(CAMPAIGN), ZONE, b"", {})


def table(url: str) -> str:
    """The medians of some rounds, each with the target of the project, on a line of their own."""
    engine = open_engine(url)
    told, drawn = [], []
    for _ in range(ROUNDS):
        with Session(engine) as session:
            session.execute(delete(OutboxRow))
            session.commit()
            told.append(_texts(session))
            drawn.append(_chart(session))
    engine.dispose()
    lines = {
        f"texts of all {UNITS} units": ([sum(each) for each in told], 2.0),
        "the longest transaction for these": ([max(each) for each in told], 0.25),
        "what the province's chart shows": ([seconds for seconds, _ in drawn], 0.25),
        "a chart, in the worker process": (asyncio.run(_draw(drawn[0][1])), 0.4),
    }
    head = f"{engine.dialect.name:36} {'median s':>10} {'worst s':>10} {'at most':>10}"
    return "\n".join([head, *(_line(name, took, most) for name, (took, most) in lines.items())])


def _texts(session: Session) -> list[float]:
    """The seconds of each transaction of the job until it finds nobody who waits."""
    steps, did, told = [], 1, 0
    while did:
        started = time.perf_counter()
        did = tell_week(session, SETUP, FRIDAY_EVENING)
        session.commit()
        steps.append(time.perf_counter() - started)
        told += did
    if told != UNITS:
        raise AssertionError(f"{told} were told, not {UNITS}")
    return steps


def _chart(session: Session) -> tuple[float, Gathered]:
    started = time.perf_counter()
    to = [Recipient(PROVINCE, Address("telegram", "1"), "vi", "")]
    found = gather(session, FRIDAY_EVENING, setup=SETUP, to=to, until=FRIDAY_EVENING)
    if found is None:
        raise AssertionError("there is nothing to draw")
    return time.perf_counter() - started, found


async def _draw(chart: Gathered) -> list[float]:
    took = []
    async with DrawingProcess() as process:
        await process.draw(chart.function, *chart.args)
        for _ in range(ROUNDS):
            started = time.perf_counter()
            await process.draw(chart.function, *chart.args)
            took.append(time.perf_counter() - started)
    return took


def _line(name: str, took: list[float], most: float) -> str:
    return f"{name:36} {statistics.median(took):10.3f} {max(took):10.3f} {most:>10}"
