"""What the bot says: one template per message and language, Vietnamese first; labels of buttons in `buttons.toml`.

Templates are HTML in the subset that every channel can show or convert: b, i, u, s, code, pre, a, blockquote. Values
are escaped, and what turns the reading order is left out. A value that a template names but a handler does not pass is
an error, found by the tests.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

HERE = Path(__file__).parent
# No text of ours needs one, and in a name it would turn round what stands behind it.
TURNS_ORDER = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
MOST_ON_A_BUTTON, LEAST_OF_A_NAME = 60, 12
STEP = " › "  # between a unit and the one above it
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
WEEKDAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def render(template: str, language: str, **values: Any) -> str:
    """The message `template` (such as `register/name`) in a language, ready to send."""
    text = _environment(language).get_template(f"{template}.html").render(values, language=language).strip()
    return TURNS_ORDER.sub("", text)


def label(key: str, language: str, **values: Any) -> str:
    """The text on a button, at most 60 characters; labels are plain text, so values are not escaped.

    Of a unit's path the upper end is left out first, then the middle: names of one kind begin alike.
    """
    text = TURNS_ORDER.sub("", _labels(language)[key].format(**values))
    if len(text) <= MOST_ON_A_BUTTON:
        return text
    name, *above = text.split(STEP)
    room = MOST_ON_A_BUTTON - len(name) - len(STEP)
    if above and room >= LEAST_OF_A_NAME:
        return f"{name}{STEP}{_without_middle(above[0], room)}"
    return _without_middle(name, MOST_ON_A_BUTTON)


def _without_middle(text: str, most: int) -> str:
    tail = most * 3 // 5
    return text if len(text) <= most else f"{text[: most - tail - 1].rstrip()}…{text[-tail:].lstrip()}"


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / language),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    environment.filters["day"] = lambda day: f"{WEEKDAYS[language][day.weekday()]} {_date(day)}"
    environment.filters["date"] = _date
    environment.filters["moment"] = lambda moment: f"{moment:%H:%M} {_date(moment)}"
    environment.filters["short"] = _short
    environment.filters["ends"] = lambda text, most: escape(_without_middle(text, most))
    return environment


def _short(text: str, most: int = 40) -> Markup:
    # What a macro gives is escaped already: it is cut as it is read.
    plain = text.unescape() if isinstance(text, Markup) else text
    return escape(plain if len(plain) <= most else f"{plain[: most - 1]}…")


@cache
def _labels(language: str) -> Mapping[str, str]:
    flat: dict[str, str] = {}
    for group, labels in tomllib.loads((HERE / language / "buttons.toml").read_text("utf-8")).items():
        flat.update({f"{group}.{name}": text for name, text in labels.items()})
    return flat


def _date(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
