"""The roster of a part of the tree as an Excel sheet: everybody who is listed, waits or is a member."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot.documents.forms import Column, Letterhead, Row, vietnamese
from bot.domain.folding import fold


@dataclass(frozen=True, slots=True)
class Member:
    """One person, everything in words; `phone` is None where it is not to be shown at all."""

    unit: str
    name: str
    kind: str
    rank: str
    position: str
    facebook: str
    role: str
    state: str
    joined: date | None
    phone: str | None = None


_COLUMNS = (
    Column("STT", 1.4, "centre"),
    Column("Đơn vị", 7.0),
    Column("Họ và tên", 5.0),
    Column("Thành viên", 3.0),
    Column("Cấp bậc", 3.0),
    Column("Chức vụ", 4.0),
    Column("Tên Facebook", 4.0),
    Column("Vai trò", 3.0),
    Column("Tình trạng", 3.0),
    Column("Vào từ ngày", 2.6),
)
_PHONE = Column("Điện thoại", 3.0)


def member_list_xlsx(head: Letterhead, of: str, members: Sequence[Member], phones: bool) -> bytes:
    """One sheet, units in the order given and each one's people by name; telephone numbers only if `phones`."""
    from bot.documents.sheet import Book, write_listing

    title = f"Danh sách thành viên của {of}, ngày {vietnamese(head.made_on)}"
    book = Book(title, head)
    columns = (*_COLUMNS, _PHONE) if phones else _COLUMNS
    rows = [Row(_cells(number, each, phones=phones)) for number, each in enumerate(_by_name(members), 1)]
    total = Row(("", f"Tổng cộng {len(members)} người"), "total")
    write_listing(book, "Thành viên", title, columns, [*rows, total])
    return book.bytes()


def _by_name(members: Sequence[Member]) -> Iterator[Member]:
    for _, of_unit in groupby(members, key=lambda each: each.unit):
        yield from sorted(of_unit, key=lambda each: fold(each.name))


def _cells(number: int, member: Member, *, phones: bool) -> tuple[str | int, ...]:
    words = (member.unit, member.name, member.kind, member.rank, member.position, member.facebook)
    joined = vietnamese(member.joined) if member.joined else ""
    cells = (number, *words, member.role, member.state, joined)
    return (*cells, member.phone or "") if phones else cells
