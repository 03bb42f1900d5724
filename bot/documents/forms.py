"""A form as Word and Excel both show it: letterhead, title, a table, remarks. Layout of decree 30/2020/NĐ-CP."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
SIGNATURES = (("NGƯỜI LẬP BIỂU", "(Ký, ghi rõ họ tên)"), ("THỦ TRƯỞNG ĐƠN VỊ", "(Ký tên, đóng dấu)"))

Look = Literal["line", "group", "section", "total"]

BLANK = "…"
"""What the office fills in by hand."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose paper it is. `symbol` stands after the number: “BC-BCH”. What is empty is left open with “…”."""

    body: str
    made_on: date
    superior: str = ""
    place: str = ""
    number: str = ""
    symbol: str = ""

    @property
    def number_line(self) -> str:
        return f"Số: {self.number or BLANK}/{self.symbol or f'{BLANK}-{BLANK}'}"

    @property
    def place_and_date(self) -> str:
        """“Long An, ngày 05 tháng 02 năm 2026”: the decree puts a 0 before days below 10 and before months 1 and 2."""
        day = self.made_on
        month = f"{day.month:02}" if day.month <= 2 else str(day.month)
        return f"{self.place or BLANK}, ngày {day.day:02} tháng {month} năm {day.year}"

    @property
    def enclosed_with(self) -> str:
        """The line under a form's title that ties it to the report it goes with."""
        number = self.number_line.removeprefix("Số: ")
        return f"(Kèm theo Báo cáo số {number} ngày {vietnamese(self.made_on)} của {self.body})"


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in cm. Neighbours with the same `group` stand under one heading."""

    title: str
    width: float
    align: Literal["left", "centre"] = "left"
    group: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table; with fewer cells than there are columns, the last one spans the rest."""

    cells: tuple[str | int, ...]
    look: Look = "line"


@dataclass(frozen=True, slots=True)
class Form:
    """All that stands on a form. `subtitles` are under the title, `remarks` under the table."""

    head: Letterhead
    label: str
    title: str
    subtitles: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    remarks: tuple[str, ...] = ()


def vietnamese(day: date) -> str:
    """“05/02/2026”."""
    return f"{day:%d/%m/%Y}"


def header_cells(columns: Sequence[Column]) -> list[tuple[int, int, str, bool]]:
    """The upper header row: first column, number of columns, text, and whether it reaches down over the lower row.

    Without any group there is a single row, and each cell stands for itself.
    """
    cells: list[tuple[int, int, str, bool]] = []
    for index, column in enumerate(columns):
        if column.group and cells and cells[-1][2] == column.group and not cells[-1][3]:
            first, span, text, _ = cells[-1]
            cells[-1] = (first, span + 1, text, False)
        else:
            cells.append((index, 1, column.group or column.title, not column.group))
    return cells


def has_groups(columns: Sequence[Column]) -> bool:
    """Whether the header has two rows."""
    return any(column.group for column in columns)
