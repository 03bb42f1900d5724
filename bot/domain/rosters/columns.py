"""Which column of a sheet means what, by its heading; and which rows are headings, totals and signatures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.folding import fold
from bot.domain.rosters.table import Row

HEADER_WITHIN = 40  # a letterhead and a long title stand above it
_NOT_WORDS = re.compile(r"[^a-z0-9]+")


class Column(StrEnum):
    """What a column may hold; all but the name may be missing."""

    NAME = "name"
    KIND = "kind"
    RANK = "rank"
    POSITION = "position"
    UNIT = "unit"
    CODE = "code"
    FACEBOOK = "facebook"
    PHONE = "phone"
    PARENT = "parent"
    UNIT_TYPE = "unit_type"
    OPENED = "opened"


HEADINGS: dict[Column, tuple[str, ...]] = {
    Column.NAME: ("ho va ten", "ho ten", "ho ten thanh vien", "ho va ten thanh vien", "ten thanh vien", "full name"),
    Column.KIND: ("loai thanh vien", "loai", "doi tuong", "thanh phan", "member kind", "kind"),
    Column.RANK: ("cap bac", "quan ham", "rank"),
    Column.POSITION: ("chuc vu", "chuc danh", "nhiem vu", "position"),
    Column.UNIT: ("don vi", "ten don vi", "don vi cong tac", "dia phuong don vi", "co quan don vi", "unit"),
    Column.CODE: ("ma don vi", "ma dv", "unit code"),
    Column.FACEBOOK: (
        "ten facebook",
        "facebook",
        "ten fb",
        "fb",
        "tai khoan facebook",
        "nick facebook",
        "facebook name",
    ),
    Column.PHONE: ("so dien thoai", "dien thoai", "so dt", "sdt", "dt", "dtdd", "di dong", "phone", "telephone"),
    Column.PARENT: (
        "thuoc don vi",
        "don vi cap tren",
        "thuoc",
        "huyen",
        "quan huyen",
        "huyen thi xa thanh pho",
        "part of",
    ),
    Column.UNIT_TYPE: ("loai don vi", "loai hinh don vi", "unit type"),
    Column.OPENED: ("ngay lap don vi", "ngay lap", "ngay thanh lap", "opened on"),
}
# A name in two columns, as lists made for sorting have it.
_FAMILY = ("ho", "ho dem", "ho lot", "ho va dem", "ho va ten dem", "ho va chu dem")
_GIVEN = ("ten",)
_MEANING = {heading: column for column, headings in HEADINGS.items() for heading in headings}
_SECTIONS = ("ban quan tri", "thanh vien tham gia")
_ROMAN = re.compile(r"[IVX]+[.)]?")
_NUMBERING = re.compile(r"\(?[A-Za-z0-9]{1,2}\)?")
_TOTALS = ("tong cong", "tong so", "tong", "cong")
_CLOSING = (
    *("nguoi lap", "thu truong", "noi nhan", "chi huy truong", "hieu truong", "thu ky", "xac nhan", "ky ghi ro"),
    *("tm ", "kt ", "truong phong", "giam doc", "chu tich", "nguoi tong hop"),
)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings stand, and the columns of each meaning; a name may take two."""

    number: int
    columns: dict[Column, tuple[int, ...]]

    def value(self, row: Row, column: Column) -> str:
        """What a row says there, with single blanks."""
        return " ".join(" ".join(row.cell(index) for index in self.columns.get(column, ())).split())


class RowKind(StrEnum):
    """What a row below the header is."""

    PERSON = "person"
    ADMINISTRATORS = "administrators"  # the heading of section I
    SECTION = "section"
    PASSED = "passed"  # numbering, a repeated header, a total
    CLOSING = "closing"  # from here on signatures


def find_header(rows: Sequence[Row]) -> Header | None:
    """The first row that names a column for names; None if there is none near the top."""
    for row in rows[:HEADER_WITHIN]:
        columns = _columns(row)
        if Column.NAME in columns and (len(columns) > 1 or row.filled == 1):
            return Header(row.number, columns)
    return None


def kind_of(row: Row, header: Header) -> RowKind:
    """What a row below the header is, by its words."""
    words = [heading(each) for each in row.cells if each.strip()]
    if _is_section(row, words):
        administrators = any(_SECTIONS[0] in each for each in words)
        return RowKind.ADMINISTRATORS if administrators else RowKind.SECTION
    if row.filled <= 2 and words and words[0].startswith(_CLOSING):
        return RowKind.CLOSING
    if words and words[0].startswith(_TOTALS) and row.filled <= 3:
        return RowKind.PASSED
    if _is_header_again(row, header) or _is_numbering(row):
        return RowKind.PASSED
    return RowKind.PERSON


def heading(text: str) -> str:
    """A heading as words without diacritics and signs; what stands in brackets is a note."""
    return _NOT_WORDS.sub(" ", fold(text.partition("(")[0])).strip()


def _columns(row: Row) -> dict[Column, tuple[int, ...]]:
    found: dict[Column, tuple[int, ...]] = {}
    halves: list[int] = []
    for index, text in enumerate(row.cells):
        words = heading(text)
        column = _MEANING.get(words)
        if column is Column.NAME and found.get(column, (-9,))[-1] == index - 1:
            found[column] += (index,)  # one heading over two columns
        elif column and column not in found:
            found[column] = (index,)
        elif words in _FAMILY or words in _GIVEN:
            halves.append(index)
    if Column.NAME not in found and any(heading(row.cell(index)) in _GIVEN for index in halves):
        found[Column.NAME] = tuple(halves[:2])
    return found


def is_name_heading(text: str) -> bool:
    """Whether a column with this heading holds names."""
    return _MEANING.get(heading(text)) is Column.NAME


def _is_header_again(row: Row, header: Header) -> bool:
    """The header of the next page, or a second line of it: “HỌ VÀ TÊN” over “Họ đệm” and “Tên”."""
    names = [row.cell(index) for index in header.columns[Column.NAME] if row.cell(index)]
    return bool(names) and all(is_name_heading(each) or heading(each) in (*_FAMILY, *_GIVEN) for each in names)


def _is_section(row: Row, words: list[str]) -> bool:
    if row.filled > 2 or not words:
        return False
    first = next(each.strip() for each in row.cells if each.strip())
    bare = [re.sub(r"^[ivx]+ ", "", each) for each in words]
    return any(each.startswith(_SECTIONS) for each in bare) or (row.filled == 2 and bool(_ROMAN.fullmatch(first)))


def _is_numbering(row: Row) -> bool:
    return row.filled >= 2 and all(_NUMBERING.fullmatch(each.strip()) for each in row.cells if each.strip())
