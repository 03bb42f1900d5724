"""HTML in the subset of bot/texts as Zalo takes it: plain text and `text_styles`. Pure.

Source: the platform's sendMessage. Offsets count UTF-16 units; there are no links behind words, no typewriter letters.
"""

from dataclasses import dataclass
from itertools import pairwise

from bot.channels.marks import Marked, parse, units, without_links

CODES = {"b": "b", "i": "i", "u": "u", "s": "s", "blockquote": "i"}


@dataclass(frozen=True, slots=True)
class Style:
    """`len` units from `start` look like this; the fields are those of the platform's own entry."""

    start: int
    len: int
    st: tuple[str, ...]


def styled(html: str) -> tuple[str, list[Style]]:
    """The plain text, and styles that neither overlap nor reach beyond it, in order."""
    marked = without_links(parse(html))
    places = sorted({place for each in marked.marks for place in (each.start, each.end)})
    found = []
    for start, end in pairwise(places):
        codes = _codes(marked, start, end)
        if codes:
            found.append(Style(units(marked.text[:start]), units(marked.text[start:end]), codes))
    return marked.text, found


def _codes(marked: Marked, start: int, end: int) -> tuple[str, ...]:
    """What all that lies between two neighbouring places looks like."""
    over = {CODES[each.tag] for each in marked.marks if each.tag in CODES and each.start <= start and end <= each.end}
    return tuple(sorted(over))
