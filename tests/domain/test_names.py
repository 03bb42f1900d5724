"""Names: any Vietnamese person's name is taken, tidied, and shown as it will be kept."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import name_fault, tidy_name

TIDIED = [
    ("  nguyễn   VĂN a ", "Nguyễn Văn A"),
    ("NGUYỄN THỊ C", "Nguyễn Thị C"),
    ("nGUYỄN văn A", "Nguyễn Văn A"),
    ("đỗ\u00a0đức\tanh", "Đỗ Đức Anh"),
    ("Nguyễn\u200b Văn\ufeff A", "Nguyễn Văn A"),
    ("h’hen niê", "H'Hen Niê"),
    ("Y-BLÔK êban", "Y-Blôk Êban"),
    ("y–blôk", "Y-Blôk"),
    ("K'Brơi", "K'Brơi"),
    ("McDonald", "McDonald"),
    ("Ｎguyễn Văn A", "Nguyễn Văn A"),
]


@pytest.mark.parametrize(("typed", "kept"), TIDIED)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_typed_name_is_tidied(typed: str, kept: str, form: str) -> None:
    decomposed = unicodedata.normalize("NFD" if form == "NFD" else "NFC", typed)
    assert tidy_name(decomposed) == kept
    assert name_fault(decomposed) is None


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "empty"),
        (" \u200b\n", "empty"),
        ("A" * 101, "too_long"),
        ("Nguyễn Văn A 2", "has_digits"),
        ("https://facebook.com/a", "has_link"),
        ("facebook.com", "has_link"),
        ("Văn A #DQTV", "has_tag"),
        ("@nguyenvana", "has_tag"),
        ("---", "no_letters"),
        ("A", "not_a_name"),
        ("Nguyễn (Văn) A", "not_a_name"),
        ("Văn 😀 A", "not_a_name"),
    ],
)
def test_what_is_no_name_is_refused_with_its_reason(typed: str, fault: str) -> None:
    assert name_fault(typed) == fault


def test_one_hundred_characters_are_still_a_name() -> None:
    assert name_fault("An" * 50) is None


@given(st.text())
def test_no_input_raises(text: str) -> None:
    name_fault(text)
    assert tidy_name(text) == unicodedata.normalize("NFC", tidy_name(text))


@given(st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạ' -"))
def test_a_tidy_name_is_left_as_it_is(text: str) -> None:
    assert tidy_name(tidy_name(text)) == tidy_name(text)
