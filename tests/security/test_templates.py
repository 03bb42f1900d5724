"""Whatever people, units, pages and posts are called, a message keeps its own marks and shows the name as text."""

from dataclasses import fields, is_dataclass, replace
from functools import cache
from types import SimpleNamespace as Thing
from typing import Any

import pytest
from markupsafe import Markup, escape

from bot.channels.zalo_text import styled
from bot.sandbox.html import parse
from bot.texts import LANGUAGES, TURNS_ORDER, label, render
from tests.test_texts import VALUES, variants
from tests.texts_of_anything import WICKED

Looks = tuple[list[str], list[tuple[str, ...]], bool]

LONG = 40
NAMES = [
    "</b></i></a></code></pre></blockquote>",
    "&lt;b&gt;&#60;i&#62;&#x3c;u&#x3e;<!-- -->",
    """" onclick="x" a="' x='<a href="x">""",
    "{{ 7 * 7 }}{% raw %}<b>",
    "\u202e<b>\u2066" + "A\u0301\u0336\u0489" * 8,
    "\ufffd\u200b\ufeff<",
]


def renamed(value: Any, name: str) -> Any:
    """The same with another name wherever a wicked one stood."""
    if isinstance(value, Markup):  # a line of the log
        return Markup(str(value).replace(escape(WICKED), escape(name)))  # noqa: S704 -- both were escaped
    if isinstance(value, str):
        return value.replace(WICKED, without_blanks(name) if value.startswith("https:") else name)
    if isinstance(value, Thing):
        return Thing(**renamed(vars(value), name))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: renamed(getattr(value, each.name), name) for each in fields(value)})
    if isinstance(value, dict):
        return {key: renamed(each, name) for key, each in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(renamed(each, name) for each in value))
    if isinstance(value, list | tuple | set):
        return type(value)(renamed(each, name) for each in value)
    return value


def without_blanks(name: str) -> str:
    """As an address would hold it: with a blank, no messenger takes it for one."""
    return name.replace(" ", "")


@cache
def messages() -> list[tuple[str, Any, str, Looks]]:
    """All messages that show a name, and how they look when it is harmless."""
    shown = [(name, given) for name, given in (*VALUES.items(), *variants()) if str(given) != str(renamed(given, ""))]
    return [
        (message, values, language, looks(message, values, language, "x" * LONG)[0])
        for message, values in shown
        for language in LANGUAGES
    ]


def looks(message: str, values: Any, language: str, name: str) -> tuple[Looks, str]:
    """The marks of a message on Telegram and on Zalo, and its text there."""
    html = render(message, language, **renamed(values, name))
    _, entities = parse(html)
    plain, styles = styled(html)
    return ([str(each["type"]) for each in entities], [each.st for each in styles], "x" * LONG in plain), plain


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_adds_a_mark_or_takes_one_away(name: str) -> None:
    name = name.ljust(LONG, "x")[:LONG]
    for message, values, language, (marks, styles, whole) in messages():
        (found, found_styles, _), plain = looks(message, values, language, name)
        assert (found, found_styles) == (marks, styles), message
        kept = TURNS_ORDER.sub("", name)
        assert whole <= (kept in plain or without_blanks(kept) in plain), message


def test_no_name_turns_round_what_stands_behind_it() -> None:
    turning = "An\u202e\u2067\u200f\u061c"
    shown = [looks(message, values, language, turning)[1] for message, values, language, _ in messages()]
    assert [text for text in shown if TURNS_ORDER.search(text)] == []
    assert label("start.campaign", "vi", name=turning) == "An"
