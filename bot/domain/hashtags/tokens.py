"""Hashtags as platforms read them."""

import re
import unicodedata

# As Facebook, Instagram and TikTok describe it: letters, digits and underscores after the sign, not glued to a
# word or another tag. `++` never backs off, so a tag cut short by the next sign is not taken for a tag.
_TAG = re.compile(r"(?<![\w&/#＃])[#＃]\w++(?![#＃])")


def find_tags(text: str) -> list[str]:
    """The hashtags of `text` in order, as written, in NFC; a tag of digits alone is none.

    A tag behind the full-width ＃ is listed with that sign: platforms differ on it.
    """
    found = _TAG.findall(unicodedata.normalize("NFC", text))
    return [tag for tag in found if any(char.isalpha() for char in tag)]


def same(tag: str) -> str:
    """The form in which two tags are one: upper and lower case are alike, all else differs."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", tag).casefold())
