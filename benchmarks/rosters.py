"""How long a roster of 20,000 rows takes to be read, checked, shown, written and undone, and what it needs of memory.

python -m benchmarks.rosters [rows]: on SQLite in a folder of its own; the longest step is what others wait for.
"""

import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session
from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it brings no marker of its types along

from benchmarks.ledger import BEGIN, CAMPAIGN, MEMBERS, UNITS, fill
from bot.actions import roster_imports, rosters
from bot.campaigns import load
from bot.channels.base import Identity
from bot.documents.roster_sheet import checked_xlsx
from bot.documents.roster_sheet_reading import read_table
from bot.domain.rosters.check import Ground, check
from bot.fetching import Read
from bot.messages import Address, Document
from bot.setup import Setup
from bot.storage.db import open_engine
from bot.storage.models import ImportBatch, Membership, Role

T = TypeVar("T")
ROWS = 20_000
SETUP = Setup(load(CAMPAIGN), ZoneInfo("Asia/Ho_Chi_Minh"), b"k" * 32, {"telegram": Identity("sotin_bot", "x")})


def main() -> None:
    """Print the figures."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'rosters.db'}")
        fill(engine, posts=0)
        with Session(engine, expire_on_commit=False) as session:
            _measure(session, _sheet(rows), rows)
        engine.dispose()


def _measure(session: Session, content: bytes, rows: int) -> None:
    batch = _ask(session)
    due = timed("find what to check against", lambda: roster_imports.next_due(SETUP, session, BEGIN, ()))
    ground = due.ground if due else None
    if due is None or not isinstance(ground, Ground):
        raise SystemExit("there is nothing to read")
    table = timed("read the workbook", lambda: read_table(content))
    checked = timed("check every row", lambda: check(table, ground))
    sheet = timed("make the sheet that goes back", lambda: checked_xlsx(table, checked, "vi"))
    timed("keep the rows", lambda: roster_imports.settle(session, SETUP, batch.id, Read(checked, sheet, "x"), BEGIN))
    session.commit()
    roster_imports.confirm(session, batch, with_units=False)
    steps("write", session, lambda: rosters.write_next(session, SETUP, BEGIN))
    rosters.begin_undo(session, batch)
    steps("undo", session, lambda: rosters.undo_next(session, SETUP, BEGIN))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{rows:,} rows, {len(content):,} bytes, {UNITS} units, {MEMBERS:,} people before; at most {peak} MB")  # noqa: T201 -- its output


def timed(what: str, work: Callable[[], T]) -> T:
    """Do it and print how long it took."""
    start = time.perf_counter()
    done = work()
    print(f"{what}: {time.perf_counter() - start:.2f} s")  # noqa: T201 -- its output
    return done


def steps(what: str, session: Session, work: Callable[[], int]) -> None:
    """Do a job until it finds nothing, each time in a transaction; print how long all took, and the longest."""
    took: list[float] = []
    more = 1
    while more:
        start = time.perf_counter()
        more = work()
        session.commit()
        took.append(time.perf_counter() - start)
    print(f"{what}: {sum(took):.2f} s in {len(took)} steps, the longest {1000 * max(took):.0f} ms")  # noqa: T201 -- its output


def _ask(session: Session) -> ImportBatch:
    by = session.scalars(select(Membership).order_by(Membership.id)).first()
    if by is None:
        raise SystemExit("there is nobody")
    by.unit_id, by.role = 1, Role.COORDINATOR
    roster_imports.ask(session, SETUP, by, Address("telegram", "1"), Document("x", "large.xlsx"), BEGIN)
    batch = session.scalars(select(ImportBatch)).one()
    batch.kind = "chien_si"
    session.commit()
    return batch


def _sheet(rows: int) -> bytes:
    made = io.BytesIO()
    book = Workbook(made, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ("STT", "HỌ VÀ TÊN", "CẤP BẬC", "CHỨC VỤ", "ĐƠN VỊ", "TÊN FACEBOOK", "SỐ ĐIỆN THOẠI"))
    letters = "abcdeghiklmnopqrstuvxy"
    for number in range(rows):
        name = (
            f"Nguyễn {letters[number % 22].upper()}{letters[number // 22 % 22]} {letters[number // 484 % 22].upper()}o"
        )
        unit = f"Xã Số {17 + number % (UNITS - 17)}"
        phone = 912_000_000 + number if number % 3 else "x" if number % 300 == 0 else ""
        sheet.write_row(number + 1, 0, (number + 1, name, "Hạ sĩ", "Chiến sĩ", unit, f"{name} {number}", phone))
    book.close()
    return made.getvalue()


if __name__ == "__main__":
    main()
