"""Text with marks: nothing is lost when it is taken apart, cut and put together again."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.graphemes import is_boundary
from bot.channels.marks import KNOWN, Marked, parse, split, to_html, units, without_links
from bot.channels.zalo_text import Style, styled

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
THUMB, HEART, FLAGS = "\U0001f44d\U0001f3fd", "\u2764\ufe0f", "\U0001f1fb\U0001f1f3\U0001f1f1\U0001f1e6"
ODD = "\n \u1ea1\u0301\u0323\u200d" + THUMB + FLAGS
LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from(ODD), max_size=40)
SIMPLE = sorted(KNOWN - {"a"})


@st.composite
def html(draw: st.DrawFn) -> str:
    """Well-formed HTML in the subset."""
    return "".join(_pieces(draw, depth=3))


def _pieces(draw: st.DrawFn, depth: int) -> list[str]:
    pieces = []
    for _ in range(draw(st.integers(1, 3))):
        tag = draw(st.sampled_from(["", "a", *SIMPLE])) if depth else ""
        if not tag:
            pieces.append(escape(draw(LETTERS), quote=False))
        else:
            url = ' href="https://a.vn/?x=1&amp;y=2"' if tag == "a" else ""
            pieces += [f"<{tag}{url}>", *_pieces(draw, depth - 1), f"</{tag}>"]
    return pieces


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("e\u0301", 1),
        (FAMILY, 1),
        (FAMILY, 2),
        (THUMB, 1),
        (FLAGS, 1),
        (FLAGS, 3),
        (HEART, 1),
        ("\u1112\u1161\u11ab", 1),
        ("\u0915\u094d\u0937", 2),
        ("\r\n", 1),
    ],
)
def test_a_character_as_people_see_it_is_never_torn(text: str, at: int) -> None:
    assert not is_boundary(text, at)


@pytest.mark.parametrize(
    ("text", "at"), [("ab", 1), ("🇻🇳🇱🇦", 2), ("é\u0301b", 2), ("👍🏽👍", 2), ("a\n", 1), ("", 0), ("a", 1)]
)
def test_between_two_characters_there_is_room_for_a_cut(text: str, at: int) -> None:
    assert is_boundary(text, at)


def test_html_comes_back_as_it_was() -> None:
    said = '<b>Chào <i>bạn</i></b> &lt;3 &amp; <a href="https://a.vn/?x=1&amp;y=2">bài</a> <code>#A</code>'
    assert to_html(parse(said)) == said


def test_of_an_unknown_tag_only_what_it_holds_is_left() -> None:
    assert parse("<span class='x'>a<b>b</b></span>").text == "ab"


@given(html())
def test_taking_apart_what_was_put_together_changes_nothing(said: str) -> None:
    marked = parse(said)
    assert parse(to_html(marked)) == marked


def test_the_address_behind_a_word_is_spelled_out() -> None:
    said = parse('xem <b><a href="https://a.vn/1">bài</a>!</b> và <a href="https://a.vn/2">https://a.vn/2</a>')
    assert to_html(without_links(said)) == "xem <b>bài (https://a.vn/1)!</b> và https://a.vn/2"


@given(html(), st.integers(2, 80))
def test_every_part_of_a_text_fits_and_none_is_blank(said: str, most: int) -> None:
    marked = parse(said)
    parts = split(marked, most)
    assert all(units(part.text) <= most for part in parts)
    assert all(part.text for part in parts) or parts == [Marked("")]


@given(html(), st.integers(2, 80))
def test_splitting_loses_nothing_but_blanks_at_the_cuts(said: str, most: int) -> None:
    marked = parse(said)
    assert _dense("".join(part.text for part in split(marked, most))) == _dense(marked.text)


@given(html(), st.integers(40, 200))
def test_a_cut_never_tears_a_character(said: str, most: int) -> None:
    text = parse(said).text
    at = 0
    for part in split(parse(said), most):
        begins = text.index(part.text, at)
        # Unless a single one fills a whole message.
        assert is_boundary(text, begins) or not any(is_boundary(text, place) for place in range(at, begins))
        at = begins + 1


@given(html(), st.integers(2, 80))
def test_each_part_keeps_the_marks_that_lie_on_it(said: str, most: int) -> None:
    marked = parse(said)
    looks = [look for part in split(marked, most) for look in _looks(part)]
    assert looks == _looks(marked)


def test_a_text_is_cut_between_paragraphs_before_lines_before_words() -> None:
    assert [part.text for part in split(Marked("aaaa bb\n\ncc dd"), 11)] == ["aaaa bb", "cc dd"]
    assert [part.text for part in split(Marked("aaaa bb\ncc dd"), 11)] == ["aaaa bb", "cc dd"]
    assert [part.text for part in split(Marked("aaaa bbbb cc"), 11)] == ["aaaa bbbb", "cc"]
    assert [part.text for part in split(Marked("a" * 25), 11)] == ["a" * 11, "a" * 11, "aaa"]


def test_an_early_paragraph_does_not_make_a_tiny_part() -> None:
    first, *_ = split(Marked("Hi\n\n" + "word " * 10), 30)
    assert first.text.startswith("Hi\n\nword")


def test_styles_are_counted_in_utf_16_units() -> None:
    text, styles = styled("😀 <b>đậm <i>cả hai</i></b> <blockquote>trích</blockquote>")
    assert text == "😀 đậm cả hai trích"
    assert styles == [Style(3, 4, ("b",)), Style(7, 6, ("b", "i")), Style(14, 5, ("i",))]


@given(html())
def test_styles_stay_inside_the_text_and_never_overlap(said: str) -> None:
    text, styles = styled(said)
    at = 0
    for style in styles:
        assert style.start >= at
        assert style.len > 0
        assert style.st
        at = style.start + style.len
    assert at <= units(text)


@given(html())
def test_styles_never_begin_or_end_inside_a_surrogate_pair(said: str) -> None:
    text, styles = styled(said)
    whole = text.encode("utf-16-le")
    for style in styles:
        whole[2 * style.start : 2 * (style.start + style.len)].decode("utf-16-le")


def _dense(text: str) -> str:
    return "".join(text.split())


def _looks(marked: Marked) -> list[tuple[str, frozenset[str]]]:
    """Each character that is no blank with the tags on it."""
    return [
        (letter, frozenset(mark.tag for mark in marked.marks if mark.start <= place < mark.end))
        for place, letter in enumerate(marked.text)
        if not letter.isspace()
    ]
