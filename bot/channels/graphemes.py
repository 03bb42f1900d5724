"""Where a text may be cut without tearing a character as people see it. Pure.

After UAX #29, on the safe side: it knows fewer places than the standard, never one inside a cluster.
"""

import unicodedata

JOINER = "\u200d"
VIRAMA = 9  # its canonical combining class: what follows is written as one with what stands before


def is_boundary(text: str, at: int) -> bool:
    """Whether one may cut before `text[at]`; always at the ends."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if before == JOINER or (before == "\r" and after == "\n") or unicodedata.combining(before) == VIRAMA:
        return False
    if _extends(after) or (_is_jamo(before) and _is_hangul(after)):
        return False
    return not (_is_flag_half(before) and _is_flag_half(after) and _flag_halves(text, at) % 2)


def _extends(letter: str) -> bool:
    is_skin_tone, is_tag = "\U0001f3fb" <= letter <= "\U0001f3ff", "\U000e0020" <= letter <= "\U000e007f"
    also = letter in "\u200c\u200d\u0e33\u0eb3\uff9e\uff9f" or "\u1160" <= letter <= "\u11ff"
    return is_skin_tone or is_tag or also or unicodedata.category(letter).startswith("M")


def _is_jamo(letter: str) -> bool:
    return "\u1100" <= letter <= "\u11ff" or "\ua960" <= letter <= "\ua97f" or "\ud7b0" <= letter <= "\ud7ff"


def _is_hangul(letter: str) -> bool:
    return _is_jamo(letter) or "\uac00" <= letter <= "\ud7a3"


def _is_flag_half(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _flag_halves(text: str, at: int) -> int:
    """How many halves of flags stand in a row before this place."""
    start = at
    while start and _is_flag_half(text[start - 1]):
        start -= 1
    return at - start
