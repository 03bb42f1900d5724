import io
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm

from bot.documents.appendix1 import Appendix1, Person, appendix1_docx, appendix1_xlsx
from bot.documents.forms import MOTTO, NATION, SIGNATURES
from tests.documents.reading import HEAD, sheet_rows, word_table, word_tables, word_text, workbook

TITLE = "MẪU BÁO CÁO DANH SÁCH THÀNH VIÊN THAM GIA VIẾT TIN, BÀI TRÊN TRANG, NHÓM FACEBOOK CỦA BAN CHQS HUYỆN ĐỨC HÒA"
REFERENCE = "(Kèm theo Báo cáo số 15/BC-BCH ngày 05/02/2026 của Ban CHQS huyện Đức Hòa)"
COLUMNS = ["STT", "HỌ VÀ TÊN", "CẤP BẬC", "CHỨC VỤ", "ĐƠN VỊ", "TÊN FACEBOOK"]
BOB = Person("Trần Văn Bình", "Thiếu tá", "Chỉ huy trưởng", "Ban CHQS huyện", "Bình Trần")
ALICE = Person("Nguyễn Thị An", "", "", "Xã Đức Lập Hạ", "An Nguyễn")
LIST = Appendix1(HEAD, "Ban CHQS huyện Đức Hòa", (BOB,), (ALICE, BOB))
HOSTILE = ("=1+1", "@SUM(A1)", "+84", "-1", "<b>&amp;</b>", "]]>", "a\x00\x0bb\ud800", "W" * 300, "{{ 1 }}", "_x0041_")


def test_the_word_list_has_each_person_in_his_section() -> None:
    assert word_table(appendix1_docx(LIST)) == [
        COLUMNS,
        ["I", "Ban quản trị (1 người)"],
        ["1", "Trần Văn Bình", "Thiếu tá", "Chỉ huy trưởng", "Ban CHQS huyện", "Bình Trần"],
        ["II", "Thành viên tham gia (2 người)"],
        ["1", "Nguyễn Thị An", "", "", "Xã Đức Lập Hạ", "An Nguyễn"],
        ["2", "Trần Văn Bình", "Thiếu tá", "Chỉ huy trưởng", "Ban CHQS huyện", "Bình Trần"],
    ]


def test_the_word_list_has_letterhead_title_and_reference() -> None:
    said = word_text(appendix1_docx(LIST))
    for line in (NATION, MOTTO, "BỘ CHQS TỈNH LONG AN", "BAN CHQS HUYỆN ĐỨC HÒA", "Số: 15/BC-BCH", TITLE, REFERENCE):
        assert line in said
    assert "Đức Hòa, ngày 05 tháng 02 năm 2026" in said
    assert "Tổng cộng: 3 người." in said


def test_the_word_page_is_laid_out_as_the_decree_asks() -> None:
    document = Document(io.BytesIO(appendix1_docx(LIST)))
    page = document.sections[0]
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    sizes = [round(size.cm, 1) for size in (page.page_width, page.page_height, *margins) if size is not None]
    assert sizes == [21.0, 29.7, 2.0, 2.0, 3.0, 1.5]
    font = document.styles["Normal"].font
    assert (font.name, font.size.pt) == ("Times New Roman", 13)
    assert page.different_first_page_header_footer
    assert not page.first_page_header.paragraphs[0].text
    assert "PAGE" in page.header._element.xml


def test_the_header_row_stands_on_each_page_and_no_row_is_torn() -> None:
    rows = Document(io.BytesIO(appendix1_docx(LIST))).tables[1]._tbl.tr_lst
    repeated = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
    assert repeated == [True, *[False] * (len(rows) - 1)]
    assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)


def test_the_table_is_as_wide_as_the_text_on_the_page() -> None:
    grid = Document(io.BytesIO(appendix1_docx(LIST))).tables[1]._tbl.tblGrid.gridCol_lst
    assert sum(column.w or 0 for column in grid) == pytest.approx(Cm(16.5), rel=0.01)


def test_the_excel_list_has_each_person_in_his_section_and_numbers_are_numbers() -> None:
    rows = sheet_rows(appendix1_xlsx(LIST), "Phụ lục 1")
    assert rows[3][0] == f"Phụ lục 1. {TITLE}"
    assert rows[4][0] == REFERENCE
    assert rows[5:11] == [
        COLUMNS,
        ["I", "Ban quản trị (1 người)", None, None, None, None],
        [1, "Trần Văn Bình", "Thiếu tá", "Chỉ huy trưởng", "Ban CHQS huyện", "Bình Trần"],
        ["II", "Thành viên tham gia (2 người)", None, None, None, None],
        [1, "Nguyễn Thị An", None, None, "Xã Đức Lập Hạ", "An Nguyễn"],
        [2, "Trần Văn Bình", "Thiếu tá", "Chỉ huy trưởng", "Ban CHQS huyện", "Bình Trần"],
    ]
    assert SIGNATURES[1][0] in rows[-2]


def test_the_excel_sheet_is_ready_to_scroll_and_to_print() -> None:
    sheet = workbook(appendix1_xlsx(LIST))["Phụ lục 1"]
    assert sheet.freeze_panes == "A7"
    assert sheet.print_title_rows == "$6:$6"
    fit = sheet.sheet_properties.pageSetUpPr
    assert fit is not None
    assert fit.fitToPage
    # One page wide is what the format says by default, 0 stands for any number of pages down.
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (9, 1, 0)
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["A"].width


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_somebody_is_called_stays_text(text: str) -> None:
    data = Appendix1(replace(HEAD, body=text), text, (Person(*[text] * 5),), ())
    shown = text.replace("\x00", "").replace("\x0b", " ").replace("\ud800", "")
    assert word_table(appendix1_docx(data))[2] == ["1", *[shown] * 5]
    row = list(workbook(appendix1_xlsx(data))["Phụ lục 1"].iter_rows())[7]
    # The type is what matters: Excel works out only cells of type "f".
    assert [(cell.value, cell.data_type, cell.number_format) for cell in row[1:]] == [(shown, "s", "@")] * 5


def test_the_same_list_gives_the_same_files() -> None:
    assert appendix1_docx(LIST) == appendix1_docx(LIST)
    assert appendix1_xlsx(LIST) == appendix1_xlsx(LIST)


def test_a_list_without_anybody_is_a_form_to_fill_in() -> None:
    nobody = Appendix1(HEAD, "Xã Tân Phú", (), ())
    assert word_table(appendix1_docx(nobody))[1:] == [
        ["I", "Ban quản trị (0 người)"],
        ["II", "Thành viên tham gia (0 người)"],
    ]
    assert workbook(appendix1_xlsx(nobody))["Phụ lục 1"].max_row > 7


def test_a_long_list_is_complete_in_tables_that_each_begin_with_the_header() -> None:
    people = tuple(replace(ALICE, name=f"Người thứ {number}") for number in range(2_001))
    made = appendix1_docx(Appendix1(HEAD, "tỉnh Long An", (), people))
    tables = word_tables(made)
    assert [len(table) for table in tables] == [501, 501, 501, 501, 4]
    assert all(table[0] == tables[0][0] for table in tables)
    assert [row[1] for table in tables for row in table[1:]][2:] == [person.name for person in people]
    assert zipfile.ZipFile(io.BytesIO(made)).testzip() is None
