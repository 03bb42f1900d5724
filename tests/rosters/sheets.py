"""Sheets as people send them: workbooks made with another library than the one that reads them, tables of text."""

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook, load_workbook

HEADINGS = ("STT", "HỌ VÀ TÊN", "CẤP BẬC", "CHỨC VỤ", "ĐƠN VỊ", "TÊN FACEBOOK", "SỐ ĐIỆN THOẠI")
Cells = Sequence[object]


def workbook(*rows: Cells, merged: Iterable[str] = ()) -> bytes:
    """One sheet with these rows from the top."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for ref in merged:
        sheet.merge_cells(ref)
    return saved(book)


def large(rows: Iterable[Cells]) -> bytes:
    """The same for many rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def cells_of(content: bytes, sheet: int = 0) -> list[list[object]]:
    """The values of a workbook's sheet, row by row."""
    book = load_workbook(io.BytesIO(content))
    return [list(row) for row in book.worksheets[sheet].iter_rows(values_only=True)]


def text(*rows: Sequence[str], separator: str = ",") -> str:
    return "\r\n".join(separator.join(row) for row in rows) + "\r\n"
