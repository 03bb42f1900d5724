"""What is written beside the right tag, piece by piece: what is the same, what is too much, what is missing."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Literal

from bot.domain.hashtags.reading import sense

LONGEST = 120
_LONG_CHANGE = 3

Kind = Literal["same", "wrong", "missing"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece as it is to be shown.

    same and wrong are pieces of what is written, missing is one of the right tag. In a wrong piece a blank
    shows as ␣, an invisible character as its code point, ‹U+200B›.
    """

    text: str
    kind: Kind


def marks(written: str, right: str) -> tuple[Mark, ...]:
    """`written` held against the tag `right`; never raises.

    Both are taken in NFC, `written` as far as its 120th character. Upper and lower case are the same. Two
    neighbours are never of one kind; where letters are replaced, the wrong ones stand before the missing.
    """
    here, there = unicodedata.normalize("NFC", written)[:LONGEST], unicodedata.normalize("NFC", right)
    pieces = [*_compared(here, there[:LONGEST]), Mark(there[LONGEST:], "missing")]
    runs = groupby((piece for piece in pieces if piece.text), _kind)
    return tuple(Mark("".join(piece.text for piece in run), kind) for kind, run in runs)


def _kind(mark: Mark) -> Kind:
    return mark.kind


def _compared(here: str, there: str) -> Iterator[Mark]:
    i = j = 0
    for start, begin, size in [*_alike(here, there), (len(here), len(there), 0)]:
        yield Mark("".join(map(_visible, here[i:start])), "wrong")
        yield Mark(there[j:begin], "missing")
        i, j = start + size, begin + size
        yield Mark(here[start:i], "same")


def _alike(here: str, there: str) -> Iterator[tuple[int, int, int]]:
    """Where the same stretches begin in both, and how long they are."""
    matcher = SequenceMatcher(None, [*map(str.casefold, here)], [*map(str.casefold, there)], autojunk=False)
    i = j = 0
    for stretch, after in pairwise(matcher.get_matching_blocks()):
        before = max(stretch.a - i, stretch.b - j)
        behind = max(after.a - stretch.a, after.b - stretch.b) - stretch.size
        # One letter between long changes is the same by chance, as the Ns of TAYNINH and LONGAN.
        if stretch.size > 1 or not (before and behind) or max(before, behind) < _LONG_CHANGE:
            i, j = stretch.a + stretch.size, stretch.b + stretch.size
            yield stretch


def _visible(char: str) -> str:
    fault = sense(char)[1]
    if fault == "invisible_char":
        return f"‹U+{ord(char):04X}›"
    return "␣" if fault == "space_inside" else char
