"""What is fuzzed, and the laws that hold for any input beside “it neither raises nor takes long”."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from bot.campaigns import load, read_units
from bot.domain.folding import fold
from bot.domain.handins import HandIn, fingerprint, looks_like_text, split
from bot.domain.hashtags import Verdict, build_tag, check, find_tags
from bot.domain.links import Link, find_links, read_link
from bot.domain.names import name_fault, tidy_name
from tests.fuzz.inputs import disguised, links, names, texts

Input = Any  # each target has its own
Output = Any

RULE = load("long_an").rule
UNIT = "DQTV xã Tuyên Thạnh, thị xã Kiến Tường"
TAG = build_tag(RULE, UNIT)
OTHERS = sorted({build_tag(RULE, f"DQTV {unit.name}") for unit in read_units("long_an")} - {TAG})[:200]


@dataclass(frozen=True, slots=True)
class Target:
    """A parser under fuzz. Only `parse` is timed; `law` takes its input and what it gave, and asserts."""

    name: str
    inputs: st.SearchStrategy[Input]
    parse: Callable[[Input], Output]
    law: Callable[[Input, Output], None]


def _found_links_stand_in_the_text(text: str, found: list[str]) -> None:
    assert all(link and link in text for link in found)
    assert len(found) == len(set(found))
    assert all(find_links(link) == (link,) for link in found[:20])


def _reading_is_stable(_: str, read: Link) -> None:
    again = read_link(read.url)
    assert (again.key, again.kind, again.url, again.platform) == (read.key, read.kind, read.url, read.platform)
    assert (read.key is None) == (read.kind in {"not_post", "unknown"})
    assert (read.what is not None) == (read.kind == "not_post")


def _tags_are_words_of_the_text(text: str, found: list[str]) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert all(re.fullmatch(r"[#＃]\w+", tag) and tag in composed for tag in found)
    assert find_tags(unicodedata.normalize("NFD", text)) == found


def _same(tag: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", tag).casefold())


def _only_the_exact_tag_is_credited(given: tuple[str, str, str, str], verdict: Verdict) -> None:
    text, required, _, _ = given
    there = _same(required) in map(_same, find_tags(text))
    assert (verdict.verdict == "ok") == there
    assert (verdict.fault is None) == there
    assert verdict.suggestion == (None if there else required)
    assert verdict.written is None or verdict.written in unicodedata.normalize("NFC", text)


def _check(given: tuple[str, str, str, str]) -> Verdict:
    text, required, unit, person = given
    return check(text, required, rule=RULE, unit=unit, person=person, others=OTHERS)


def _a_tag_is_capitals_and_digits(given: tuple[str, str], tag: str) -> None:
    unit, person = given
    assert re.fullmatch(r"#[A-Z0-9]+", tag)
    assert tag.endswith("LONGAN")
    assert build_tag(RULE, unicodedata.normalize("NFD", unit), unicodedata.normalize("NFD", person)) == tag


def _a_tidy_name_is_tidy(_: str, given: tuple[str, str | None]) -> None:
    tidy, fault = given
    assert tidy_name(tidy).casefold() == tidy.casefold()  # “ß” has two capitals, of which the next reading lowers one
    assert name_fault(tidy) == fault


def _folding_is_done_at_once(text: str, folded: str) -> None:
    assert fold(folded) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


def _hand_in(text: str) -> tuple[list[HandIn], str, bool]:
    return split(text, find_links(text)), fingerprint(text), looks_like_text(text)


def _each_link_is_handed_in_once(text: str, given: tuple[list[HandIn], str, bool]) -> None:
    hand_ins, print_, _ = given
    assert [hand_in.link for hand_in in hand_ins] == [*find_links(text)]
    assert fingerprint(unicodedata.normalize("NFD", text)) == print_


_checked = st.tuples(
    disguised(TAG) | disguised(TAG) | disguised(OTHERS[0]) | texts,
    st.just(TAG) | st.just(TAG) | texts,
    st.just(UNIT) | names,
    st.just("Nguyễn Văn A") | names,
)

TARGETS = (
    Target("find_links", texts, find_links, _found_links_stand_in_the_text),
    Target("read_link", links, read_link, _reading_is_stable),
    Target("find_tags", texts, find_tags, _tags_are_words_of_the_text),
    Target("check", _checked, _check, _only_the_exact_tag_is_credited),
    Target("build_tag", st.tuples(names, names), lambda given: build_tag(RULE, *given), _a_tag_is_capitals_and_digits),
    Target("tidy_name", names, lambda name: (tidy_name(name), name_fault(name)), _a_tidy_name_is_tidy),
    Target("fold", texts, fold, _folding_is_done_at_once),
    Target("hand-ins", texts, _hand_in, _each_link_is_handed_in_once),
)
