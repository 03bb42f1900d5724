"""Sheets with the figures of pages as people send them: what each row would do, or all that is wrong with it."""

import io
import unicodedata
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.documents.page_sheet import WORDS, PageRow, page_template_xlsx, read_and_check_pages
from bot.domain.figures_typed import FIELDS
from bot.domain.page_sheets import CheckedPages, KnownPage, PageGround, PageLine, check_pages, merged, read_month
from bot.domain.rosters.check import Outcome
from bot.domain.rosters.table import Row, Table, Unreadable
from tests.rosters.sheets import cells_of, text, workbook

OCTOBER, NOVEMBER, TODAY = date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 21)
HEADINGS = (
    "STT",
    "ĐƠN VỊ",
    "TRANG, NHÓM, KÊNH",
    "LINK",
    "THÁNG",
    "LƯỢT THÍCH",
    "NGƯỜI THEO DÕI",
    "THÀNH VIÊN",
    "TIN, BÀI",
)
A, B = "Xã Tuyên Thạnh", "Xã Bình Hiệp"
LINK, GROUP = "https://www.facebook.com/xatuyenthanh", "https://www.facebook.com/groups/tuyenthanh"
GROUND = PageGround(
    (
        KnownPage(1, "facebook:page:xatuyenthanh", "Trang xã", A),
        KnownPage(2, "facebook:group:tuyenthanh", "Nhóm Tự hào", A),
        KnownPage(3, "facebook:page:binhhiep", "Trang xã", B),
    ),
    {2: {OCTOBER: {"likes": None, "followers": None, "members": 9_300, "posts": 42}}},
    OCTOBER,
    date(2025, 1, 1),
    TODAY,
)


def row(page: str = "", *figures: object, unit: str = "", link: str = "", month: object = "") -> tuple[object, ...]:
    return (1, unit, page, link, month, *figures)


def read(content: bytes) -> CheckedPages:
    return read_and_check_pages(content, GROUND, "vi")[0]


def line_of(*cells: object) -> PageLine:
    [line] = read(workbook(HEADINGS, cells)).lines
    return line


def codes(line: PageLine) -> list[str]:
    return [each.code for each in line.faults]


GOOD = row("Nhóm Tự hào", "", "", 9_400, 40)
BROKEN: dict[str, tuple[Sequence[object], list[str]]] = {
    "a page that is not there": (row("Trang huyện", 1), ["page_unknown"]),
    "a page of another unit, by its link": (
        row("Trang xã", 1, link="https://www.facebook.com/tinhlongan"),
        ["link_unknown"],
    ),
    "a link of nothing": (row("Nhóm Tự hào", 1, link="ở trên"), ["link_unknown"]),
    "no page at all": (row("", 16_000, 1), ["page_missing"]),
    "two pages of one name": (row("Trang xã", 1), ["page_several"]),
    "the unit of another page": (row("Nhóm Tự hào", "", "", 5, unit=B), ["unit_differs"]),
    "“1,2K”": (row("Nhóm Tự hào", "", "", "1,2K"), ["number_bad"]),
    "words": (row("Nhóm Tự hào", "", "", "chín nghìn"), ["number_bad"]),
    "a negative number": (row("Nhóm Tự hào", "", "", -5), ["number_bad"]),
    "half a follower": (row("Nhóm Tự hào", "", "", 12.5), ["number_bad"]),
    "a billion": (row("Nhóm Tự hào", "", "", 10**9), ["number_bad"]),
    "a formula": (row("Nhóm Tự hào", "", "", "=SUM(A1:A9)"), ["formula"]),
    "the error of a formula": (row("#REF!", 1), ["formula"]),
    "a month that is none": (row("Nhóm Tự hào", "", "", 5, month="13/2026"), ["month_bad"]),
    "words for a month": (row("Nhóm Tự hào", "", "", 5, month="tháng trước"), ["month_bad"]),
    "a day that is none": (row("Nhóm Tự hào", "", "", 5, month="31/9/2026"), ["month_bad"]),
    "a month to come": (row("Nhóm Tự hào", "", "", 5, month="12/2026"), ["month_range"]),
    "a month long ago": (row("Nhóm Tự hào", "", "", 5, month="12/2024"), ["month_range"]),
    "several at once": (
        row("Trang huyện", "x", "-1", month="xx"),
        ["page_unknown", "month_bad", "number_bad", "number_bad"],
    ),
}

