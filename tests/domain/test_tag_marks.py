"""The marks on a hashtag: what is too much and what is missing, piece by piece."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hashtags import Mark, marks
from bot.domain.hashtags.marks import LONGEST

DQTV = "#DQTVTUYENTHANHKIENTUONGLONGAN"
KINDS = {"=": "same", "-": "wrong", "+": "missing"}
TAGGED = st.lists(
    st.sampled_from(["#", " ", "_", "\u200b", "\u00a0", "DQTV", "tuyen", "THANH", "Thạnh", "KIENTUONG", "LONGAN", "xã"])
).map("".join)


@pytest.mark.parametrize(
    ("written", "right", "pieces"),
    [
        (DQTV, DQTV, f"={DQTV}"),
        ("#dqtvTanAn", "#DQTVTANAN", "=#dqtvTanAn"),
        ("#SONOI VULONGAN", "#SONOIVULONGAN", "=#SONOI|-␣|=VULONGAN"),
        ("#SONOI\n\nVULONGAN", "#SONOIVULONGAN", "=#SONOI|-␣␣|=VULONGAN"),
        ("#SO_NOI_VU", "#SONOIVU", "=#SO|-_|=NOI|-_|=VU"),
        ("#SONOI\u200bVU", "#SONOIVU", "=#SONOI|-‹U+200B›|=VU"),
        ("#SONOI\u00a0VU", "#SONOIVU", "=#SONOI|-‹U+00A0›|=VU"),
        ("#SONộIVỤ", "#SONOIVU", "=#SON|-ộ|+O|=IV|-Ụ|+U"),
        ("#DQTVXATANANLONGAN", "#DQTVTANANLONGAN", "=#DQTV|-XA|=TANANLONGAN"),
        ("#TANANLONGAN", "#DQTVTANANLONGAN", "=#|+DQTV|=TANANLONGAN"),
        ("#DQTVTANANTAYNINH", "#DQTVTANANLONGAN", "=#DQTVTANAN|-TAYNINH|+LONGAN"),
        ("#DANQUANTUVETANAN", "#DQTVTANAN", "=#D|-ANQUANTUVE|+QTV|=TANAN"),
        ("#TUOWNGFTANAN", "#TUONGTANAN", "=#TUO|-W|=NG|-F|=TANAN"),
        ("DQTVTANAN", "#DQTVTANAN", "+#|=DQTVTANAN"),
        ("#DQTVTANAM", "#DQTVTANAN", "=#DQTVTANA|-M|+N"),
        ("", "#A", "+#A"),
        ("#A", "", "-#A"),
        ("", "", ""),
    ],
)
def test_what_differs_is_marked(written: str, right: str, pieces: str) -> None:
    wanted = tuple(Mark(piece[1:], KINDS[piece[0]]) for piece in pieces.split("|") if piece)  # type: ignore[arg-type]  # a test's table
    assert marks(written, right) == wanted


def test_what_is_written_is_cut_and_the_right_tag_is_not() -> None:
    assert marks("x" * 500, "#" * 300) == (Mark("x" * LONGEST, "wrong"), Mark("#" * 300, "missing"))


def test_texts_made_to_be_slow_are_bounded() -> None:
    [_, *_, last] = marks("ab" * 10_000, "aab" * 10_000)
    assert last.kind == "missing"


@given(st.text() | TAGGED, st.text() | TAGGED)
def test_same_and_missing_are_the_right_tag_in_any_letter_case(written: str, right: str) -> None:
    kept = "".join(mark.text for mark in marks(written, right) if mark.kind != "wrong")
    assert kept.casefold() == unicodedata.normalize("NFC", right).casefold()


@given(st.text(st.characters(exclude_categories=["Z", "C"])) | TAGGED, st.text() | TAGGED)
def test_same_and_wrong_are_what_is_written(written: str, right: str) -> None:
    shown = "".join(mark.text for mark in marks(written, right) if mark.kind != "missing")
    here = unicodedata.normalize("NFC", written)[:LONGEST]
    for char, stand_in in ((" ", "␣"), ("\u200b", "‹U+200B›"), ("\u00a0", "‹U+00A0›")):
        here, shown = here.replace(char, stand_in), shown.replace(char, stand_in)
    assert shown == here


@given(st.text() | TAGGED, st.text() | TAGGED)
def test_no_piece_is_empty_and_wrong_stands_before_missing(written: str, right: str) -> None:
    found = marks(written, right)
    assert all(mark.text for mark in found)
    assert all(one.kind != other.kind for one, other in itertools.pairwise(found))
    assert all(other.kind != "wrong" or one.kind == "same" for one, other in itertools.pairwise(found))
