"""Folding: the plain spelling by which names are searched and compared, “Tuyên Thạnh” → “tuyen thanh”."""

import unicodedata
from functools import cache

from unidecode import unidecode


@cache
def _is_latin_letter(char: str) -> bool:
    return unicodedata.name(char, "").startswith("LATIN")


@cache
def fold_char(char: str) -> str:
    """One character of NFKC text, folded: "" for a mark or an invisible one, itself in another script."""
    if "\u0300" <= char <= "\u036f" or unicodedata.category(char) == "Cf":
        return ""
    # Unidecode maps other scripts by sound, which would make strangers look alike.
    return unidecode(char).casefold() if _is_latin_letter(char) else char.casefold()


def is_latin(text: str) -> bool:
    """Whether every letter of `text` is a Latin one; digits, signs and blanks do not matter."""
    return all(_is_latin_letter(char) for char in unicodedata.normalize("NFKC", text) if char.isalpha())


def fold(text: str) -> str:
    """Lower case, no diacritics, đ → d, no invisible characters, single blanks, none at the ends.

    NFC and NFD fold alike. Letters of other scripts than Latin are left alone.
    """
    return " ".join("".join(map(fold_char, unicodedata.normalize("NFKC", text))).split())
