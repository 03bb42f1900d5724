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

from bot.actions.decisions import REFUSALS
from bot.domain.handins import Need
from bot.domain.hashtags import CLASSES
from bot.domain.hashtags.typed import tag_fault
from bot.domain.names import name_fault
from bot.request import Access
from bot.sandbox.html import parse
from bot.sandbox.limits import TEXT_MAX
from bot.storage.models import CaseReason, PostState
from bot.texts import HERE, LANGUAGES, _environment, _labels, label, render
from handlers.mine import PERIODS
from handlers.register import STEPS
from handlers.review import TYPED

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
BRIEF = {"number": 7, "url": WICKED, "by": WICKED, "unit": WICKED, "at": AT, "target": Thing(name=WICKED)}
BRIEF |= {"text": WICKED, "state": "counted", "tag": WICKED}
MARKS = (Thing(kind="same", text=WICKED), Thing(kind="wrong", text="␣"), Thing(kind="missing", text=WICKED))
LEARNT = Thing(source="author", level="declared", verdict="near_miss")
WHY = Thing(fault="typo", written=WICKED * 20, found=(WICKED,), marks=MARKS, whose=None)
CASE = Thing(reason="double", answer=WICKED, question=WICKED)
PARTS = [
    Thing(name=WICKED, unit_id=None, code="27817", place=WICKED, taken=False),
    Thing(name=WICKED, unit_id=7, code=None, place=None, taken=True),
]
CHANGE = Thing(
    members=2,
    admins=1,
    cases=1,
    old_tags=[WICKED],
    last=AT,
    tags=[Thing(name=WICKED, tag=WICKED, clashes=[WICKED]), Thing(name=WICKED, tag=None, clashes=[])],
)

TAG_LINE: dict[str, Any] = {"tag": WICKED, "since": AT.date(), "last": AT.date()}

