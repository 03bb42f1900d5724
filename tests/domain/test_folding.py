"""Folding: what a member types without marks finds what the roster holds with them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unidecode import unidecode

from bot.domain.folding import fold, is_latin

VIETNAMESE = "aáàảãạăắằẳẵặâấầẩẫậbcdđeéèẻẽẹêếềểễệghiíìỉĩịklmnoóòỏõọôốồổỗộơớờởỡợpqrstuúùủũụưứừửữựvxyýỳỷỹỵ "


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Tuyên Thạnh", "tuyen thanh"),
        ("  ĐỨC   HÒA ", "duc hoa"),
        ("Krông Nô", "krong no"),
        ("Čư̆ M'gar", "cu m'gar"),
        ("Ｔân\u200b An", "tan an"),
        ("thuỷ thủy", "thuy thuy"),
        ("", ""),
    ],
)
def test_a_name_folds_to_plain_letters_in_either_normal_form(text: str, folded: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


def test_letters_of_other_scripts_are_left_alone() -> None:
    assert fold("Москва й") == "москва й"
    assert fold("東京") == "東京"


def test_a_cyrillic_look_alike_is_not_latin() -> None:
    assert is_latin("Đức Hòa 3, ￼!")
    assert not is_latin("Đứс Hòa")


@given(st.text(VIETNAMESE))
def test_accented_and_plain_spelling_fold_alike(accented: str) -> None:
    plain = unidecode(accented)
    assert fold(accented) == fold(plain) == fold(accented.upper())
    assert fold(unicodedata.normalize("NFD", accented)) == fold(accented)


@given(st.text())
def test_folding_never_raises_and_settles_on_latin_text(text: str) -> None:
    if is_latin(text):
        assert fold(fold(text)) == fold(text)
