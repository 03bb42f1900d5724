"""The sheets of the figures of pages: the template with the pages in it, and what was sent with its faults beside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.documents.checked_sheet import HEAD, TEXT, Beside, Book, with_faults
from bot.documents.plain import plain
from bot.documents.roster_sheet_reading import read_table
from bot.domain.figures_typed import FIELDS
from bot.domain.page_sheets import CheckedPages, Column, PageGround, PageLine, check_pages, columns_of
from bot.domain.rosters.values import Fault

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        Column.UNIT: "ĐƠN VỊ",
        Column.PAGE: "TRANG, NHÓM, KÊNH",
        Column.LINK: "LINK",
        Column.MONTH: "THÁNG",
        Column.LIKES: "LƯỢT THÍCH",
        Column.FOLLOWERS: "NGƯỜI THEO DÕI",
        Column.MEMBERS: "THÀNH VIÊN",
        Column.POSTS: "TIN, BÀI",
        "number": "STT",
        "faults": "LỖI",
        "notes": "GHI CHÚ",
        "pages": "Số liệu trang",
        "result": "Kết quả",
    },
    "en": {
        Column.UNIT: "UNIT",
        Column.PAGE: "PAGE",
        Column.LINK: "LINK",
        Column.MONTH: "MONTH",
        Column.LIKES: "LIKES",
        Column.FOLLOWERS: "FOLLOWERS",
        Column.MEMBERS: "MEMBERS",
        Column.POSTS: "POSTS",
        "number": "NO.",
        "faults": "FAULTS",
        "notes": "NOTES",
        "pages": "Figures of pages",
        "result": "Result",
    },
}
# {0} is the first value of the fault or note; {column} is the heading that it names.
WORDS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "page_missing": "Thiếu tên hoặc link của trang",
        "page_unknown": "Không có trang “{0}” trong phạm vi của bạn",
        "link_unknown": "Không có trang với link “{0}” trong phạm vi của bạn",
        "page_several": "Nhiều trang cùng tên “{0}”: hãy ghi link",
        "unit_differs": "Trang này là của đơn vị khác: {0}",
        "month_bad": "Không rõ tháng “{0}”: hãy ghi như 10/2026",
        "month_range": "Tháng {0} không nhập được: chỉ từ {1} đến {2}",
        "number_bad": "{column}: “{1}” chưa phải là số; ghi 16000 hoặc 16.000, không ghi số âm, “nghìn”, “k”",
        "formula": "{column} là công thức chưa có giá trị hoặc bị lỗi: hãy dán giá trị",
        "twin": "Trùng trang và tháng với dòng {0}",
        "blank": "Chưa có số liệu, bỏ qua",
        "new": "Số liệu mới",
        "same": "Đã có, không đổi",
        "by_link": "Hiểu theo link: {0}",
        "change": "{column} {1} → {2}",
    },
    "en": {
        "page_missing": "The page\u2019s name or link is missing",
        "page_unknown": "No page “{0}” in your part of the tree",
        "link_unknown": "No page with the link “{0}” in your part of the tree",
        "page_several": "Several pages are called “{0}”: please give the link",
        "unit_differs": "This page belongs to another unit: {0}",
        "month_bad": "Not a month: “{0}”; please write it as 10/2026",
        "month_range": "Month {0} cannot be entered: only {1} to {2}",
        "number_bad": "{column}: “{1}” is not a number; write 16000 or 16.000, nothing negative, no “k”",
        "formula": "{column} is a formula without a value, or with an error: please paste the value",
        "twin": "The same page and month as row {0}",
        "blank": "No figures yet, passed over",
        "new": "New figures",
        "same": "Known, nothing changes",
        "by_link": "Taken by its link: {0}",
        "change": "{column} {1} → {2}",
    },
}
_WIDTHS: Mapping[str, int] = {"number": 6, Column.UNIT: 30, Column.PAGE: 36, Column.LINK: 44}
NOT_ASKED = "–"
"""In a cell whose figure the kind of page does not have; it is read as not known."""


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page in the template; `asked` are the figures that its kind has."""

    unit: str
    page: str
    link: str
    asked: tuple[str, ...]


def read_and_check_pages(content: bytes, ground: PageGround, language: str) -> tuple[CheckedPages, bytes]:
    """A file\u2019s rows with their outcomes, and the same sheet with them beside; raises Unreadable."""
    table = read_table(content, columns_of)
    checked, words = check_pages(table, ground), COLUMNS[language]
    beside = {line.number: _beside(line, language) for line in checked.lines}
    return checked, with_faults(table, checked.header, beside, (words["faults"], words["notes"]), words["result"])


def page_template_xlsx(rows: tuple[PageRow, ...], month: date, language: str) -> bytes:
    """A row for each page, with empty cells for the figures of the month."""
    book, words = Book(), COLUMNS[language]
    sheet = book.sheet(words["pages"])
    for index, column in enumerate(["number", *Column]):
        sheet.write_string(0, index, words[column], book.look(**HEAD))
        # Marked as text, “16.000” stays what was typed.
        sheet.set_column(index, index, _WIDTHS.get(column, 16), book.look(num_format="@"))
    for number, row in enumerate(rows, 1):
        sheet.write_number(number, 0, number, book.look(border=1, align="center"))
        figures = ["" if field in row.asked else NOT_ASKED for field in FIELDS]
        for index, text in enumerate([row.unit, row.page, row.link, f"{month.month}/{month.year}", *figures], 1):
            sheet.write_string(number, index, plain(text), book.look(**TEXT))
    sheet.freeze_panes(1, 3)
    return book.bytes()


def words_of(fault: Fault, language: str) -> str:
    """What is wrong with a row, or to be noted about it."""
    if fault.code == "changes":
        parts = (Fault("change", tuple(each.split(":"))) for each in fault.values)
        return ", ".join(words_of(each, language) for each in parts)
    column = COLUMNS[language].get(fault.values[0], "") if fault.values else ""
    return WORDS[language][fault.code].format(*fault.values, column=column)


def _beside(line: PageLine, language: str) -> Beside:
    faults, notes = ("; ".join(words_of(each, language) for each in told) for told in (line.faults, line.notes))
    return Beside(faults, notes)