TAKEN: dict[str, tuple[Sequence[object], int, date, dict[str, int | None]]] = {
    "NFD": (row(unicodedata.normalize("NFD", "Nhóm Tự hào"), "", "", 7), 2, OCTOBER, {"members": 7}),
    "without diacritics": (row("nhom tu hao", "", "", 7), 2, OCTOBER, {"members": 7}),
    "“1.234” typed": (row("Nhóm Tự hào", "", "", "1.234"), 2, OCTOBER, {"members": 1234}),
    "“1,234” typed": (row("Nhóm Tự hào", "", "", "1,234"), 2, OCTOBER, {"members": 1234}),
    "a number": (row("Nhóm Tự hào", "", "", 1234.0), 2, OCTOBER, {"members": 1234}),
    "the name of two pages with the unit": (row("Trang xã", 5, unit=B), 3, OCTOBER, {"likes": 5}),
    "the link alone": (row("", 5, link=f"{LINK}/?ref=share"), 1, OCTOBER, {"likes": 5}),
    "a link in the place of the name": (row(GROUP, "", "", 5), 2, OCTOBER, {"members": 5}),
    "a month with a year": (row("", 5, link=LINK, month="11/2026"), 1, NOVEMBER, {"likes": 5}),
    "a month in words": (row("", 5, link=LINK, month="Tháng 11 năm 2026"), 1, NOVEMBER, {"likes": 5}),
    "a day, day first": (row("", 5, link=LINK, month="03/11/2026"), 1, NOVEMBER, {"likes": 5}),
    "a day of Excel": (row("", 5, link=LINK, month=date(2026, 11, 3)), 1, NOVEMBER, {"likes": 5}),
    "“–” for what is not known": (row("", 5, "–", link=LINK), 1, OCTOBER, {"likes": 5, "followers": None}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_row_tells_all_its_faults_and_would_write_nothing(name: str) -> None:
    cells, expected = BROKEN[name]
    line = line_of(*cells)
    assert codes(line) == expected
    assert line.outcome is Outcome.FAULTY


@pytest.mark.parametrize("name", TAKEN)
def test_an_odd_row_is_read_as_its_sender_meant_it(name: str) -> None:
    cells, page, month, told = TAKEN[name]
    line = line_of(*cells)
    assert not line.faults
    assert (line.page, line.month, line.told) == (page, month, told)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_a_table_of_text_is_read_whatever_saved_it(separator: str, encoding: str) -> None:
    rows = text(("Trang", "Link", "Thành viên"), ("Nhóm tự hào", GROUP, "9400"), separator=separator)
    marked = unicodedata.normalize("NFD", rows) if encoding == "cp1258" else rows
    [line] = read(marked.encode(encoding, errors="strict" if encoding != "cp1258" else "ignore")).lines
    assert (line.page, line.told) == (2, {"members": 9400})


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "empty"),
        (workbook(HEADINGS), "empty"),
        (workbook(("HỌ VÀ TÊN", "ĐƠN VỊ"), ("Lê Văn C", A)), "no_header"),
        (workbook(("TRANG", "LINK"), ("Trang xã", LINK)), "no_header"),
        (b"%PDF-1.7", "other_format"),
        (workbook(HEADINGS, GOOD)[:300], "broken"),
    ],
)
def test_a_file_without_such_a_table_is_refused_with_the_reason(content: bytes, fault: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert refused.value.fault == fault


def test_a_title_a_letterhead_blank_rows_and_a_total_are_passed_over() -> None:
    sheet = workbook(("SỐ LIỆU THÁNG 10",), (), HEADINGS, GOOD, (), (), ("Tổng cộng", "", "", "", "", 1, 2, 3, 4))
    assert [line.number for line in read(sheet).lines] == [4]


def test_merged_cells_give_their_unit_to_each_of_their_rows() -> None:
    sheet = workbook(HEADINGS, row("Trang xã", 1, unit=B), row("Nhóm Tự hào", "", "", 2), merged=["B2:B3"])
    first, second = read(sheet).lines
    assert (first.page, codes(first)) == (3, [])
    assert codes(second) == ["unit_differs"]


def test_a_page_may_stand_once_for_each_month() -> None:
    rows = [row("", 1, link=LINK, month=month) for month in ("10/2026", "11/2026", "", "11/2026")]
    lines = read(workbook(HEADINGS, *rows)).lines
    assert [[each.values for each in line.faults] for line in lines] == [[], [], [("2",)], [("3",)]]


def test_each_row_says_whether_its_figures_are_new_other_the_same_or_none() -> None:
    rows = [
        row("", 5, link=LINK),
        GOOD,
        row("Nhóm Tự hào", "", "", 9, month="9/2026"),
        row("", link=LINK, month="9/2026"),
    ]
    checked = read(workbook(HEADINGS, *rows))
    assert [line.outcome for line in checked.lines] == [Outcome.NEW, Outcome.CHANGED, Outcome.NEW, Outcome.SAME]
    assert (checked.count(Outcome.SAME), checked.blank) == (0, 1)
    assert line_of(*row("Nhóm Tự hào", "", "", 9_300)).outcome is Outcome.SAME


def test_the_sheet_that_comes_back_has_the_faults_and_notes_beside_each_row() -> None:
    _, sheet = read_and_check_pages(workbook(HEADINGS, GOOD, row("Trang huyện", "1,2K")), GROUND, "vi")
    head, good, bad = cells_of(sheet)
    assert head[-2:] == ["LỖI", "GHI CHÚ"]
    assert good[-1] == "THÀNH VIÊN 9.300 → 9.400, TIN, BÀI 42 → 40"
    assert "Không có trang “Trang huyện” trong phạm vi của bạn; LƯỢT THÍCH: “1,2K” chưa phải là số" in str(bad[-2])


def test_what_looks_like_a_formula_comes_back_as_text() -> None:
    _, sheet = read_and_check_pages(text(("Trang", "Likes"), ("=HYPERLINK(1)", "=1+1")).encode(), GROUND, "en")
    cells = [cell for line in load_workbook(io.BytesIO(sheet)).worksheets[0].iter_rows() for cell in line]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}


