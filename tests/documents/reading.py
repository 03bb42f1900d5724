"""Opens what was made, as an office would."""

import io
import struct
from datetime import date
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from bot.documents.forms import Letterhead

HEAD = Letterhead("Ban CHQS huyện Đức Hòa", date(2026, 2, 5), "Bộ CHQS tỉnh Long An", "Đức Hòa", "15", "BC-BCH")

Cells = list[list[str]]


def word_table(made: bytes) -> Cells:
    """The texts of the form's only table, one for each cell as it stands there (a spanning cell once)."""
    [table] = word_tables(made)
    return table


def word_tables(made: bytes) -> list[Cells]:
    """The tables between the letterhead's and that of the signatures."""
    return [
        [["".join(text.text or "" for text in cell.iter(qn("w:t"))) for cell in row.tc_lst] for row in each._tbl.tr_lst]
        for each in Document(io.BytesIO(made)).tables[1:-1]
    ]


def word_text(made: bytes) -> list[str]:
    """The paragraphs outside of tables, and those of the letterhead."""
    document = Document(io.BytesIO(made))
    head = [paragraph.text for cell in document.tables[0].rows[0].cells for paragraph in cell.paragraphs]
    return head + [paragraph.text for paragraph in document.paragraphs]


def workbook(made: bytes) -> Workbook:
    return load_workbook(io.BytesIO(made))


def sheet_rows(made: bytes, name: str) -> list[list[Any]]:
    """The values of a sheet, row by row."""
    return [list(row) for row in workbook(made)[name].iter_rows(values_only=True)]


def picture_size(made: bytes) -> tuple[int, int]:
    """Width and height in pixels of a PNG."""
    assert made.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", made[16:24])
    return width, height
