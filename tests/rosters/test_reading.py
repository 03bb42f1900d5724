"""Reading and writing sheets, as laws: another library reads the same; what comes back can be sent again."""

import io
import re
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.documents.roster_sheet import (
    OWN_COLUMNS,
    Template,
    checked_xlsx,
    codes_xlsx,
    read_and_check,
    template_xlsx,
    words_of,
)
from bot.documents.roster_sheet_reading import read_table
from bot.documents.roster_sheet_words import FAULTS, NOTES, fault_words, note_words
from bot.domain.rosters.check import NOTES as NOTE_CODES
from bot.domain.rosters.check import check
from bot.domain.rosters.table import LONGEST_CELL, Unreadable
from bot.domain.rosters.values import Fault
from tests.rosters.ground import COORDINATOR, codes
from tests.rosters.sheets import HEADINGS, cells_of, workbook

T = "Xã Tuyên Thạnh"
# What may stand in a workbook: no control characters, no lone surrogates, no “_x000D_”, which stands for one.
TEXTS = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Cn", "Co"), blacklist_characters="_"), max_size=20)
VALUES = st.one_of(st.none(), TEXTS.filter(lambda text: not text.startswith("=")), st.integers(-(10**15), 10**15))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(VALUES, min_size=1, max_size=5), min_size=1, max_size=5))
def test_another_library_reads_the_same_cells(rows: list[list[str | int | None]]) -> None:
    content = workbook(*rows)
    ours = {row.number: list(row.cells) for row in read_table(content).rows}
    theirs = load_workbook(io.BytesIO(content)).active
    assert theirs is not None
    for number, row in enumerate(theirs.iter_rows(values_only=True), 1):
        said = [str(each) if str(each or "0").strip() and each is not None else "" for each in row]
        while said and not said[-1]:
            said.pop()
        assert ours.get(number, []) == said


@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_reading_fail_otherwise_than_it_may(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xff\xfe", b"\xd0\xcf\x11\xe0"):
        try:
            check(read_table(start + content), COORDINATOR)
        except Unreadable:
            continue


def test_a_checked_sheet_says_what_is_wrong_and_can_be_mended_and_sent_again() -> None:
    content = workbook(("Danh sách",), HEADINGS, (1, "Lê Văn C2", "", "", T), (2, "Lê Văn D", "", "", "Xã Tuyên Thanh"))
    checked, sheet = read_and_check(content, COORDINATOR, "vi")
    rows = cells_of(sheet)
    assert rows[1][-2:] == ["LỖI", "GHI CHÚ"]
    assert rows[2][-2] == "Họ tên không hợp lệ: có chữ số"
    assert rows[3][-2:] == [
        "Không có đơn vị “Xã Tuyên Thanh” trong phạm vi của bạn",
        "Gần giống: Xã Tuyên Thạnh (Thị xã Kiến Tường)",
    ]
    again, _ = read_and_check(sheet, COORDINATOR, "vi")
    assert [codes(each) for each in again.lines] == [codes(each) for each in checked.lines]
    book = load_workbook(io.BytesIO(sheet))
    book.worksheets[0]["B3"] = "Lê Văn C"
    book.worksheets[0]["E4"] = T
    mended = io.BytesIO()
    book.save(mended)
    once_more, _ = read_and_check(mended.getvalue(), COORDINATOR, "vi")
    assert [codes(each) for each in once_more.lines] == [[], []]


def test_what_looks_like_a_formula_comes_back_as_text() -> None:
    table = read_table("HỌ VÀ TÊN,ĐƠN VỊ\n=HYPERLINK(1),+cmd|x\n@sum,-1\n".encode())
    sheet = checked_xlsx(table, check(table, COORDINATOR), "vi")
    book = load_workbook(io.BytesIO(sheet))
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row if cell.value} == {"s"}
    book = load_workbook(io.BytesIO(codes_xlsx([("=1+1", "@x", "+84", "-A")], "=t", "vi")))
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row if cell.value} == {"s", "n"}


def test_a_cell_of_a_whole_book_is_cut() -> None:
    [_, row] = read_table(workbook(("HỌ VÀ TÊN",), ("x" * 30_000,))).rows
    assert len(row.cells[0]) == LONGEST_CELL


def columns_of(content: bytes) -> list[str]:
    """The column definitions of the first sheet, as XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return re.findall("<col [^>]*>", book.read("xl/worksheets/sheet1.xml").decode())


def test_the_template_is_read_back_and_offers_units_and_kinds() -> None:
    units = (("Xã Tuyên Thạnh", "Thị xã Kiến Tường", "00012"), ("Xã Hòa Bình", "Huyện Mộc Hóa", "27821"))
    content = template_xlsx(Template(units, ("Cán bộ", "Cán bộ quản lý, giáo viên"), ("xã, phường",)), "vi")
    book = load_workbook(io.BytesIO(content))
    assert [list(row)[:3] for row in book.worksheets[1].iter_rows(values_only=True)][1] == list(units[0])
    assert len(book.worksheets[0].data_validations.dataValidation) == 3
    assert all(" style=" in column for column in columns_of(content))
    book.worksheets[0].append([1, "Lê Văn C", "Chiến sĩ", "", "", T, "", "0912345670"])
    filled = io.BytesIO()
    book.save(filled)
    checked, _ = read_and_check(filled.getvalue(), COORDINATOR, "vi")
    assert [codes(each) for each in checked.lines] == [[]]
    assert len(checked.header.columns) == len(OWN_COLUMNS) + 4


def test_an_admin_who_may_not_add_units_gets_no_columns_for_them() -> None:
    rows = cells_of(template_xlsx(Template((("Xã Tuyên Thạnh", "", "1"),), ("Cán bộ",), ()), "en"))
    assert "UNIT TYPE" not in rows[0]
    assert "FULL NAME" in rows[0]


def test_every_fault_and_note_has_words_in_both_languages() -> None:
    assert FAULTS["vi"].keys() == FAULTS["en"].keys()
    assert NOTES["vi"].keys() == NOTES["en"].keys() == NOTE_CODES | {"new", "same"}
    for language in ("vi", "en"):
        for code in set(FAULTS[language]) - {"name_bad"}:
            assert "{" not in fault_words(Fault(code, ("rank", "60", "x")), language)
        for code in NOTE_CODES:
            assert "{" not in note_words(Fault(code, ("facebook_name",)), language)


def test_a_row_without_a_fault_says_what_becomes_of_it() -> None:
    content = workbook(
        HEADINGS,
        (1, "Lê Văn An", "Hạ sĩ", "", T),
        (2, "Lê Văn An Bình", "", "", T),
        (3, "Lê C D", "", "", "tuyen thanh"),
    )
    checked, _ = read_and_check(content, COORDINATOR, "vi")
    assert [words_of(each, "vi") for each in checked.lines] == [
        ("", "Đã có, sửa: cấp bậc"),
        ("", "Thêm mới"),
        ("", "Thêm mới; Hiểu là Xã Tuyên Thạnh (Thị xã Kiến Tường)"),
    ]
