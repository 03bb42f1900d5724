"""Numbers of likes and followers as people type them, in a line or a pasted table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.figures_typed import FIELDS, FIELDS_OF, Line, Misread, read_figures, read_number, read_table

PAGE = FIELDS_OF["page"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [("16000", 16_000), ("16.000", 16_000), ("16,000", 16_000), ("1.234.567", 1_234_567), ("0", 0), ("１６", 16)],
)
def test_a_number_is_read_with_and_without_separators(typed: str, number: int) -> None:
    assert read_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "16.5", "16,00", "16k", "16 nghìn", "007", "1.234,567", "-5", "1e3", "½", "9.999.999.999", "१६", "+5"]
)
def test_whatever_may_mean_something_else_is_no_number(typed: str) -> None:
    assert read_number(typed) is None


@given(st.integers(0, 999_999_999), st.sampled_from([".", ",", ""]))
def test_every_number_comes_back_as_it_is_written_in_vietnam_or_elsewhere(number: int, separator: str) -> None:
    assert read_number(f"{number:,}".replace(",", separator)) == number


@given(st.text())
def test_no_text_makes_reading_fail(typed: str) -> None:
    read_figures(typed, PAGE)
    assert all(isinstance(line, Line) for line in read_table(typed))


@pytest.mark.parametrize("typed", ["16.000 20,000 35", "16.000, 20.000, 35.", "16000;20000;35", "16000 | 20000\n35"])
def test_a_line_of_figures_is_read_in_its_order(typed: str) -> None:
    assert read_figures(typed, PAGE) == {"likes": 16_000, "followers": 20_000, "posts": 35}


def test_what_is_not_known_is_left_open() -> None:
    assert read_figures("- 9.300 –", PAGE) == {"likes": None, "followers": 9_300, "posts": None}


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("16 nghìn 20.000 35", Misread("number", word="nghìn")),
        ("16 000 20.000 35", Misread("number", word="000")),
        ("16.000 20.000", Misread("count", found=2)),
        ("1 2 3 4", Misread("count", found=4)),
        ("- - -", Misread("nothing")),
    ],
)
def test_what_cannot_be_read_is_named(typed: str, why: Misread) -> None:
    assert read_figures(typed, PAGE) == why


@pytest.mark.parametrize("separator", ["\t", ";", "|", ","])
def test_a_pasted_table_is_read_line_by_line(separator: str) -> None:
    pasted = "\n".join(["Tên;Thích;Theo dõi;Thành viên;Bài", "Trang A;16000;20000;;35", "", "Nhóm B;;;9300"])
    first, second = read_table(pasted.replace(";", separator))
    assert first == Line("Trang A", {"likes": 16_000, "followers": 20_000, "members": None, "posts": 35})
    assert second == Line("Nhóm B", {"likes": None, "followers": None, "members": 9_300, "posts": None})


def test_a_faulty_line_does_not_spoil_the_others() -> None:
    assert [line.figures for line in read_table("A;16k\nB;1;2;3;4;5\nC;;\nD;7")] == [
        Misread("number", word="16k"),
        Misread("count", found=5),
        Misread("nothing"),
        {"likes": 7, "followers": None, "members": None, "posts": None},
    ]


def test_a_table_without_a_heading_loses_no_line() -> None:
    assert [line.page for line in read_table("A;1\nB;2")] == ["A", "B"]
    assert set(FIELDS) == set(read_table("A;1")[0].figures)  # type: ignore[arg-type]  # it was read