# What the handlers pass to each message; a message that is not here takes nothing.
VALUES: dict[str, dict[str, Any]] = {
    "approval/approved": {"unit": WICKED},
    "approval/decided": {"approved": True, "member": MEMBER, "others": [WICKED]},
    "approval/decided_before": {"member": MEMBER},
    "approval/invitation": {"link": WICKED, "unit": WICKED, "until": AT},
    "approval/refused": {"unit": WICKED},
    "approval/request": {"kind": WICKED, "member": MEMBER, "path": [WICKED, WICKED]},
    "hint/help": {"access": "ANYONE", "campaign": CAMPAIGN},
    "mine/withdraw": {"post": POST},
    "mine/withdrawn": {"number": 7},
    "posts/counts_now": {"number": 7, "target": Thing(name=WICKED)},
    "posts/full_link": {"number": 7},
    "posts/merged_away": {"number": 7, "into": 3, "mine": False, "unit": WICKED, "at": AT},
    "posts/merged_here": {"number": 7, "other": 8},
    "posts/paste_again": {"number": 7, "tag": WICKED},
    "posts/tag": {"tag": WICKED, "unit": WICKED, "accepted": (WICKED, WICKED), "settled": False},
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
    "reorganise/choose": {"unit": WICKED, "day": AT, "last": AT},
    "reorganise/day": {"unit": WICKED},
    "reorganise/day_bad": {"unit": WICKED, "fault": "below", "names": [WICKED] * 11},
    "reorganise/done": {
        "unit": WICKED,
        "successors": [WICKED],
        "day": AT,
        "to_come": True,
        "reversible": True,
        "members": 2,
    },
    "reorganise/found": {"typed": WICKED, "number": 9, "more": True, "new": None, "adding": True},
    "reorganise/invitation": {"unit": WICKED},
    "reorganise/moved": {
        "unit": WICKED,
        "successor": WICKED,
        "tag": WICKED,
        "changed": True,
        "settled": False,
        "last": AT,
        "still": True,
    },
    "reorganise/parts": {"unit": WICKED, "parts": PARTS},
    "reorganise/parts_bad": {"outside": [WICKED]},
    "reorganise/refused": {"unit": WICKED, "closed_on": None, "below": [WICKED] * 21},
    "reorganise/summary": {"unit": WICKED, "parts": PARTS, "day": AT, "today": AT, "change": CHANGE},
    "reorganise/undone": {"unit": WICKED},
    "review/accepted": {"number": 7},
    "review/answer": {"number": 7, "question": WICKED},
    "review/answered": {"number": 7},
    "review/appeal": {"number": 7},
    "review/appealed": {"number": 7, "unit": WICKED},
    "review/asked": {"number": 7, "told": True},
    "review/bulk": {"posts": [BRIEF] * 10},
    "review/bulk_done": {"numbers": [7, 8]},
    "review/case": {
        "case": CASE,
        "post": BRIEF,
        "text": WICKED * 300,
        "why": WHY,
        "refused": Thing(refusal="other", note=WICKED),
        "required": WICKED,
        "evidence": [(LEARNT, AT)],
        "other": BRIEF,
    },
    "review/decided": {"number": 7, "accepted": False, "refusal": "no_tag"},
    "review/disputed": {"number": 7},
    "review/link_bad": {"number": 7},
    "review/merge": {"post": BRIEF, "other": BRIEF},
    "review/merged": {"first": 7, "second": 8},
    "review/no_more": {"skipped": 2},
    "review/number_bad": {"number": 7},
    "review/picture": {"number": 7, "at": AT},
    "review/picture_kept": {"number": 7},
    "review/question": {"number": 7, "words": WICKED, "unit": WICKED},
    "review/queue": {"reasons": [("sample", 2)], "total": 2, "since": AT},
    "review/refused": {"number": 7, "refusal": "other", "note": WICKED, "required": WICKED, "final": False},
    "review/resolved": {"number": 7, "merged": True, "post": POST},
    "review/skipped": {"number": 7},
    "review/waiting": {"total": 2, "since": AT},
    "review/where": {"number": 7},
    "review/why": {"number": 7},
    "review/words": {"number": 7, "what": "ask"},
    "review/words_bad": {"most": 500},
    "start/consent": {"campaign": CAMPAIGN},
    "start/welcome_back": {"name": WICKED, "unit": WICKED},
    "tags/alike": {
        "whose": WICKED,
        "same": [([WICKED, WICKED], [WICKED], 0)],
        "near": [([WICKED * 9, WICKED * 9], [WICKED, WICKED], 2)] * 19,
        "more": 28,
    },
    "tags/ask": {"whose": WICKED, "required": True, "proposal": WICKED},
    "tags/changed": {"unit": WICKED, "tag": WICKED, "since": AT.date(), "old": WICKED, "old_last": AT.date()},
    "tags/confirm": {
        "whose": WICKED,
        "required": True,
        "tag": WICKED,
        "start": AT.date(),
        "last": AT.date(),
        "old": WICKED,
        "old_last": AT.date(),
        "posts": 2,
        "members": 3,
        "upcoming": False,
    },
    "tags/day_bad": {"start": AT.date()},
    "tags/day_taken": {"tag": WICKED, "names": [WICKED], "free": AT.date()},
    "tags/end": {"whose": WICKED, "tag": WICKED, "upcoming": True},
    "tags/end_taken": {"tag": WICKED, "names": [WICKED]},
    "tags/ended": {"whose": WICKED, "tag": WICKED, "settled": [(WICKED, WICKED)]},
    "tags/from": {"tag": WICKED, "today": AT.date()},
    "tags/known": {"tag": WICKED},
    "tags/member_clashes": {"name": WICKED, "others": [WICKED]},
    "tags/members": {"whose": WICKED, "total": 1, "members": [(1, {"name": WICKED, "tag": WICKED, "clash": True})]},
    "tags/overview": {
        "whose": WICKED,
        "by_name": False,
        "required": TAG_LINE,
        "proposed": False,
        "by": WICKED,
        "at": AT,
        "upcoming": [TAG_LINE],
        "accepted": [{**TAG_LINE, "since": None}],
        "former": [TAG_LINE],
        "names": [WICKED],
    },
    "tags/plainer": {"tag": WICKED, "plain": WICKED},
    "tags/saved": {"whose": WICKED, "tag": WICKED, "counted": 2, "told": 3, "settled": [(WICKED, WICKED)]},
    "tags/tag_bad": {"fault": "signs", "most": 100},
    "tags/taken": {"tag": WICKED, "names": [WICKED], "offered": True},
    "tags/unit_found": {"more": True, "typed": WICKED},
    "tags/unit_none": {"typed": WICKED},
    "tags/until": {"tag": WICKED},
    "tags/yours_clashes": {"tag": WICKED, "unit": WICKED},
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
    for fault in ("unread", "far", "unit", "successors"):
        yield "reorganise/day_bad", {"unit": WICKED, "fault": fault, "names": [WICKED]}
    yield "reorganise/parts", {"unit": WICKED, "parts": []}
    yield "reorganise/parts_bad", {"outside": []}
    yield "profile/show", {"kind": None, "member": None, "tag": None, "waiting": False}
    yield "register/name", {"unit": None}
    for period, state in product(PERIODS, PostState):
        yield (
            "mine/list",
            listing(period, [(Thing(id=7, url=WICKED, state=state, merged_into_id=3), Thing(name=WICKED), AT)]),
        )
    yield "mine/list", listing("all", [])
    for each in receipts():
        yield "posts/answer", answer(each)
    yield from reviews()
    yield from tag_messages()


def reviews() -> Iterator[tuple[str, dict[str, Any]]]:
    for reason in CaseReason:
        yield "review/queue", {"reasons": [(reason, 2)], "total": 2, "since": AT}
        yield "review/case", VALUES["review/case"] | {"case": Thing(reason=reason, answer=None, question=None)}
    yield "review/queue", {"reasons": [], "total": 0, "since": None}
    bare: dict[str, Any] = {"text": None, "why": None, "refused": None, "evidence": [], "other": None}
    yield "review/case", VALUES["review/case"] | bare | {"post": BRIEF | {"by": None, "target": None, "url": ""}}
    for fault in FAULTS:
        yield "review/case", VALUES["review/case"] | {"why": why(fault)}
    for refusal, final in product(REFUSALS, (True, False)):
        yield "review/refused", VALUES["review/refused"] | {"refusal": refusal, "final": final}
        yield "review/decided", {"number": 7, "accepted": final, "refusal": refusal}
    for what in TYPED:
        yield "review/words", {"number": 7, "what": what}
    yield "review/appealed", {"number": 7, "unit": None}
    yield "review/bulk_done", {"numbers": []}
    yield "review/no_more", {"skipped": 0}
    yield "posts/tag", {"tag": WICKED, "unit": WICKED, "accepted": (), "settled": True}
    yield "posts/merged_away", VALUES["posts/merged_away"] | {"mine": True}


def tag_messages() -> Iterator[tuple[str, dict[str, Any]]]:
    """What the conversation about hashtags says in other cases than those of the table."""
    for typed in ("", "a b", "a-b", "1", "а", "a" * 200):
        yield "tags/tag_bad", {"fault": tag_fault(f"#{typed}"), "most": 100}
    overview = VALUES["tags/overview"]
    nothing: dict[str, Any] = {"required": None, "upcoming": [], "accepted": [], "former": [], "names": []}
    always = {"required": {**TAG_LINE, "since": None, "last": None}, "by": None}
    yield from (("tags/overview", {**overview, **other}) for other in (nothing, always, {"by_name": True}))
    confirm = VALUES["tags/confirm"]
    nobody = {"posts": 0, "members": 0, "upcoming": True}
    other = {"required": False, "old": None, "old_last": None, "start": None, "last": None}
    yield from (("tags/confirm", {**confirm, **each}) for each in (nobody, other, {"old_last": None}))
    changed = VALUES["tags/changed"]
    yield from (("tags/changed", {**changed, **each}) for each in ({"since": None, "old": None}, {"old_last": None}))
    yield "tags/alike", {"whose": WICKED, "same": [], "near": [], "more": 0}
    yield "tags/members", {"whose": WICKED, "total": 0, "members": []}
    yield "tags/end", {**VALUES["tags/end"], "upcoming": False}
    yield "tags/day_bad", {"start": None}
    yield "tags/day_taken", {**VALUES["tags/day_taken"], "free": None}
    yield "tags/taken", {**VALUES["tags/taken"], "offered": False}


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
        yield receipt("logged", need="tag", why=why(fault))
    for whose in (Thing(name=WICKED, old=False, last=None), Thing(name=WICKED, old=True, last=AT)):
        yield receipt("logged", need="tag", why=why("someone_elses", whose=whose))
    yield receipt("logged", need="tag", why=Thing(fault="absent", written=None, found=(), marks=(), whose=None))
    yield receipt("logged", need="review", settled=False)


def why(fault: str, **fields: Any) -> Thing:
    return Thing(**vars(WHY) | {"fault": fault, **fields})


def receipt(outcome: str, **fields: Any) -> Thing:
    usual: dict[str, Any] = {
        "need": "nothing",
        "url": WICKED * 9,
        "kind": "post",
        "what": None,
        "platform": "facebook",
        "number": 7,
    }
    usual |= {"required": WICKED, "target": None, "double_of": None, "settled": True, "why": WHY}
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
        fault: render("posts/answer", language, **answer(receipt("logged", need="tag", why=why(fault))))
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
    on_buttons |= {f"refusal.{code}" for code in REFUSALS}
    on_buttons |= {text for call in calls("Tap", "Copy", "Visit") for text in strings(call.args[0])}
    on_buttons -= {"language.", "mine.", "refusal."}  # the fixed parts of those above
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
