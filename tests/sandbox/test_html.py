"""Telegram's HTML, parsed as strictly as Telegram does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import find_entities, trim, utf16_len
from bot.sandbox.html import HtmlError, parse, to_html


@pytest.mark.parametrize(
    ("source", "text", "marks"),
    [
        ("<b>đậm</b>", "đậm", [("bold", 0, 3)]),
        ("<strong>a</strong><em>b</em>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<i>a</i><u>b</u><ins>c</ins>", "abc", [("italic", 0, 1), ("underline", 1, 1), ("underline", 2, 1)]),
        ("<s>a</s><strike>b</strike><del>c</del>", "abc", [("strikethrough", n, 1) for n in range(3)]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("blockquote", 0, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<code>#A <b>x</b></code>", "#A x", [("code", 0, 4)]),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2 &quot;&#8217;&#x1F600;", '1 < 2 && 3 > 2 "’😀', []),
        ("AT&T &nbsp; &unknown;", "AT&T &nbsp; &unknown;", []),
        ("<b></b>x", "x", []),
        ('<a href="javascript:alert(1)">x</a>', "x", []),
    ],
)
def test_html_becomes_text_and_marks(source: str, text: str, marks: list[tuple[str, int, int]]) -> None:
    found, entities = parse(source)
    assert found == text
    assert [(e["type"], e["offset"], e["length"]) for e in entities] == marks


def test_offsets_count_utf16_units() -> None:
    text, entities = parse("😀😀 <b>a😀</b>")
    assert entities == [{"type": "bold", "offset": 5, "length": 3}]
    assert utf16_len(text) == 8


def test_a_link_keeps_its_address_and_a_code_block_its_language() -> None:
    _, link = parse('<a href="https://example.org/?a=1&amp;b=2">x</a>')
    assert link[0]["url"] == "https://example.org/?a=1&b=2"
    _, block = parse('<pre><code class="language-python">x = 1</code></pre>')
    assert block == [{"type": "pre", "offset": 0, "length": 5, "language": "python"}]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("đ <div>x</div>", 'Unsupported start tag "div" at byte offset 3'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_html_that_telegram_refuses_is_refused_in_its_words(source: str, complaint: str) -> None:
    with pytest.raises(HtmlError) as refused:
        parse(source)
    assert str(refused.value) == complaint


def test_blanks_around_a_text_go_and_its_marks_move_along() -> None:
    text, entities = trim(*parse("  \n<b>  a</b> b <i> </i>\n"))
    assert (text, entities) == ("a b", [{"type": "bold", "offset": 0, "length": 1}])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("xem https://www.facebook.com/a/posts/1?b=2.", [("url", "https://www.facebook.com/a/posts/1?b=2")]),
        ("fb.watch/abc, youtu.be/x", [("url", "fb.watch/abc"), ("url", "youtu.be/x")]),
        ("#TAG và #Tiếng_Việt", [("hashtag", "#TAG"), ("hashtag", "#Tiếng_Việt")]),
        ("#123 # x #a#b a#c", []),
        ("/start@sotin_bot /a", [("bot_command", "/start@sotin_bot"), ("bot_command", "/a")]),
        ("a/b https://x.vn/c @alice", [("url", "https://x.vn/c"), ("mention", "@alice")]),
        ("alice@example.org", [("email", "alice@example.org")]),
    ],
)
def test_the_messenger_marks_links_tags_and_commands_itself(text: str, found: list[tuple[str, str]]) -> None:
    marks = find_entities(text)
    assert [(e["type"], text[e["offset"] : e["offset"] + e["length"]]) for e in marks] == found


def test_a_hashtag_inside_code_is_not_marked() -> None:
    text, entities = parse("<code>#TAG</code> #TAG")
    assert [e["type"] for e in find_entities(text, entities)] == ["code", "hashtag"]


@given(st.text())
def test_no_text_makes_the_parser_raise_anything_but_its_own_error(source: str) -> None:
    try:
        text, entities = parse(source)
    except HtmlError:
        return
    assert all(e["offset"] >= 0 and e["offset"] + e["length"] <= utf16_len(text) for e in entities)


_TREES = st.recursive(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(lambda text: to_html(text, [])),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["b", "i", "u", "s", "tg-spoiler", "code", "pre", "blockquote"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=8,
)


@given(_TREES)
def test_what_is_written_back_as_html_means_the_same(source: str) -> None:
    text, entities = parse(source)
    again, marks = parse(to_html(text, entities))
    assert again == text
    assert to_html(again, marks) == to_html(text, entities)
