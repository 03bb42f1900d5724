"""Comparing Vietnamese names as people do: the place of a tone mark and capitals do not matter, the marks do."""

import re
import unicodedata
from functools import lru_cache

from bot.domain.folding import fold

# Grave, acute, tilde, hook above, dot below: they move between the vowels of a word (“hòa”, “hoà”).
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
# What fonts of before Unicode make of Vietnamese letters, TCVN3 first (“NguyÔn V¨n”), then VNI (“Nguyeãn”).
_OLD_FONT = re.compile("[\u00a1-\u00ac\u00ae-\u00b3\u00b5-\u00bf]|[a-z][\u00c0-\u00de]|e[\u00e0-\u00ff]|a[âåä]")


@lru_cache(100_000)
def spelled(text: str) -> str:
    """The same for all spellings of one name; “Hoà” and “Hòa” are one, “Thạnh” and “Thành” are not."""
    return " ".join(map(_spelled, text.casefold().split()))


def _spelled(word: str) -> str:
    marks = unicodedata.normalize("NFD", word)
    tones = [char for char in marks if char in _TONES]
    rest = "".join(char for char in marks if char not in _TONES)
    # Marks that stay come in one order; the tone goes to the end.
    return unicodedata.normalize("NFC", rest) + "".join(tones)


def is_plain(text: str) -> bool:
    """Whether it was typed without diacritics."""
    return fold(text) == " ".join(text.casefold().split())


def in_old_font(text: str) -> bool:
    """Whether this looks like TCVN3 or VNI read as Unicode: “NguyÔn V¨n A”, “Nguyeãn Vaên A”."""
    return bool(_OLD_FONT.search(unicodedata.normalize("NFC", text)))
