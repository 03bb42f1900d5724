"""Where two units would have one tag: tags that tell them apart, for the organiser to choose from."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.hashtags.conventions import TagRule
from bot.domain.hashtags.rule import build_tag, unit_parts


@dataclass(frozen=True, slots=True)
class WayOut:
    """Another tag for a unit, and what makes it another."""

    kind: Literal["type_word_kept", "parent_added"]
    tag: str


def ways_out(rule: TagRule, subject: str, parent: str | None = None) -> tuple[WayOut, ...]:
    """The unit's tag with its own type word kept, with its parent's too, and with the parent added.

    `subject` is the unit as `build_tag` takes it, `parent` the full name of the unit above (“Huyện Thạnh
    Hóa”); it is added where `subject` does not name it. Only tags that differ from the rule's and from each
    other, simplest first; none where names differ by their diacritics alone.
    """
    tag = build_tag(rule, subject)
    ways = [WayOut("type_word_kept", build_tag(rule, subject, types_kept=parts)) for parts in (1, 2)]
    if parent and not _named(rule, subject, parent):
        ways.append(WayOut("parent_added", build_tag(rule, f"{subject}{_separator(rule)} {parent}")))
    first = {way.tag: way for way in reversed(ways) if way.tag != tag}
    return tuple(way for way in ways if first.get(way.tag) is way)


def _named(rule: TagRule, subject: str, parent: str) -> bool:
    return set(unit_parts(rule, parent)) <= set(unit_parts(rule, subject)[1:])


def _separator(rule: TagRule) -> str:
    return rule.separators[0] if rule.separators else ""
