"""What it takes to plan the reminders of 10,000 units that fall due at once: python -m benchmarks.reminders [units].

On both databases, of one campaign. The job is called as the scheduler calls it: in a transaction each, until there is
nothing more to do; what waits for the database waits for one of these at the most. Planned are all at once. They are
told as they are sent: no more than `MOST_WAITING` reminders wait, about what a messenger takes in a minute, and the job
pauses. Here they count as sent at once, which is not measured. Nothing is sent.
"""

import math
import statistics
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Executable, delete, func, insert, select, update
from sqlalchemy.orm import Session

from benchmarks.ledger import Values, tidy
from bot.actions import obligations, reminders
from bot.campaigns import load
from bot.setup import Setup
from bot.storage.db import open_engine
from bot.storage.migrate import migrate
from bot.storage.models import (
    Account,
    Membership,
    MembershipState,
    OutboxRow,
    OutboxState,
    Person,
    Reminder,
    Role,
    Unit,
)
from tests.databases import postgresql_server

UNITS, ROUNDS = 10_000, 5
CAMPAIGN, PROVINCE = "long_an", 1
MONDAY_9 = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
TUESDAY_8 = MONDAY_9 + timedelta(hours=23)  # three days before the weekly report is due
SETUP = Setup(load(CAMPAIGN), ZoneInfo("Asia/Ho_Chi_Minh"), b"k" * 32, {})


@dataclass
class Planning:
    """The seconds of each transaction: of planning, of telling up to the first pause, and of telling all."""

    at_once: int = 0
    planned: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)


def fill(engine: Engine, units: int) -> None:
    """An empty database with so many units, each with an admin who can be reached and what it owes."""
    migrate(engine)
    numbers = range(PROVINCE + 1, PROVINCE + 1 + units)
    with engine.begin() as connection:
        connection.execute(insert(Unit), [_unit(number) for number in (PROVINCE, *numbers)])
        connection.execute(insert(Person), [_person(number) for number in numbers])
        connection.execute(insert(Account), [_account(number) for number in numbers])
        connection.execute(insert(Membership), [_admin(number) for number in numbers])
    with Session(engine) as session, session.begin():
        obligations.seed(session, SETUP.campaign, SETUP.today(MONDAY_9), MONDAY_9)
        obligations.plan(session, SETUP, MONDAY_9)
    tidy(engine)


def plan(engine: Engine, units: int) -> Planning:
    """Remind all; AssertionError if not each heard once."""
    found = Planning(planned=_steps(engine, until=units))
    while steps := _steps(engine):
        found.told += steps
        found.first = found.first or steps
        found.at_once = found.at_once or _count(engine, OutboxState.WAITING)
        _execute(engine, update(OutboxRow).values(state=OutboxState.SENT, settled_at=TUESDAY_8))
    heard = _count(engine, OutboxState.SENT)
    if heard != units:
        raise AssertionError(f"{heard} heard of it, not {units}")
    return found


def forget(engine: Engine) -> None:
    """Back to where nobody was told."""
    for table in (OutboxRow, Reminder):
        _execute(engine, delete(table))


def table(engine: Engine, units: int, rounds: int = ROUNDS) -> str:
    """The medians of some rounds, each with the target of the project, on a line of their own."""
    found = []
    for _ in range(rounds):
        forget(engine)
        found.append(plan(engine, units))
    first = f"telling the first {found[0].at_once:,}, until it pauses"
    lines = {
        f"planning all {units:,}": ([sum(each.planned) for each in found], "≤ 0.5"),
        first: ([sum(each.first) for each in found], "≤ 0.5"),
        "telling all, as they are sent": ([sum(each.told) for each in found], "–"),
        "the longest transaction": ([max(each.planned + each.told) for each in found], "≤ 0.25"),
    }
    head = f"{engine.dialect.name:44} {'median s':>10} {'worst s':>10} {'target s':>10}"
    rows = [
        f"{name:44} {statistics.median(took):10.3f} {max(took):10.3f} {target:>10}"
        for name, (took, target) in lines.items()
    ]
    return "\n".join([head, *rows])


def _steps(engine: Engine, until: float = math.inf) -> list[float]:
    """The seconds of each call, until the job pauses or has done so much."""
    steps: list[float] = []
    done = 0
    while done < until:
        started = time.perf_counter()
        with Session(engine, expire_on_commit=False) as session, session.begin():
            did = reminders.remind(session, SETUP, TUESDAY_8)
        if not did:
            return steps
        steps.append(time.perf_counter() - started)
        done += did
    return steps


def _count(engine: Engine, state: OutboxState) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.state == state)) or 0


def _execute(engine: Engine, statement: Executable) -> None:
    with engine.begin() as connection:
        connection.execute(statement)


def _unit(number: int) -> Values:
    type_, name = ("province", "Tỉnh Long An") if number == PROVINCE else ("commune", f"Xã Số {number}")
    above = None if number == PROVINCE else PROVINCE
    return {"id": number, "campaign": CAMPAIGN, "code": str(number), "type": type_, "name": name, "parent_id": above}


def _person(number: int) -> Values:
    return {"id": number, "language": "vi", "created_at": MONDAY_9}


def _account(number: int) -> Values:
    at = {"channel": "telegram", "chat": str(number), "reachable": True}
    return {"id": number, "person_id": number, "created_at": MONDAY_9, **at}


def _admin(number: int) -> Values:
    who = {"full_name": f"Nguyễn Văn {number}", "kind": "can_bo", "role": Role.UNIT_ADMIN}
    when = {"state": MembershipState.ACTIVE, "created_at": MONDAY_9, "decided_at": MONDAY_9}
    return {"id": number, "person_id": number, "unit_id": number, **who, **when}


def main() -> None:
    """A table for each database; the argument is the number of units."""
    units = int(sys.argv[1]) if len(sys.argv) > 1 else UNITS
    with TemporaryDirectory() as folder, postgresql_server(Path(folder, "postgresql")) as server:
        for url in (f"sqlite:///{folder}/reminders.db", server.fresh("empty")):
            engine = open_engine(url)
            fill(engine, units)
            print(f"{table(engine, units)}\n")  # noqa: T201 -- the program's output
            engine.dispose()


if __name__ == "__main__":
    main()
