"""A form, or a plain table, as an Excel sheet: real numbers, text that stays text, ready to print on A4."""

import io
from collections.abc import Sequence
from datetime import datetime, time
from functools import lru_cache
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from bot.documents.forms import MOTTO, NATION, SIGNATURES, Column, Form, Letterhead, Row, has_groups, header_cells
from bot.documents.plain import plain

if TYPE_CHECKING:
    from xlsxwriter.format import Format  # type: ignore[import-untyped]  # it brings no marker of its types along
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # as above

FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
_CHARS_PER_CM = 5.2
_A4 = 9
_INCH = 2.54
_LONGEST_LINE = 85  # letters of the title in bold that fit on the width of A4
_LINE_HEIGHT = 16.5
_MOST_LINES = 24  # Excel's rows end at 409 points
_FILLS = {"section": "#D9D9D9", "total": "#D9D9D9", "group": "#F2F2F2"}


class Book:
    """A workbook with the few looks that a table needs."""

    def __init__(self, title: str, head: Letterhead) -> None:
        from xlsxwriter import Workbook  # type: ignore[import-untyped]  # as above

        self._made = io.BytesIO()
        self.book: Workbook = Workbook(self._made, {"in_memory": True})
        created = datetime.combine(head.made_on, time())  # Excel's own has no zone
        self.book.set_properties({"title": plain(title)[:255], "author": plain(head.body)[:255], "created": created})
        self._looks: dict[tuple[tuple[str, Any], ...], Format] = {}

    def look(self, **wanted: Any) -> "Format":
        """A cell's look, made once."""
        key = tuple(sorted(wanted.items()))
        if key not in self._looks:
            self._looks[key] = self.book.add_format(FONT | wanted)
        return self._looks[key]

    def bytes(self) -> bytes:
        self.book.close()
        return self._made.getvalue()


def form_xlsx(form: Form, name: str) -> bytes:
    """The form on one sheet called `name`."""
    book = Book(form.title, form.head)
    sheet = add_sheet(book, name, form.columns)
    top = _letterhead(book, sheet, form)
    row = write_table(book, sheet, form.columns, form.rows, top)
    for remark in form.remarks:
        _across(sheet, row, (0, len(form.columns) - 1), plain(remark), book.look(italic=True, text_wrap=True))
        _set_height(sheet, form.columns, [remark], row)
        row += 1
    _signatures(book, sheet, form.columns, row + 1)
    return book.bytes()


def write_listing(book: Book, name: str, title: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """A sheet of its own: the title, a table that can be filtered, its last row the totals."""
    sheet = add_sheet(book, name, columns, wide=True)
    _across(sheet, 0, (0, len(columns) - 1), plain(title), book.look(align="center", bold=True, text_wrap=True))
    sheet.set_row(0, 36)
    after = write_table(book, sheet, columns, rows, 1)
    sheet.autofilter(1, 0, max(1, after - 2), len(columns) - 1)


def add_sheet(book: Book, name: str, columns: Sequence[Column], *, wide: bool = False) -> "Worksheet":
    """An empty sheet for A4, as wide as the paper, with the columns' widths."""
    sheet = book.book.add_worksheet(name)
    sheet.set_paper(_A4)
    sheet.set_margins(3 / _INCH, 1.5 / _INCH, 2 / _INCH, 2 / _INCH)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P/&N")
    if wide:
        sheet.set_landscape()
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width * _CHARS_PER_CM)
    return sheet


def write_table(book: Book, sheet: "Worksheet", columns: Sequence[Column], rows: Sequence[Row], top: int) -> int:
    """Header and rows from row `top` on; the header stays on the screen and on each page. Returns the next row."""
    first = _header(book, sheet, columns, top)
    sheet.freeze_panes(first, 0)
    sheet.repeat_rows(top, first - 1)
    for number, row in enumerate(rows, first):
        _write_row(book, sheet, columns, row, number)
        _set_height(sheet, columns, row.cells, number)
    return first + len(rows)


def _header(book: Book, sheet: "Worksheet", columns: Sequence[Column], top: int) -> int:
    look = book.look(bold=True, border=1, align="center", text_wrap=True, bg_color="#D9D9D9")
    two = has_groups(columns)
    for first, span, text, alone in header_cells(columns):
        last = first + span - 1
        _across(sheet, top, (first, last), text, look, bottom=top + 1 if two and alone else top)
        for index in range(first, last + 1) if not alone else ():
            sheet.write_string(top + 1, index, columns[index].title, look)
    _set_height(sheet, columns, [column.title for column in columns], top + 1 if two else top)
    return top + 2 if two else top + 1


