"""What the bot says: one template per message and language, Vietnamese first; labels of buttons in `buttons.toml`.

Templates are HTML in the subset that every channel can show or convert: b, i, u, s, code, pre, a, blockquote. Values
are escaped. A value that a template names but a handler does not pass is an error, found by the tests.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape

HERE = Path(__file__).parent
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
WEEKDAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def render(template: str, language: str, **values: Any) -> str:
    """The message `template` (such as `register/name`) in a language, ready to send."""
    return _environment(language).get_template(f"{template}.html").render(values, language=language).strip()


def label(key: str, language: str, **values: Any) -> str:
    """The text on a button; labels are plain text, so values are not escaped. At most 60 characters are shown."""
    text = _labels(language)[key].format(**values)
    return text if len(text) <= 60 else f"{text[:59]}…"


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
    environment.filters["short"] = lambda text, most=40: escape(text if len(text) <= most else f"{text[: most - 1]}…")
    return environment


@cache
def _labels(language: str) -> Mapping[str, str]:
    flat: dict[str, str] = {}
    for group, labels in tomllib.loads((HERE / language / "buttons.toml").read_text("utf-8")).items():
        flat.update({f"{group}.{name}": text for name, text in labels.items()})
    return flat


def _date(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
