"""A ledger with everything that is hard to copy, and how to look at one from outside."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.storage import copying
from bot.storage.db import open_engine
from bot.storage.models import (
    AuditRow,
    ChannelQuota,
    Conversation,
    ImportBatch,
    ImportPart,
    Membership,
    OutboxRow,
    StoredFile,
    Unit,
)
from tests.databases import A_MONDAY

NFD = unicodedata.normalize("NFD", "Nguyễn Thị Huệ")  # letters and their marks apart
FORMULA = "=cmd|'/c calc'!A1"
MOMENT = datetime(2027, 3, 1, 2, 0, 0, 123456, tzinfo=UTC)


@contextmanager
def opened(url: str) -> Iterator[Session]:
    """A transaction on a ledger, which is left closed."""
    engine = open_engine(url)
    try:
        with Session(engine) as session, session.begin():
            yield session
    finally:
        engine.dispose()


def fill(url: str) -> None:
    """JSON, moments to the microsecond, booleans, text in either form, bytes, rows that point ahead and around."""
    with opened(url) as session:
        member = session.query(Membership).order_by(Membership.id).first()
        assert member is not None
        member.full_name, member.decided_by_id = NFD, member.id
        batch = ImportBatch(
            campaign="long_an", unit_id=member.unit_id, by_id=member.id, channel="telegram", chat="1",
            name=FORMULA, source="x", units=[{"tên": NFD}], figures={"new": 1.5}, at=MOMENT,
        )  # fmt: skip
        session.add(batch)
        session.flush()
        member.batch_id = batch.id
        parts = (None, {"số": [1, 2.5, None, True]})
        session.add_all(
            ImportPart(batch_id=batch.id, number=number, rows=[], figures=figures)
            for number, figures in enumerate(parts)
        )
        session.add_all(_unlike(member.unit_id))


def _unlike(unit_id: int) -> list[object]:
    return [
        StoredFile(name="a.png", content=bytes(range(256)) * 40, created_at=MOMENT),
        Conversation(channel="telegram", chat="9", step="x", data={"a": [None, "é"]}, language="vi", expires_at=MOMENT),
        ChannelQuota(channel="zalo", day=A_MONDAY.date(), sent=3, refused=True),
        AuditRow(
            at=MOMENT + timedelta(days=1), campaign="long_an", unit_id=unit_id, by_id=None, channel="telegram",
            act="/x", subject="units", subject_id="1", before={}, after={"name": "😀"},
        ),
        OutboxRow(channel="zalo", chat="1", priority="1_reminder", body="=1+1", not_before=MOMENT, created_at=MOMENT),
    ]  # fmt: skip


def prints(url: str) -> copying.Prints:
    """What stands in a ledger."""
    with copying.snapshot(url) as connection:
        return copying.prints(connection)


def rows(url: str) -> dict[str, int]:
    """How many rows each table has."""
    return {name: each.rows for name, each in prints(url).items()}


def do(url: str, *statements: str) -> None:
    """Do something to a ledger."""
    with opened(url) as session:
        for statement in statements:
            session.execute(text(statement))


def add_unit(url: str, code: str) -> int:
    """One more unit; the number that it got."""
    with opened(url) as session:
        unit = Unit(campaign="long_an", code=code, type="commune", name=code, folded=code)
        session.add(unit)
        session.flush()
        return unit.id
