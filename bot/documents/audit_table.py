"""The audit log as people read it: a line each, and the same as an Excel table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from bot.documents.forms import Column, Letterhead, Row
from bot.texts import render


@dataclass(frozen=True, slots=True)
class Change:
    """A column before and after: a code, a number, yes or no, a day as it is read; None is nothing."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log. `who` is the name that the member has now; `by` says what he is if there is none.

    `thing` is what was changed, by name; `unit` where, if it is not the reader's own. A row that is new has no values
    before, one that is `gone` none after. `more` are the other members of the same roster whom it stands for.
    `channel` is the messenger on which it was done, or what else did it.
    """

    number: int
    at: datetime
    by: str
    who: str | None
    unit: str | None
    subject: str
    thing: str | None
    changes: tuple[Change, ...]
    new: bool
    gone: bool
    more: int = 0
    channel: str = ""


@dataclass(frozen=True, slots=True)
class AuditTable:
    """The entries, the newest first; `cut` says that older ones were left out."""

    head: Letterhead
    of: str
    entries: Sequence[Entry]
    cut: bool


_COLUMNS = (
    Column("STT", 1.4, "centre"),
    Column("Thời gian", 3.6, "centre"),
    Column("Người làm", 4.6),
    Column("Qua", 2.2, "centre"),
    Column("Đơn vị", 5.0),
    Column("Thay đổi", 12.0),
)
_CHANNELS = {"telegram": "Telegram", "zalo": "Zalo", "clock": "theo lịch"}


def line_of(entry: Entry, language: str) -> Markup:
    """What was changed, without when and by whom."""
    return Markup(render("audit/_what", language, e=entry))  # noqa: S704 -- a rendered template, whose values were escaped


def who_of(entry: Entry, language: str) -> Markup:
    """Who did it."""
    return Markup(render("audit/_who", language, e=entry))  # noqa: S704 -- as above


def audit_xlsx(data: AuditTable) -> bytes:
    """One sheet; every cell but the first is text, whatever it begins with."""
    from bot.documents.sheet import Book, add_sheet, write_table

    title = f"Nhật ký thay đổi: {data.of}"
    book = Book(title, data.head)
    sheet = add_sheet(book, "Nhật ký", _COLUMNS, wide=True)
    rows = [_row(place, entry) for place, entry in enumerate(data.entries, 1)]
    if data.cut:
        rows.append(Row(("", "Các thay đổi cũ hơn không có trong bảng này."), "total"))
    write_table(book, sheet, _COLUMNS, rows, 0)
    return book.bytes()


def _row(place: int, entry: Entry) -> Row:
    at = f"{entry.at:%H:%M:%S} {entry.at.day}/{entry.at.month}/{entry.at.year}"
    words = [text.striptags() for text in (who_of(entry, "vi"), line_of(entry, "vi"))]
    channel = _CHANNELS.get(entry.channel, entry.channel)
    return Row((place, at, words[0], channel, entry.unit or "", words[1]))
