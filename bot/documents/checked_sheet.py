"""What sheets that people fill in have in common: their workbook, and the one that comes back with faults beside."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.documents.plain import plain
from bot.domain.rosters.table import Row, Table

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # it brings no marker of its types along

FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
TEXT = {"num_format": "@", "text_wrap": True, "border": 1}
HEAD = {"bold": True, "border": 1, "align": "center", "text_wrap": True, "bg_color": "#D9D9D9"}
RED, AMBER = "#F8CBAD", "#FFF2CC"
_NUMBER, _OTHERS, _FAULTS = 6, 20, 46  # widths of columns


class Book:
    """A workbook in memory; looks are made once."""

    def __init__(self) -> None:
        from xlsxwriter import Workbook  # type: ignore[import-untyped]  # as above

        self._made = io.BytesIO()
        self._book = Workbook(self._made, {"in_memory": True})
        # The same file whenever it is made: it tells nothing of who made it.
        self._book.set_properties({"created": date(2000, 1, 1)})
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}

    def sheet(self, name: str) -> "Worksheet":
        """A new sheet at the end."""
        return self._book.add_worksheet(name)

    def look(self, **wanted: Any) -> Any:
        """A cell's look."""
        key = tuple(wanted.items())
        if key not in self._looks:
            self._looks[key] = self._book.add_format(FONT | wanted)
        return self._looks[key]

    def bytes(self) -> bytes:
        """The file; nothing can be added after it."""
        self._book.close()
        return self._made.getvalue()


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a row: its faults and its notes, one of which may be empty."""

    faults: str
    notes: str


def with_faults(table: Table, header: int, beside: Mapping[int, Beside], titles: tuple[str, str], name: str) -> bytes:
    """The sheet as it was sent, its faulty rows coloured, with a column of faults and one of notes at its end.

    `header` is the number of the row with the headings, where `titles` go; `beside` has the rows that were judged.
    """
    book = Book()
    sheet = book.sheet(name)
    width = max(len(row.cells) for row in table.rows)
    for row in table.rows:
        told = Beside(*titles) if row.number == header else beside.get(row.number)
        _write(book, sheet, row, told, width, is_header=row.number == header)
    sheet.set_column(0, 0, _NUMBER)
    sheet.set_column(1, max(1, width - 1), _OTHERS)
    sheet.set_column(width, width + 1, _FAULTS)
    sheet.freeze_panes(header, 0)
    return book.bytes()


def _write(book: Book, sheet: "Worksheet", row: Row, told: Beside | None, width: int, *, is_header: bool) -> None:
    look = book.look(**HEAD) if is_header else book.look(**TEXT) if told else book.look(bold=True)
    if told and told.faults and not is_header:
        look = book.look(**TEXT, bg_color=RED)
    for index, text in enumerate(row.cells):
        if text:
            sheet.write_string(row.number - 1, index, plain(text), look)
    if told:
        for index, text in enumerate((told.faults, told.notes)):
            sheet.write_string(row.number - 1, width + index, plain(text), look)
