"""A form as a Word document with real tables that the office can edit.

The rows of the table go into the file as text: building 18,000 rows as objects would take a minute and a gigabyte.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple
from xml.sax.saxutils import escape

from bot.documents.forms import Column, Form, Row, header_cells
from bot.documents.plain import plain

_MARK = "\ue000rows\ue000"  # of private characters, which `plain` keeps out of what people typed
_PLACE = f"<w:p><w:r><w:t>{_MARK}</w:t></w:r></w:p>".encode()
_ROWS_OF_TABLE = 500
"""LibreOffice needs time that grows with the square of a table's rows: 83 seconds for 4,000 in one."""
_NEXT_PAGE = (
    '<w:p><w:pPr><w:pageBreakBefore/><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
)
_TWIPS_PER_CM = 567
_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same values give the same file


class _Cell(NamedTuple):
    text: str
    style: str
    first: int
    span: int = 1
    down: Literal["", "restart", "continue"] = ""


def form_docx(form: Form) -> bytes:
    """The form on A4, its header row repeated on each page, page numbers from page 2 on.

    With more than 500 rows it has several tables, each on a new page.
    """
    from bot.documents import word_page

    page = word_page.written(form, _MARK)
    return _with_rows(page, _tables(form.columns, form.rows))


def _with_rows(document: bytes, tables: Iterable[str]) -> bytes:
    """The document with the tables in the place of the mark."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            before, _, after = old.read(name).partition(_PLACE)
            with new.open(info, "w") as part:
                part.write(before)
                for piece in tables if name == "word/document.xml" else ():
                    part.write(piece.encode())
                part.write(after)
    return made.getvalue()


def _tables(columns: Sequence[Column], rows: Sequence[Row]) -> Iterator[str]:
    for start in range(0, max(1, len(rows)), _ROWS_OF_TABLE):
        yield _NEXT_PAGE if start else ""
        yield from _table(columns, rows[start : start + _ROWS_OF_TABLE])


def _table(columns: Sequence[Column], rows: Sequence[Row]) -> Iterator[str]:
    widths = [round(column.width * _TWIPS_PER_CM) for column in columns]
    borders = "".join(f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for edge in _EDGES)
    yield (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr><w:tblGrid>" + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    )
    yield "</w:tblGrid>"
    for header in _header(columns):
        yield _row(header, widths, header=True)
    yield "".join(_row(_cells(row, columns), widths) for row in rows)
    yield "</w:tbl>"


def _header(columns: Sequence[Column]) -> Iterator[list[_Cell]]:
    upper = header_cells(columns)
    two = any(not alone for *_, alone in upper)
    yield [
        _Cell(text, "CellHead", first, span, "restart" if two and alone else "") for first, span, text, alone in upper
    ]
    if two:
        yield [
            _Cell(column.title, "CellHead", index) if column.group else _Cell("", "CellHead", index, 1, "continue")
            for index, column in enumerate(columns)
        ]


def _cells(row: Row, columns: Sequence[Column]) -> list[_Cell]:
    bold = {"line": "", "total": "Last"}.get(row.look, "Bold")
    last = len(row.cells) - 1
    return [
        _Cell(
            _shown(value),
            f"Cell{bold}Centre" if columns[index].align == "centre" else f"Cell{bold}Text",
            index,
            len(columns) - last if index == last else 1,
        )
        for index, value in enumerate(row.cells)
    ]


def _shown(value: str | int) -> str:
    """Numbers as they are written in Vietnam, “18.426”."""
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else plain(value)


def _row(cells: Iterable[_Cell], widths: Sequence[int], *, header: bool = False) -> str:
    repeated = "<w:tblHeader/>" if header else ""
    inner = "".join(_cell(cell, sum(widths[cell.first : cell.first + cell.span])) for cell in cells)
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{inner}</w:tr>"


def _cell(cell: _Cell, width: int) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    down = f'<w:vMerge w:val="{cell.down}"/>' if cell.down else ""
    run = f'<w:r><w:t xml:space="preserve">{escape(cell.text)}</w:t></w:r>' if cell.text else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{down}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{cell.style}"/></w:pPr>{run}</w:p></w:tc>'
    )
