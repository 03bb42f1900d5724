"""Hashtags as admins type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hashtags import find_tags
from bot.domain.hashtags.typed import plain_tag, tag_fault, tidy_tag


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("DQTVA", None),
        ("  #DQTV_A2 ", None),
        ("#Đội\u200bA", None),
        ("", "empty"),
        ("#", "empty"),
        ("DQTV A", "blanks"),
        ("#A #B", "blanks"),
        ("#A#B", "signs"),
        ("#A-B", "signs"),
        ("＃A", "signs"),
        ("#2027", "only_digits"),
        ("#DQTVА", "foreign"),  # the last letter is Cyrillic
        ("A" * 99, None),
        ("A" * 100, "too_long"),
    ],
)
def test_each_fault_of_a_typed_tag_has_a_name(typed: str, fault: str | None) -> None:
    assert tag_fault(tidy_tag(typed)) == fault


def test_the_plain_form_has_capitals_and_no_diacritics() -> None:
    assert plain_tag("#ĐộiTuyênThạnh") == "#DOITUYENTHANH"
    assert plain_tag("#ǁA") == "#ǁA"  # spelled plainly it would hold signs


@given(st.text() | st.text(st.characters(categories=["L", "M", "Nd"])))
def test_a_tag_without_fault_is_one_that_platforms_read_and_so_is_its_plain_form(typed: str) -> None:
    tag = tidy_tag(typed)
    if tag_fault(tag) is None:
        assert find_tags(f"a {tag} b") == [tag]
        assert tag_fault(plain_tag(tag)) is None
