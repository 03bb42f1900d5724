"""Who was reached by a broadcast and who was not, why, and the telephone number to follow up by."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents.forms import Column, Letterhead, Row


@dataclass(frozen=True, slots=True)
class Told:
    """One recipient, in words."""

    name: str
    unit: str
    outcome: str
    reason: str
    at: str
    read: str
    phone: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A broadcast and its recipients, those not reached first."""

    head: Letterhead
    title: str
    reached: int
    told: Sequence[Told]


_COLUMNS = (
    Column("STT", 1.4, "centre"),
    Column("Họ và tên", 5.0),
    Column("Đơn vị", 6.0),
    Column("Kết quả", 3.2),
    Column("Lý do", 5.0),
    Column("Lúc", 3.2, "centre"),
    Column("Đã đọc lúc", 3.2, "centre"),
    Column("Điện thoại", 3.2),
)


def broadcast_xlsx(data: Delivery) -> bytes:
    """One sheet, which can be filtered."""
    from bot.documents.sheet import Book, write_listing

    book = Book(data.title, data.head)
    rows = [
        Row((number, each.name, each.unit, each.outcome, each.reason, each.at, each.read, each.phone))
        for number, each in enumerate(data.told, 1)
    ]
    total = Row(("", f"Nhận được: {data.reached} trên {len(data.told)}"), "total")
    write_listing(book, "Kết quả gửi", data.title, _COLUMNS, [*rows, total])
    return book.bytes()
