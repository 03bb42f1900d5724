"""Text that any file format can hold."""

import unicodedata

LONGEST = 1_000

# Control characters and lone surrogates break XML, format characters can turn the reading order round, private and
# unassigned ones have no shape.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def plain(text: str) -> str:
    """One line in NFC, without characters that have no shape, cut at 1,000 letters with “…”."""
    if len(text) <= LONGEST and text.isprintable() and unicodedata.is_normalized("NFC", text) and "  " not in text:
        return text.strip()
    seen = "".join(map(_seen, unicodedata.normalize("NFC", text[: 2 * LONGEST])))
    line = " ".join(seen.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _seen(char: str) -> str:
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in _UNSEEN else char
