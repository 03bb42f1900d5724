"""The table of pages and the chart of a page's growth."""

from datetime import date

import pytest

from bot.documents.growth_chart import Curve, growth_chart
from bot.documents.pages_table import PageLine, PagesTable, pages_docx, pages_xlsx, percent_of
from tests.documents.reading import HEAD, picture_size, sheet_rows, word_table, word_text, workbook

JANUARY, MARCH = date(2027, 1, 1), date(2027, 3, 1)
BINH_LONG = "Thị xã Bình Long"
LINES = (
    PageLine("Bù Đốp Ngày Mới", "u", "Huyện Bù Đốp", "Huyện Bù Đốp", MARCH, (None, None, 7_159, 12), 51),
    PageLine("=1+1", "u", "Xã A", "Huyện Bù Đốp", None, (None, None, None, None), None),
    PageLine(
        "Bình Long Đất và Người", "u", "Thị xã Bình Long", "Thị xã Bình Long", JANUARY, (5_477, 6_510, None, 3), -4
    ),
)
TABLE = PagesTable(HEAD, "tỉnh Bình Phước", 2027, 5, LINES)


def test_pages_stand_under_their_part_of_the_tree_with_sums_of_their_figures() -> None:
    assert word_table(pages_docx(TABLE))[1:] == [
        ["", "Huyện Bù Đốp: 2 trang, nhóm, kênh", "", "0", "0", "7.159", "12", ""],
        ["1", "Bù Đốp Ngày Mới", "Huyện Bù Đốp", "", "", "7.159", "12", "+5,1 %"],
        ["2", "=1+1", "Xã A", "", "", "", "", ""],
        ["", "Thị xã Bình Long: 1 trang, nhóm, kênh", "", "5.477", "6.510", "0", "3", ""],
        ["3", "Bình Long Đất và Người", "Thị xã Bình Long", "5.477", "6.510", "", "3", "-0,4 %"],
        ["", "Tổng cộng: 3", "", "5.477", "6.510", "7.159", "15", ""],
    ]


def test_excel_has_the_same_figures_as_numbers_and_names_as_text() -> None:
    made = pages_xlsx(TABLE)
    rows = sheet_rows(made, "Trang, nhóm, kênh")
    assert [None, "Tổng cộng: 3", None, 5_477, 6_510, 7_159, 15, None] in rows
    sheet = workbook(made)["Trang, nhóm, kênh"]
    [cell] = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert cell.data_type == "s"


def test_the_remarks_say_how_old_the_figures_are_and_how_many_are_missing() -> None:
    said = "\n".join(word_text(pages_docx(TABLE)))
    assert "từ 01/2027 đến 03/2027" in said
    assert "tăng 5 %; đã đạt: 1 trang" in said
    assert "Chưa có số liệu: 1 trang" in said


def test_a_directory_without_pages_is_a_table_all_the_same() -> None:
    assert word_table(pages_docx(PagesTable(HEAD, "x", 2027, None, ())))[1][1] == "Tổng cộng: 0"


@pytest.mark.parametrize(("tenths", "said"), [(None, ""), (0, "+0,0 %"), (64, "+6,4 %"), (-105, "-10,5 %")])
def test_a_percentage_is_written_with_its_sign(tenths: int | None, said: str) -> None:
    assert percent_of(tenths) == said


@pytest.mark.parametrize(
    ("values", "target"),
    [((), None), ((5,), 5), ((0, 0), 0), ((None, 16_000, None, 17_000), 16_800), ((999_999_999,), 1)],
)
def test_whatever_the_figures_are_there_is_a_chart(values: tuple[int | None, ...], target: int | None) -> None:
    months = [f"{number}/2027" for number in range(len(values))]
    made = growth_chart("Trang <b>$x$", months, [Curve("Người theo dõi", values), Curve("Thích", values)], target)
    assert picture_size(made) == (1280, 640)
