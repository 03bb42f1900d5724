"""The conformance pack, read from its files."""

import unicodedata
from pathlib import Path
from typing import Any

import yaml

from bot.domain.hashtags import TagRule

PACK = Path(__file__).parents[2] / "conformance"

Case = dict[str, Any]


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((PACK / name).read_text("utf-8"))
    return loaded


_LINKS = _read("links.yml")
_TEXTS = _read("texts.yml")
_RULE = TagRule.model_validate(_read("tag_rules.yml")["rules"]["long_an"])

LINKS: list[Case] = _LINKS["links"]
FINDING: list[Case] = _LINKS["finding"]
TAGS: list[Case] = _read("tags.yml")["cases"]
TEXTS: list[Case] = _TEXTS["cases"]
SUBJECTS: dict[str, Case] = _TEXTS["subjects"]


def rule_of(case: Case) -> TagRule:
    """The pack's rule with the switches of a case or subject."""
    return TagRule.model_validate(_RULE.model_dump() | case.get("switches", {}))


def formed(case: Case, text: str | None) -> str:
    """A name or text of a case in the Unicode form that the case asks for; "" for none."""
    return unicodedata.normalize("NFD", text or "") if case.get("form") == "NFD" else text or ""


def spelled_out(link: str | Case) -> str:
    """A link as it stands, or one of thousands of characters from its three parts."""
    return link if isinstance(link, str) else link["start"] + link["repeat"] * link["times"]