def test_the_template_comes_back_empty_and_filled_in_without_a_fault() -> None:
    rows = (
        PageRow(A, "Trang xã", LINK, ("likes", "followers", "posts")),
        PageRow(A, "Nhóm Tự hào", GROUP, ("members",)),
    )
    for language in WORDS:
        template = page_template_xlsx(rows, OCTOBER, language)
        assert read(template).blank == 2
        book = load_workbook(io.BytesIO(template))
        sheet = book.worksheets[0]
        sheet["F2"], sheet["G2"], sheet["I2"] = "16.000", 20_000, 35
        made = io.BytesIO()
        book.save(made)
        first, second = read(made.getvalue()).lines
        assert first.told == {"likes": 16_000, "followers": 20_000, "members": None, "posts": 35}
        assert [each.code for each in second.notes] == ["blank"]


FIGURES = st.dictionaries(st.sampled_from(FIELDS), st.none() | st.integers(0, 999_999_999))


@given(FIGURES, FIGURES)
def test_what_a_sheet_tells_stands_and_the_rest_stays(told: dict, known: dict) -> None:  # type: ignore[type-arg]  # of figures
    after = merged(told, known)
    assert set(after) == set(FIELDS)
    assert all(after[field] == (told[field] if field in told else known.get(field)) for field in FIELDS)
    assert merged(told, after) == after


@given(st.text(max_size=20))
def test_any_words_for_a_month_are_a_first_of_a_month_or_none(typed: str) -> None:
    month = read_month(typed, TODAY)
    assert month is None or month.day == 1


CELLS = st.sampled_from(["Trang", "Likes", LINK, "5", "-", "=1", "10/2026", ""])


@given(st.lists(st.lists(CELLS, max_size=6), max_size=6))
def test_no_table_makes_the_check_fail(rows: list[list[str]]) -> None:
    table = Table(tuple(Row(number, tuple(cells)) for number, cells in enumerate(rows, 1) if any(cells)))
    try:
        lines = check_pages(table, GROUND).lines
    except Unreadable:
        return
    assert all((line.outcome is Outcome.FAULTY) == bool(line.faults) for line in lines)
