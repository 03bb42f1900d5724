"""What the bot says: the same in both languages, all of it used, and safe whatever people are called."""

import ast
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import product
from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from jinja2 import meta

from bot.domain.handins import Need
from bot.domain.hashtags import CLASSES
from bot.domain.names import name_fault
from bot.request import Access
from bot.sandbox.html import parse
from bot.sandbox.limits import TEXT_MAX
from bot.storage.models import PostState
from bot.texts import HERE, LANGUAGES, _environment, _labels, label, render
from handlers.mine import PERIODS
from handlers.register import STEPS

ROOT = HERE.parents[1]
WICKED = """<b>&"'</i>"""  # what a person, a unit or a page could be called
AT = datetime(2027, 3, 1, 9, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TEMPLATES = sorted(str(path.relative_to(HERE / "vi").with_suffix("")) for path in (HERE / "vi").rglob("*.html"))
MESSAGES = [name for name in TEMPLATES if "/_" not in name]
FAULTS = [*(code for code, _ in CLASSES), "absent"]

UNIT = Thing(name=WICKED)
DETAILS: dict[str, Any] = {"rank": WICKED, "position": None, "facebook_name": WICKED}
MEMBER = Thing(full_name=WICKED, unit=UNIT, state="active", **DETAILS)
CAMPAIGN = Thing(name=WICKED, name_en=WICKED, body=WICKED, consent_version="1")
PROGRESS = Thing(
    week=1, month=2, quotas=(Thing(per="week", left=2, at_least=3), Thing(per="month", left=0, at_least=1))
)
POST = Thing(id=7, url=f"https://example.org/?{WICKED}", state="counted")
VERDICT = Thing(written=WICKED * 20, found=(WICKED,))

# What the handlers pass to each message; a message that is not here takes nothing.
VALUES: dict[str, dict[str, Any]] = {
    "approval/approved": {"unit": WICKED},
    "approval/decided": {"approved": True, "member": MEMBER},
    "approval/decided_before": {"member": MEMBER},
    "approval/invitation": {"link": WICKED, "unit": WICKED, "until": AT},
    "approval/refused": {"unit": WICKED},
    "approval/request": {"kind": WICKED, "member": MEMBER, "path": [WICKED, WICKED]},
    "hint/help": {"access": "ANYONE", "campaign": CAMPAIGN},
    "mine/withdraw": {"post": POST},
    "mine/withdrawn": {"number": 7},
    "posts/full_link": {"number": 7},
    "posts/paste_again": {"number": 7, "tag": WICKED},
    "posts/tag": {"tag": WICKED, "unit": WICKED},
    "posts/text_too_short": {"number": 7, "tag": WICKED},
    "profile/erase": {"words": WICKED},
    "profile/erase_words_differ": {"words": WICKED},
    "profile/show": {"kind": WICKED, "member": MEMBER, "tag": WICKED, "waiting": True},
    "register/already": {"unit": WICKED},
    "register/detail_bad": {"most": 60},
    "register/done": {"unit": WICKED},
    "register/expired": {"step": "register"},
    "register/kind": {"unit": WICKED},
    "register/name": {"unit": WICKED},
    "register/name_bad": {"fault": "has_digits"},
    "register/summary": {
        "data": {"name": WICKED, "rank": None, "position": "", "facebook": WICKED},
        "kind": WICKED,
        "unit": WICKED,
    },
    "register/unit": {"data": {"name": WICKED}},
    "register/unit_found": {"more": True, "typed": WICKED},
    "register/unit_none": {"typed": WICKED},
    "register/waiting": {"unit": WICKED},
    "start/consent": {"campaign": CAMPAIGN},
    "start/welcome_back": {"name": WICKED, "unit": WICKED},
}


def variants() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every message, and those that say several things in each way that they can."""
    for name in set(MESSAGES) - {"posts/answer", "mine/list"}:
        yield name, VALUES.get(name, {})
    for access in Access:
        yield "hint/help", {"access": access.name, "campaign": CAMPAIGN}
    for step in ("register", "posts", "profile"):
        yield "register/expired", {"step": step}
    for text in ("", "A 1", "https://a.vn/b", "#A", "a" * 200, "???"):
        yield "register/name_bad", {"fault": name_fault(text)}
    yield "profile/show", {"kind": None, "member": None, "tag": None, "waiting": False}
    yield "register/name", {"unit": None}
    for period, state in product(PERIODS, PostState):
        yield "mine/list", listing(period, [(Thing(id=7, url=WICKED, state=state), Thing(name=WICKED), AT)])
    yield "mine/list", listing("all", [])
    for each in receipts():
        yield "posts/answer", answer(each)


def listing(period: str, posts: list[Any]) -> dict[str, Any]:
    return {"period": period, "posts": posts, "page": 1, "pages": 2, "total": 9, "progress": PROGRESS}


def answer(*receipts: Thing) -> dict[str, Any]:
    targets = [Thing(name=WICKED), Thing(name=WICKED)]
    return {"receipts": receipts, "waiting": [7, 8], "left_out": 2, "targets": targets, "progress": PROGRESS}


def receipts() -> Iterator[Thing]:
    for what, kind in product(("profile", "group", "story", "hashtag", "search", None), ("not_post", "album")):
        yield receipt("not_post", what=what, kind=kind)
    for mine, by in product((True, False), (WICKED, None)):
        yield receipt("already", mine=mine, by=by)
    yield receipt("unknown_site")
    yield receipt("off_target")
    for wanted, target, double_of in product(get_args(Need), (Thing(name=WICKED), None), (3, None)):
        yield receipt("logged", need=wanted, target=target, double_of=double_of)
    for fault in FAULTS:
        yield receipt("logged", need="tag", fault=fault)
    yield receipt("logged", need="tag", fault="absent", verdict=Thing(written=None, found=()))


def receipt(outcome: str, **fields: Any) -> Thing:
    usual: dict[str, Any] = {
        "need": "nothing",
        "url": WICKED * 9,
        "kind": "post",
        "what": None,
        "platform": "facebook",
        "number": 7,
    }
    usual |= {"required": WICKED, "target": None, "verdict": VERDICT, "fault": None, "double_of": None}
    usual |= {"mine": False, "by": WICKED, "by_unit": WICKED, "at": AT}
    return Thing(outcome=outcome, **{**usual, **fields})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_in_every_variant_is_html_that_telegram_takes(language: str) -> None:
    for name, values in variants():
        text, _ = parse(render(name, language, **values))
        assert text.strip(), name
        assert len(text) <= TEXT_MAX, name
        assert re.search(r"\bNone\b(?! yet)", text) is None, name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name, values in VALUES.items() if WICKED in values.values()])
def test_what_people_write_is_shown_as_they_wrote_it(name: str, language: str) -> None:
    text, _ = parse(render(name, language, **VALUES[name]))
    assert WICKED in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_a_hashtag_has_words_of_its_own(language: str) -> None:
    told = {
        fault: render("posts/answer", language, **answer(receipt("logged", need="tag", fault=fault)))
        for fault in FAULTS
    }
    told.pop("i_y", None)  # said as any other slip of the finger
    assert len(set(told.values())) == len(told)


def test_both_languages_have_the_same_messages() -> None:
    english = sorted(str(path.relative_to(HERE / "en").with_suffix("")) for path in (HERE / "en").rglob("*.html"))
    assert english == TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_message_takes_the_same_values_in_both_languages(name: str) -> None:
    assert variables(name, "en") == variables(name, "vi")


@pytest.mark.parametrize("name", sorted(set(MESSAGES) - {"posts/answer", "mine/list"}))
def test_the_table_holds_what_a_message_takes_and_no_more(name: str) -> None:
    assert set(VALUES.get(name, {})) == variables(name, "vi")


def test_every_message_is_said_somewhere_and_every_message_said_is_there() -> None:
    said = {text for text in literals() if text in TEMPLATES} | {f"register/{step}" for step in STEPS}
    assert said == set(MESSAGES)


def test_every_label_is_on_some_button_and_every_button_has_its_label_in_both_languages() -> None:
    on_buttons = {f"language.{code}" for code in LANGUAGES} | {f"mine.{period}" for period in PERIODS}
    on_buttons |= {text for call in calls("Tap", "Copy", "Visit") for text in strings(call.args[0])}
    on_buttons -= {"language.", "mine."}  # the fixed parts of those above
    assert set(_labels("vi")) == on_buttons
    assert set(_labels("en")) == on_buttons


@pytest.mark.parametrize("key", _labels("vi"))
def test_a_label_takes_the_same_values_in_both_languages(key: str) -> None:
    values = {"path": "{x}", "name": "{x}", "number": 9_999_999}
    vietnamese, english = label(key, "vi", **values), label(key, "en", **values)
    assert ("{x}" in vietnamese, "9999999" in vietnamese) == ("{x}" in english, "9999999" in english)


def test_a_long_label_is_cut_to_what_is_shown() -> None:
    assert label("register.unit", "vi", path="x" * 61) == "x" * 59 + "…"


def variables(name: str, language: str) -> set[str]:
    return meta.find_undeclared_variables(_environment(language).parse(source(name, language)))


def source(name: str, language: str) -> str:
    return (HERE / language / f"{name}.html").read_text("utf-8")


def sources() -> Iterator[ast.AST]:
    for path in [*ROOT.glob("handlers/*.py"), *ROOT.glob("bot/*.py"), *ROOT.glob("bot/actions/*.py")]:
        yield from ast.walk(ast.parse(Path(path).read_text("utf-8")))


def calls(*names: str) -> Iterator[ast.Call]:
    return (each for each in sources() if isinstance(each, ast.Call) and getattr(each.func, "id", "") in names)


def literals() -> Iterator[str]:
    return (each.value for each in sources() if isinstance(each, ast.Constant) and isinstance(each.value, str))


def strings(tree: ast.AST) -> set[str]:
    return {each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str)}
