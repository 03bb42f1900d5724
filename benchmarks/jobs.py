"""How long each job holds up replies in a year's ledger: python -m benchmarks.jobs [posts].

A million posts of 530 units with what goes with them: evidence, what units owed, who was reminded, and the queues' last
days. On both databases each job is called as the scheduler calls it, in a transaction each until there is nothing more
to do; then once more, as nearly always, when there is nothing to do. Nothing is sent.
"""

import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, insert, literal, select, update
from sqlalchemy.orm import Session

from benchmarks.ledger import CAMPAIGN, POSTS, UNITS, YEAR, Values, fill, insert_all, tidy
from bot.actions import obligations
from bot.campaigns import load
from bot.messages import Priority
from bot.setup import Setup
from bot.storage.db import open_engine
from bot.storage.models import (
    Evidence,
    EvidenceSource,
    InboxRow,
    InboxState,
    Obligation,
    ObligationState,
    OutboxRow,
    OutboxState,
    Post,
    PostEvidence,
    Reminder,
    ReminderState,
)
from scheduler.jobs import JOBS, Job
from tests.databases import postgresql_server

NOW = datetime(2027, 1, 13, 3, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Vietnam: a week after the last posts
SETUP = Setup(load(CAMPAIGN), ZoneInfo("Asia/Ho_Chi_Minh"), b"k" * 32, {})
UPDATES, MESSAGES = 60_000, 200_000  # of three and of seven days, as the queues remember them
LATELY = NOW - timedelta(hours=30)
MOST_CALLS = 400
SHOWN = 0.02  # seconds; what takes less is not worth a line


def grow(engine: Engine, posts: int) -> None:
    """A ledger with all that a year leaves behind."""
    fill(engine, posts)
    with Session(engine) as session, session.begin():
        obligations.seed(session, SETUP.campaign, SETUP.today(NOW - YEAR), NOW - YEAR)
    for weeks in range(0, 53, 4):  # as far ahead as it goes each time
        with Session(engine) as session, session.begin():
            obligations.plan(session, SETUP, NOW - YEAR + timedelta(weeks=weeks))
    with engine.begin() as connection:
        insert_all(connection, InboxRow, map(_handled, range(UPDATES)))
        insert_all(connection, OutboxRow, map(_sent, range(MESSAGES)))
        connection.execute(insert(PostEvidence).from_select([*_EVIDENCE], select(*_EVIDENCE.values())))
        connection.execute(insert(Reminder).from_select([*_REMINDERS], select(*_REMINDERS.values()).where(_PAST)))
        connection.execute(update(Obligation).where(_PAST).values(state=ObligationState.FILED, settled_at=NOW))
    tidy(engine)


_PAST = Obligation.due_at < NOW
_EVIDENCE: Values = {
    "post_id": Post.id,
    "level": literal(Evidence.DECLARED.value),
    "source": literal(EvidenceSource.AUTHOR.value),
    "at": Post.handed_in_at,
    "text_hash": Post.text_hash,
}
_REMINDERS: Values = {
    "obligation_id": Obligation.id,
    "person_id": Obligation.unit_id,
    "step": literal("before_1d"),
    "at": Obligation.opens_at,
    "state": literal(ReminderState.SAID.value),
    "said_at": Obligation.opens_at,
    "late": literal(value=False),
}


def _handled(number: int) -> Values:
    at = {"not_before": LATELY, "received_at": LATELY, "handled_at": LATELY}
    where = {"channel": "telegram", "update_id": str(number), "chat": str(number % UNITS)}
    return {**where, "state": InboxState.DONE, "attempts": 0, **at}


def _sent(number: int) -> Values:
    at = {"not_before": LATELY, "created_at": LATELY, "settled_at": LATELY}
    where = {"channel": "telegram", "chat": str(number % UNITS), "message": str(number)}
    what = {"priority": Priority.BROADCAST, "key": f"old:{number}", "body": "", "state": OutboxState.SENT}
    return {**where, **what, "attempts": 1, **at}


def measure(engine: Engine) -> Iterator[str]:
    """A line for each job that takes long: its longest transaction while it has work, and when it finds none."""
    for job in JOBS:
        took = [*_calls(engine, job)]
        idle = min(_call(engine, job)[0] for _ in range(3))
        every = f"every {job.every.total_seconds():.0f} s"
        if max(*took, idle) >= SHOWN:
            yield f"{job.name:26} {len(took):6} {max(took):10.3f} {idle:10.3f}   {every}"


def _calls(engine: Engine, job: Job) -> Iterator[float]:
    for _ in range(MOST_CALLS):
        seconds, did = _call(engine, job)
        yield seconds
        if not did:
            return


def _call(engine: Engine, job: Job) -> tuple[float, int]:
    started = time.perf_counter()
    with Session(engine, expire_on_commit=False) as session, session.begin():
        did = job.work(session, SETUP, NOW)
    return time.perf_counter() - started, did


def say(lines: Iterable[str]) -> None:
    """Print as it is found."""
    for line in lines:
        print(line, flush=True)  # noqa: T201 -- this program's output


def main() -> None:
    """A table for each database; the argument is the number of posts."""
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else POSTS
    with TemporaryDirectory() as folder, postgresql_server(Path(folder, "postgresql")) as server:
        for url in (f"sqlite:///{folder}/jobs.db", server.fresh("empty")):
            engine = open_engine(url)
            grow(engine, posts)
            say([f"{engine.dialect.name:26} {'calls':>6} {'longest s':>10} {'idle s':>10}"])
            say(measure(engine))
            engine.dispose()


if __name__ == "__main__":
    main()