def _set_height(sheet: "Worksheet", columns: Sequence[Column], cells: Sequence[str | int], number: int) -> None:
    """Room for texts that need several lines: not every program finds the height by itself."""
    widths = [column.width for column in columns[: len(cells) - 1]]
    widths.append(sum(column.width for column in columns[len(cells) - 1 :]))
    lines = max(_lines(_text(text), width) for text, width in zip(cells, widths, strict=True))
    if lines > 1:
        sheet.set_row(number, _LINE_HEIGHT * min(_MOST_LINES, lines))


@lru_cache(4096)  # positions and units come again and again
def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of `width` cm; capitals are nearly half as wide again."""
    room = max(1, int(width * _CHARS_PER_CM * 1.15))  # Times New Roman is narrower than what Excel measures columns in
    if len(text) * 1.4 <= room:
        return 1
    wide = 1 + 0.4 * sum(map(str.isupper, text)) / len(text)
    return len(wrap(text, max(1, int(room / wide))))


def _write_row(book: Book, sheet: "Worksheet", columns: Sequence[Column], row: Row, number: int) -> None:
    last = len(row.cells) - 1
    for index, value in enumerate(row.cells):
        look = _look(book, row, columns[index], isinstance(value, int))
        if index == last < len(columns) - 1:
            _across(sheet, number, (index, len(columns) - 1), _text(value), look)
        elif isinstance(value, int):
            sheet.write_number(number, index, value, look)
        elif value:
            sheet.write_string(number, index, plain(value), look)
        else:
            sheet.write_blank(number, index, None, look)


def _look(book: Book, row: Row, column: Column, number: bool) -> "Format":
    wanted: dict[str, Any] = {"border": 1, "align": "center" if column.align == "centre" else "left"}
    # Marked as text, what looks like a formula stays text even when somebody edits the cell.
    wanted |= {"num_format": "#,##0"} if number else {"num_format": "@", "text_wrap": True}
    if row.look != "line":
        wanted |= {"bold": True, "bg_color": _FILLS[row.look]}
    return book.look(**wanted)


def _letterhead(book: Book, sheet: "Worksheet", form: Form) -> int:
    head, last = form.head, len(form.columns) - 1
    middle = _middle(form.columns)
    lines: tuple[tuple[str, dict[str, Any], str, dict[str, Any]], ...] = (
        (head.superior.upper(), {}, NATION, {"bold": True}),
        (head.body.upper(), {"bold": True}, MOTTO, {"bold": True, "underline": 1}),
        (head.number_line, {}, head.place_and_date, {"italic": True}),
    )
    for row, (left, left_look, right, right_look) in enumerate(lines):
        _across(sheet, row, (0, middle), plain(left), book.look(align="center", shrink=True, **left_look))
        _across(sheet, row, (middle + 1, last), plain(right), book.look(align="center", shrink=True, **right_look))
    title = f"{form.label}. {plain(form.title)}"
    _across(sheet, len(lines), (0, last), title, book.look(align="center", bold=True, text_wrap=True))
    sheet.set_row(len(lines), _LINE_HEIGHT * min(6, 1 + len(title) // _LONGEST_LINE))
    for row, line in enumerate(form.subtitles, len(lines) + 1):
        _across(sheet, row, (0, last), plain(line), book.look(align="center", italic=True, text_wrap=True))
    return len(lines) + 1 + len(form.subtitles)


def _middle(columns: Sequence[Column]) -> int:
    """The last column of the letterhead's left side, which takes about 45 in 100 of the width."""
    whole = sum(column.width for column in columns)
    reached = [sum(column.width for column in columns[: index + 1]) / whole for index in range(len(columns) - 1)]
    return min(range(len(reached)), key=lambda index: abs(reached[index] - 0.45))


def _signatures(book: Book, sheet: "Worksheet", columns: Sequence[Column], row: int) -> None:
    middle = _middle(columns)
    for columns_of, (who, how) in zip(((0, middle), (middle + 1, len(columns) - 1)), SIGNATURES, strict=True):
        _across(sheet, row, columns_of, who, book.look(align="center", bold=True))
        _across(sheet, row + 1, columns_of, how, book.look(align="center", italic=True))


def _across(
    sheet: "Worksheet", row: int, columns: tuple[int, int], text: str, look: "Format", *, bottom: int | None = None
) -> None:
    """Text over some columns, and down to row `bottom`: a merged cell, if it is more than one."""
    first, last = columns
    bottom = row if bottom is None else bottom
    if first != last or row != bottom:
        sheet.merge_range(row, first, bottom, last, "", look)
    sheet.write_string(row, first, text, look)


def _text(value: str | int) -> str:
    return plain(value) if isinstance(value, str) else str(value)
