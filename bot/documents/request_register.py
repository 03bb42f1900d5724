"""The register of requests about personal data as an Excel sheet: who asked what, until when, and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.documents.forms import Column, Letterhead, Row

KINDS = {"access": "Xem dữ liệu", "correction": "Sửa dữ liệu", "erasure": "Xóa dữ liệu"}
ITSELF = "Người yêu cầu tự làm trong bot"


@dataclass(frozen=True, slots=True)
class Entry:
    """One request; times are local. `by` is empty where the person did it himself, or the officer is gone."""

    number: int
    asked: datetime
    kind: str
    name: str
    unit: str
    words: str
    due: datetime
    answered: datetime | None
    by: str
    answer: str


_COLUMNS = (
    Column("Số", 1.4, "centre"),
    Column("Nhận lúc", 3.2),
    Column("Yêu cầu", 2.6),
    Column("Họ và tên", 4.0),
    Column("Đơn vị", 5.0),
    Column("Nội dung", 6.0),
    Column("Hạn trả lời", 3.2),
    Column("Trả lời lúc", 3.2),
    Column("Đúng hạn", 2.2),
    Column("Người trả lời", 4.0),
    Column("Trả lời", 6.0),
)


def register_xlsx(head: Letterhead, of: str, entries: Sequence[Entry]) -> bytes:
    """One sheet, in the order given, with how many there are at its end."""
    from bot.documents.sheet import Book, write_listing

    title = f"Sổ yêu cầu về dữ liệu cá nhân của {of}"
    book = Book(title, head)
    rows = [Row(_cells(each)) for each in entries]
    in_time = sum(_in_time(each) == "Có" for each in entries)
    total = f"{len(entries)} yêu cầu, {in_time} trả lời đúng hạn"
    write_listing(book, "Yêu cầu dữ liệu", title, _COLUMNS, [*rows, Row(("", total), "total")])
    return book.bytes()


def _cells(entry: Entry) -> tuple[str | int, ...]:
    did_it = ITSELF if entry.answered and not entry.by and not entry.answer else entry.by
    return (
        entry.number,
        _moment(entry.asked),
        KINDS.get(entry.kind, entry.kind),
        entry.name,
        entry.unit,
        entry.words,
        _moment(entry.due),
        _moment(entry.answered) if entry.answered else "",
        _in_time(entry),
        did_it,
        entry.answer,
    )


def _in_time(entry: Entry) -> str:
    if entry.answered is None:
        return ""
    return "Có" if entry.answered <= entry.due else "Không"


def _moment(at: datetime) -> str:
    return f"{at:%H:%M %d/%m/%Y}"
