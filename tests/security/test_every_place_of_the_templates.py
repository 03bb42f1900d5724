"""Every place where a template shows something is tried with what would break out of it if it were not escaped.

The places are read off the templates, so that one that is added is found here by itself.
"""

import re
from functools import cache
from itertools import count
from typing import Any, cast

import pytest
from jinja2 import Environment
from jinja2.ext import Extension
from markupsafe import Markup, escape

from bot.texts import HERE, LANGUAGES, _environment, render
from tests.test_texts import variants
from tests.texts_of_anything import AT, WICKED

FILE = {"name": WICKED, "size": 12_345, "expires_at": AT}
WEB: list[tuple[str, dict[str, Any]]] = [("downloads/_page", FILE), ("downloads/_gone", {"taken": True})]

PLACE = re.compile(r"\{\{(-?)(.*?)(-?)\}\}", re.DOTALL)
WORD = re.compile(r'"([^"]*)"')
MARKS = (WICKED[:3], str(escape(WICKED))[:4])  # either end may be cut off
NUMBER = re.compile(r"[\d\s/:.,%+−-]*")
# What is shown there is made by the program, of its own words and numbers.
OURS = {
    r".*\| day": "a day of the week",
    r".*: (quota\.|line\.)?bar": "how far somebody is, drawn",
    r".*ways\[0\]\.messenger.*": "the name of a messenger",
    r".*: \[steps\.moved ~ .*": "numbers with our words",
    r"operate/(left_out|_jobs)\.html \d+: name(\.replace.*)?": "the name of a job",
    r"deadlines/step\.html \d+: step\.split.*": "the code of a step",
}


class Noting(Extension):
    """Writes down what each place shows."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.shown: dict[str, set[str]] = {}
        environment.filters["noted"] = self.note

    def preprocess(self, source: str, name: str | None, _filename: str | None = None) -> str:
        """Each place also tells where it is."""
        numbers = count(1)

        def noted(found: re.Match[str]) -> str:
            place = f"{name} {next(numbers)}: {found[2].strip()}"
            self.shown.setdefault(place, set())
            return f"{{{{{found[1]} ({found[2]}) | noted({place!r}) {found[3]}}}}}"

        return PLACE.sub(noted, source)

    def note(self, value: object, place: str) -> object:
        """What a macro made was noted inside it; what comes as markup has to show what is in it."""
        made = isinstance(value, Markup) and "(" in place and not is_marked(value)
        self.shown[place].add("" if made else str(value))
        return value


def is_marked(text: str) -> bool:
    return any(mark in text for mark in MARKS)


def is_own(text: str, own: set[str]) -> bool:
    return text.casefold() in own or NUMBER.fullmatch(text) is not None


@cache
def shown(language: str) -> dict[str, set[str]]:
    """Place → what all messages show there."""
    environment = _environment.__wrapped__(language).overlay(extensions=[Noting], cache_size=-1)
    noting = cast(Noting, environment.extensions[Noting.identifier])
    for path in (HERE / language).rglob("*.html"):
        environment.get_template(str(path.relative_to(HERE / language)))
    for name, values in [*variants(), *WEB]:
        environment.get_template(f"{name}.html").render(values, language=language)
    return noting.shown


def words(language: str) -> set[str]:
    """All that stands in quotes in the templates."""
    sources = (path.read_text("utf-8") for path in (HERE / language).rglob("*.html"))
    return {word.casefold() for source in sources for word in WORD.findall(source)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_shows_something_in_some_message(language: str) -> None:
    assert [place for place, texts in shown(language).items() if not texts] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_that_shows_a_text_is_tried_with_a_wicked_one(language: str) -> None:
    own, ours = words(language), re.compile("|".join(OURS), re.DOTALL)
    tame = {place: texts for place, texts in shown(language).items() if not any(map(is_marked, texts))}
    foreign = {place: {each for each in texts if not is_own(each, own)} for place, texts in tame.items()}
    assert {place: texts for place, texts in foreign.items() if texts and not ours.fullmatch(place)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_behind_a_link_shows_the_name_of_its_file_as_text(language: str) -> None:
    page = render("downloads/_page", language, **FILE)
    assert str(escape(WICKED)) in page
    assert WICKED not in page
