from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.forms import Column, Form, Letterhead, Row
from bot.documents.plain import LONGEST, plain
from bot.documents.sheet import form_xlsx
from tests.documents.reading import HEAD, workbook


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 2, 5), "Long An, ngày 05 tháng 02 năm 2026"),
        (date(2026, 3, 31), "Long An, ngày 31 tháng 3 năm 2026"),
        (date(2026, 10, 10), "Long An, ngày 10 tháng 10 năm 2026"),
    ],
)
def test_a_day_is_written_as_the_decree_asks(day: date, shown: str) -> None:
    assert Letterhead("Ban CHQS", day, place="Long An").place_and_date == shown


def test_what_the_office_has_still_to_fill_in_is_left_open() -> None:
    head = Letterhead("Ban CHQS", date(2026, 6, 10))
    assert head.number_line == "Số: …/…-…"
    assert head.place_and_date == "…, ngày 10 tháng 6 năm 2026"
    assert head.enclosed_with == "(Kèm theo Báo cáo số …/…-… ngày 10/06/2026 của Ban CHQS)"


def test_a_remark_of_several_lines_has_the_room_it_needs_under_the_excel_table() -> None:
    columns = (Column("TT", 2), Column("Đơn vị", 10))
    form = Form(HEAD, "Dự thảo", "DANH SÁCH", (), columns, (Row((1, "Xã Tuyên Thạnh")),), ("Ngắn.", "dài " * 60))
    rows = workbook(form_xlsx(form, "Danh sách"))["Danh sách"].row_dimensions
    short, long = (rows[number].height for number in (7, 8))
    assert short is None
    assert long is not None
    assert long >= 4 * 15


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn An"),
        (" Nguyễn \n\t Văn  An ", "Nguyễn Văn An"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("a\x00\x07b\ud800c\u202ed\ue000e\ufffef", "abcdef"),
        ("=1+1", "=1+1"),
        ("x" * 3_000, "x" * (LONGEST - 1) + "…"),
    ],
)
def test_a_text_becomes_one_line_that_any_file_can_hold(typed: str, shown: str) -> None:
    assert plain(typed) == shown


@given(st.text(max_size=50))
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert plain(text).isprintable()
