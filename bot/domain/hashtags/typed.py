"""A hashtag as an admin types it: tidied, refused with a reason, and written plainly."""

import unicodedata

from bot.domain.folding import fold, is_latin
from bot.domain.hashtags.tokens import find_tags

LONGEST = 100  # with its sign


def tidy_tag(typed: str) -> str:
    """What was typed in NFC, with one # before it, without invisible characters and blanks at the ends."""
    seen = "".join(char for char in unicodedata.normalize("NFC", typed) if unicodedata.category(char) != "Cf")
    return f"#{seen.strip().removeprefix('#')}"


def tag_fault(tag: str) -> str | None:
    """Why a tidied tag cannot be required of anybody, or None.

    One of: empty, blanks, signs (platforms end a tag there), too_long, only_digits, foreign (letters that look like
    Latin ones and are not).
    """
    bare = tag.removeprefix("#")
    faults = {
        "empty": not bare,
        "blanks": len(bare.split()) > 1,
        "only_digits": bare.isdigit(),
        "too_long": len(tag) > LONGEST,
        "foreign": not is_latin(bare),
        "signs": find_tags(tag) != [tag],
    }
    return next((code for code, wrong in faults.items() if wrong), None)


def plain_tag(tag: str) -> str:
    """The tag in capitals without diacritics; as it is, if that would be no tag."""
    plain = fold(tag).upper()
    return tag if tag_fault(plain) else plain
