"""Person names as people type them: tidied, or refused with a reason."""

import re
import unicodedata

LONGEST = 100
_MOST_READ = 1_000  # one character may stand for eighteen: what is longer is refused anyway

_INVISIBLE = frozenset("\u034f\u115f\u1160\u3164")
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-"})
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u02b9\u00b4`", "'"))
_LINK = re.compile(r"https?:|www\.|://|\w\.(?:com|vn|net|org|me)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\s'-]+")
_SIGNS = frozenset(" '-.")
_FEWEST_LETTERS = 2


def tidy_name(text: str) -> str:
    """A name in NFC, trimmed, with single blanks, no invisible characters and mended capitals.

    “  nguyễn  VĂN a ” → “Nguyễn Văn A”. Capitals inside a word of mixed case are somebody's spelling and
    stay (“McDonald”); each part of a hyphened or apostrophed name begins with one (“Y-Blôk”, “H'Hen Niê”).
    """
    signs = text[:_MOST_READ].translate(_HYPHENS).translate(_APOSTROPHES)
    visible = "".join(map(_seen, unicodedata.normalize("NFKC", signs)))
    words = _WORD.sub(lambda word: _mended(word[0]), " ".join(visible.split()))
    return unicodedata.normalize("NFC", words)[:_MOST_READ].strip()


def _seen(char: str) -> str:
    category = unicodedata.category(char)
    if char in _INVISIBLE or category == "Cf" or "\ufe00" <= char <= "\ufe0f":
        return ""
    return " " if category == "Cc" else char


def _mended(word: str) -> str:
    rest = word[1:].lower() if word[1:].isupper() else word[1:]
    return word[:1].upper() + rest


def name_fault(text: str) -> str | None:
    """Why a typed name cannot stand, or None.

    One of: empty, too_long (over 100 characters), has_link, has_tag (a # or @), has_digits, no_letters,
    not_a_name (signs that no name has, or a single letter).
    """
    name = tidy_name(text)
    faults = {
        "empty": not name,
        "too_long": len(name) > LONGEST,
        "has_link": bool(_LINK.search(name)),
        "has_tag": any(char in "#@" for char in name),
        "has_digits": any(char.isdigit() for char in name),
        "no_letters": not any(char.isalpha() for char in name),
        "not_a_name": not _may_be_name(name),
    }
    return next((code for code, wrong in faults.items() if wrong), None)


def _may_be_name(name: str) -> bool:
    signs = [char for char in name if unicodedata.category(char)[0] not in "LM"]
    return len(name) - len(signs) >= _FEWEST_LETTERS and all(char in _SIGNS for char in signs)
