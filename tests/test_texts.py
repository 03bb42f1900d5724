"""What the bot says: the same in both languages, all of it used, and safe whatever people are called."""

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any

import pytest
from jinja2 import meta

from bot.actions.decisions import REFUSALS
from bot.domain.names import name_fault
from bot.request import Access
from bot.sandbox.html import parse
from bot.sandbox.limits import TEXT_MAX
from bot.storage.models import PostState
from bot.texts import HERE, LANGUAGES, _environment, _labels, label, render
from handlers.mine import PERIODS
from handlers.register import STEPS
from tests.texts_of_anything import AT, WAYS, WICKED
from tests.texts_of_broadcasts import BROADCASTS, broadcast_messages
from tests.texts_of_deadlines import DEADLINES, REMINDERS, deadline_messages, reminder_messages
from tests.texts_of_joining import CAMPAIGN, JOINING, summaries
from tests.texts_of_pages import PAGES, page_messages
from tests.texts_of_people import PEOPLE, ROSTERS, people_messages
from tests.texts_of_posts import FAULTS, POSTS, answer, listing, receipt, receipts, reviews, why
from tests.texts_of_reports import REPORTS, TASKS, reports, task_messages
from tests.texts_of_roles import values_of_roles, variants_of_roles
from tests.texts_of_tags import CHANGE, TAGS, reorganisations, tag_messages

ROOT = HERE.parents[1]
TEMPLATES = sorted(str(path.relative_to(HERE / "vi").with_suffix("")) for path in (HERE / "vi").rglob("*.html"))
MESSAGES = [name for name in TEMPLATES if "/_" not in name]
WEB_PAGES = ["downloads/_gone", "downloads/_page"]  # of the web, for links to files

# What the handlers pass to each message; a message that is not here takes nothing.
VALUES: dict[str, dict[str, Any]] = {
    **values_of_roles(WICKED, AT),
    **PAGES,
    **TASKS,
    **PEOPLE,
    **REMINDERS,
    **ROSTERS,
    **REPORTS,
    **DEADLINES,
    **BROADCASTS,
    **TAGS,
    **POSTS,
    **JOINING,
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
    yield "reorganise/gone", {"unit": WICKED, "day": AT, "joined": False}
    for to_come in (True, False):
        nowhere = {"successors": [], "reversible": True, "members": 2}
        yield "reorganise/done", {"unit": WICKED, "day": AT, "to_come": to_come, **nowhere}
    yield "reorganise/summary", {"unit": WICKED, "parts": [], "day": AT, "today": AT, "change": CHANGE}
    yield "reorganise/parts_bad", {"outside": []}
    yield "profile/show", {"kind": None, "member": None, "tag": None, "waiting": False, "wants_broadcasts": True}
    yield "profile/broadcasts", {"wanted": True}
    yield "register/name", {"unit": None}
    for period, state in product(PERIODS, PostState):
        yield (
            "mine/list",
            listing(period, [(Thing(id=7, url=WICKED, state=state, merged_into_id=3), Thing(name=WICKED), AT)]),
        )
    yield "mine/list", listing("all", [])
    for each in receipts():
        yield "posts/answer", answer(each)
    yield from (("menus/again", {"why": why, "about": WICKED}) for why in ("unknown", "more"))
    yield "menus/options", {"numbered": [], "named": [WICKED], "solemn": []}
    yield "rosters/elsewhere", {"messengers": []}
    yield from (("approval/invitation", VALUES["approval/invitation"] | {"ways": [way]}) for way in WAYS)
    yield from reviews()
    yield from variants_of_roles(WICKED, AT)
    yield from tag_messages()
    yield from reorganisations()
    yield from people_messages()
    yield from reports()
    yield from deadline_messages()
    yield from reminder_messages()
    yield from broadcast_messages()
    yield from summaries()
    yield from page_messages()
    yield from task_messages()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_in_every_variant_is_html_that_telegram_takes(language: str) -> None:
    for name, values in variants():
        text, _ = parse(render(name, language, **values))
        assert text.strip(), name
        assert len(text) <= TEXT_MAX, name
        assert re.search(r"\bNone\b(?! yet)", text) is None, name
        assert re.search(r"&(\w+|#\d+);", text) is None, name  # escaped twice


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
    assert said == {*MESSAGES, *WEB_PAGES}


def test_every_label_is_on_some_button_and_every_button_has_its_label_in_both_languages() -> None:
    on_buttons = {f"language.{code}" for code in LANGUAGES} | {f"mine.{period}" for period in PERIODS}
    on_buttons |= {f"refusal.{code}" for code in REFUSALS}
    made = list(calls("Tap", "Copy", "Visit"))
    verbs = [more.value for call in made for more in call.keywords if more.arg == "verb"]
    on_buttons |= {text for named in [*(call.args[0] for call in made), *verbs] for text in strings(named)}
    on_buttons -= {"language.", "mine.", "refusal."}  # the fixed parts of those above
    assert set(_labels("vi")) == on_buttons
    assert set(_labels("en")) == on_buttons


@pytest.mark.parametrize("key", _labels("vi"))
def test_a_label_takes_the_same_values_in_both_languages(key: str) -> None:
    values = {"path": "{x}", "name": "{x}", "number": 9_999_999}
    vietnamese, english = label(key, "vi", **values), label(key, "en", **values)
    assert ("{x}" in vietnamese, "9999999" in vietnamese) == ("{x}" in english, "9999999" in english)


def test_a_long_label_is_cut_to_what_is_shown() -> None:
    assert label("register.unit", "vi", path="a" * 50 + "b" * 50) == "a" * 23 + "…" + "b" * 36


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
