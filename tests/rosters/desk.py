"""A database, and the steps of an import as the bot takes them, for tests of writing and undoing."""

from collections.abc import Callable
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.actions import roster_imports, rosters
from bot.campaigns import load
from bot.channels.base import Identity
from bot.documents.roster_sheet import read_and_check
from bot.domain.rosters.check import Ground
from bot.fetching import Read
from bot.messages import Address, Document
from bot.setup import Setup
from bot.storage import people
from bot.storage.models import (
    ImportBatch,
    Membership,
    MembershipState,
)
from tests.databases import A_MONDAY
from tests.rosters.sheets import HEADINGS, text

T = TypeVar("T")
SETUP = Setup(load("long_an"), ZoneInfo("Asia/Ho_Chi_Minh"), b"k" * 32, {"telegram": Identity("sotin_bot", "x")})
NOW = A_MONDAY
BOB, DUNG = Address("telegram", "2003"), Address("telegram", "2004")
TT = "Xã Tuyên Thạnh"


class Desk:
    """A database, and the steps of an import as the bot takes them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def do(self, work: Callable[[Session], T]) -> T:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            return work(session)

    def check(self, rows: list[tuple[str, ...]], chat: Address = DUNG, kind: str = "chien_si") -> int:
        """Have a sheet of these rows checked; the number of its batch."""
        content = text((*HEADINGS, "LOẠI ĐƠN VỊ", "THUỘC ĐƠN VỊ", "NGÀY LẬP ĐƠN VỊ"), *rows).encode()
        return self.check_file(content, chat, kind)

    def check_file(self, content: bytes, chat: Address = DUNG, kind: str = "chien_si") -> int:
        """Have a file checked as it came; the number of its batch."""

        def begin(session: Session) -> int:
            account = people.account_of(session, chat)
            assert account
            by = people.active_membership(session, account.person_id, "long_an")
            assert by
            assert roster_imports.ask(session, SETUP, by, chat, Document("ref", "danh-sach.csv", 9), NOW)
            batch = session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
            assert batch
            batch.kind = kind
            return batch.id

        number = self.do(begin)
        due = self.do(lambda session: roster_imports.next_due(SETUP, session, NOW, ()))
        assert due
        assert due.batch == number
        assert isinstance(due.ground, Ground)
        checked, sheet = read_and_check(content, due.ground, due.language)
        read = Read(checked, sheet, str(hash(content)))
        self.do(lambda session: roster_imports.settle(session, SETUP, number, read, NOW))
        return number

    def confirm(self, number: int, *, with_units: bool = False) -> None:
        self.do(lambda session: roster_imports.confirm(session, self.batch(session, number), with_units=with_units))

    def batch(self, session: Session, number: int) -> ImportBatch:
        return session.get_one(ImportBatch, number)

    def write(self) -> int:
        """All that is to be written; in how many steps."""
        steps = 0
        while self.do(lambda session: rosters.write_next(session, SETUP, NOW)):
            steps += 1
        return steps

    def undo(self, number: int) -> dict[str, int]:
        """Take it back; what became of its rows."""
        self.begin_undo(number)
        while self.undo_next():
            pass
        return self.figures(number)["undone"]

    def begin_undo(self, number: int) -> None:
        self.do(lambda session: rosters.begin_undo(session, self.batch(session, number)))

    def undo_next(self) -> int:
        return self.do(lambda session: rosters.undo_next(session, SETUP, NOW))

    def figures(self, number: int) -> dict[str, dict[str, int]]:
        return self.do(lambda session: self.batch(session, number).figures)

    def state(self, number: int) -> str:
        return self.do(lambda session: self.batch(session, number).state)

    def listed(self) -> list[str | None]:
        names = select(Membership.full_name).where(Membership.state == MembershipState.LISTED)
        return self.do(lambda session: list(session.scalars(names.order_by(Membership.id))))

    def change(self, name: str, **values: object) -> None:
        """Somebody changes a member."""

        def set_values(session: Session) -> None:
            found = session.scalars(select(Membership).where(Membership.full_name == name)).one()
            for key, value in values.items():
                setattr(found, key, value)

        self.do(set_values)


def person(name: str, *, rank: str = "", phone: str = "", unit: str = TT) -> tuple[str, ...]:
    return ("1", name, rank, "", unit, "", phone)


def names(number: int) -> list[str]:
    """So many names, all different."""
    letters = "abcdeghiklmnopqrstuvxy"
    return [f"Lê Văn {a.upper()}{b}{c}" for a in letters for b in letters for c in letters][:number]
