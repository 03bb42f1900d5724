"""Reads a text the way a kind eye does: letters only, and note of everything that was overlooked."""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from itertools import compress, count, pairwise

from bot.domain.folding import fold_char

HASHES = "#＃﹟"
# What a member cannot see, or sees as nothing: Cf and Cc come by category, these by name.
_INVISIBLE = frozenset("\u00a0\u2007\u202f\u034f\u115f\u1160\u3164\uffa0") | {chr(n) for n in range(0xFE00, 0xFE10)}
# By looks, never by sound: В is a B here and Р a P.
_LOOKALIKES = dict(
    zip(
        "АВЕЅЗІЈКМНОРСТУХҮԚԜԌаеѕіјорсухԁһԛԝгп" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳονυιακρϲ" + "ԱՍՕՏօոսհցզ" + "ꓐꓓꓔꓢꓣꓯꓠꓡꓖꓑꓦꓧꓮꓳꓴ",
        "abes3ijkmhopctyxyqwgaesijopcyxdhqwrn" + "abezhikmnoptyxcjovuiakpc" + "uuosonuhgq" + "bdtsranlgpvhaou",
        strict=True,
    )
)
_D_FORMS = frozenset("đĐðÐɖƉ")
_SIGN = re.compile(f"[{HASHES}]")
_TAIL = re.compile(r"\w{0,60}")
_LONGEST_GAP = 3


@cache
def sense(char: str) -> tuple[str, str | None]:
    """The letters that a character stands for, and the fault of writing it so in a tag, if it is one."""
    if char.isascii() and char.isalnum():
        return char.lower(), None
    category = unicodedata.category(char)
    if char in _INVISIBLE or category == "Cf" or (category == "Cc" and not char.isspace()):
        return "", "invisible_char"
    if char.isspace():
        return "", "space_inside"
    if category == "Mn":
        return "", "diacritics"
    if char in _LOOKALIKES:
        return _LOOKALIKES[char], "lookalike"
    return _sense_other(char)


def _sense_other(char: str) -> tuple[str, str | None]:
    simple = unicodedata.normalize("NFKC", char)
    letters = "".join(c for c in map(fold_char, simple) if c.isalnum())
    if not letters:
        return "", "underscore" if char == "_" else "punct_inside"
    if simple != char:
        return letters, "fullwidth_or_fancy"
    if not letters.isascii():
        return letters, None
    marked = unicodedata.normalize("NFD", char) != char or char in _D_FORMS
    return letters, "diacritics" if marked else "fullwidth_or_fancy"


class _Letters(dict[str, str]):
    """Characters and their letters, learned as they are met: the one loop that every text pays for."""

    def __missing__(self, char: str) -> str:
        self[char] = sense(char)[0]
        return self[char]


_LETTERS = _Letters()


def spell(text: str) -> str:
    """The letters of `text` alone, folded."""
    if text.isascii():
        return "".join(filter(str.isalnum, text)).lower()
    return "".join(_LETTERS[char] for char in unicodedata.normalize("NFC", text))


@dataclass(frozen=True, slots=True)
class Sighting:
    """A place where a tag may be meant: what is written there, and all that is wrong with it."""

    written: str
    faults: frozenset[str]


class Reading:
    """A text in NFC (`raw`), its letters (`letters`) and where in the text each of them stands (`at`)."""

    def __init__(self, text: str) -> None:
        self.raw = unicodedata.normalize("NFC", text)
        letters = [_LETTERS[char] for char in self.raw]
        self.letters = "".join(letters)
        self.at = list(compress(count(), letters))
        if len(self.at) < len(self.letters):  # some character stands for two letters, as ﬁ
            self.at = [place for place, some in enumerate(letters) for _ in some]

    def starts(self, most: int) -> list[int]:
        """The letters that come first after a #, for the last `most` signs: tags stand at a post's end."""
        signs = [sign.start() for sign in _SIGN.finditer(self.raw)][-most:]
        firsts = ((sign, bisect_left(self.at, sign + 1)) for sign in signs)
        return sorted({i for sign, i in firsts if i < len(self.at) and self.at[i] - sign - 1 <= _LONGEST_GAP})

    def ends_word(self, end: int) -> bool:
        """Whether no letter touches the one before `end`."""
        return end == len(self.at) or self.at[end] > self.at[end - 1] + 1

    def frame(self, start: int, end: int) -> Sighting | None:
        """The letters from `start` to `end` as one tag; None if they cannot be meant as one."""
        at = self.at[start:end]
        if not at or any(b - a - 1 > _LONGEST_GAP for a, b in pairwise(at)):
            return None
        inside = {fault for char in self.raw[at[0] : at[-1] + 1] if (fault := sense(char)[1])}
        left, before = self._before(at[0])
        right, after = self._after(at[-1] + 1, self.letters[start:end])
        faults = frozenset(inside | before | after)
        if None in faults or ("no_hash" in faults and faults & {"space_inside", "punct_inside", "glued_tags"}):
            return None
        return Sighting(self.raw[left:right], frozenset(fault for fault in faults if fault))

    def _before(self, first: int) -> tuple[int, set[str | None]]:
        """Where the tag begins, and the faults of what leads up to its first letter; None: no beginning."""
        for sign in range(first - 1, max(first - 2 - _LONGEST_GAP, -1), -1):
            if self.raw[sign] in HASHES:
                return sign, self._sign_faults(sign, first)
            if sense(self.raw[sign])[0]:
                break
        inside_a_word = first > 0 and bool(sense(self.raw[first - 1])[0])
        return first, {None if inside_a_word else "no_hash"}

    def _sign_faults(self, sign: int, first: int) -> set[str | None]:
        between = {sense(char)[1] for char in self.raw[sign + 1 : first]}
        faults = {"space_after_hash" if fault == "space_inside" else fault for fault in between}
        if self.raw[sign] != "#":
            faults.add("fullwidth_or_fancy")
        before = self.raw[sign - 1 : sign]
        glued = before and (before.isalnum() or before in "_&/" + HASHES)
        return faults | {"glued_tags"} if glued else faults

    def _after(self, end: int, letters: str) -> tuple[int, set[str | None]]:
        """Where the tag ends, and the faults of what hangs on it; None: it goes on as another word."""
        tail = found[0] if (found := _TAIL.match(self.raw, end)) else ""
        extra, after = spell(tail), end + len(tail)
        if extra and (len(extra) <= 2 or letters.endswith(extra)):
            return end, {None}
        glued = extra or self.raw[after : after + 1] in set(HASHES)
        return after, {"glued_tags"} if glued else {sense(char)[1] for char in tail}
