"""The directory of pages with their figures, as in the three-year report on directive 23 of Bình Phước."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot.documents.forms import Column, Form, Letterhead, Row

TITLE = "THỐNG KÊ TRANG, NHÓM, KÊNH CỦA {of}"
_COLUMNS = (
    Column("TT", 1.0, "centre"),
    Column("Trang, nhóm, kênh", 3.9),
    Column("Đơn vị", 2.4),
    Column("Lượt thích", 2.1, "centre"),
    Column("Người theo dõi", 2.1, "centre"),
    Column("Thành viên", 1.8, "centre"),
    Column("Tin, bài", 1.7, "centre"),
    Column("Tăng trong năm", 1.5, "centre"),
)


@dataclass(frozen=True, slots=True)
class PageLine:
    """A page. `part` is the unit of the next level that it belongs to; what is not known is None.

    `figures` are likes, followers, members and posts; `tenths` is its growth in tenths of a per cent.
    """

    name: str
    url: str
    unit: str
    part: str
    month: date | None
    figures: tuple[int | None, int | None, int | None, int | None]
    tenths: int | None


@dataclass(frozen=True, slots=True)
class PagesTable:
    """The pages of one part of the tree in the order in which they are to stand: those of a part together.

    `target` is the growth in per cent that is asked for in a year.
    """

    head: Letterhead
    of: str
    year: int
    target: int | None
    lines: tuple[PageLine, ...]


def pages_docx(data: PagesTable) -> bytes:
    """The table for Word."""
    from bot.documents.word import form_docx

    return form_docx(_form(data))


def pages_xlsx(data: PagesTable) -> bytes:
    """The table for Excel."""
    from bot.documents.sheet import form_xlsx

    return form_xlsx(_form(data), "Trang, nhóm, kênh")


def percent_of(tenths: int | None) -> str:
    """“+6,4 %”, or nothing."""
    if tenths is None:
        return ""
    return f"{'-' if tenths < 0 else '+'}{abs(tenths) // 10},{abs(tenths) % 10} %"


def _form(data: PagesTable) -> Form:
    rows = (*_rows(data.lines), Row(("", f"Tổng cộng: {len(data.lines)}", "", *_sums(data.lines), ""), "total"))
    title = TITLE.format(of=data.of.upper())
    return Form(data.head, "Danh mục", title, (data.head.enclosed_with,), _COLUMNS, rows, tuple(_remarks(data)))


def _rows(lines: Sequence[PageLine]) -> Iterator[Row]:
    number = 0
    for part, found in groupby(lines, lambda line: line.part):
        of_part = list(found)
        yield Row(("", f"{part}: {len(of_part)} trang, nhóm, kênh", "", *_sums(of_part), ""), "group")
        for line in of_part:
            number += 1
            yield Row((number, line.name, line.unit, *map(_cell, line.figures), percent_of(line.tenths)))


def _sums(lines: Sequence[PageLine]) -> tuple[int, ...]:
    return tuple(sum(line.figures[column] or 0 for line in lines) for column in range(4))


def _cell(number: int | None) -> str | int:
    return "" if number is None else number


def _remarks(data: PagesTable) -> Iterator[str]:
    months = sorted({line.month for line in data.lines if line.month})
    missing = sum(not line.month for line in data.lines)
    yield "Số liệu là lần nhập gần nhất của từng trang" + (
        f", từ {months[0]:%m/%Y} đến {months[-1]:%m/%Y}." if months else "."
    )
    yield f"“Tăng trong năm”: người theo dõi (nhóm: thành viên) so với đầu năm {data.year}."
    if data.target is not None:
        reached = sum(line.tenths is not None and line.tenths >= data.target * 10 for line in data.lines)
        yield f"Chỉ tiêu cả năm: tăng {data.target} %; đã đạt: {reached} trang, nhóm, kênh."
    if missing:
        yield f"Chưa có số liệu: {missing} trang, nhóm, kênh."
