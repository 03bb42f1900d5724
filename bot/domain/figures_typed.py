"""The figures of pages as people type or paste them: numbers with separators, one line or a small table. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain.folding import fold

Field = Literal["likes", "followers", "members", "posts"]
FIELDS: tuple[Field, ...] = ("likes", "followers", "members", "posts")
FIELDS_OF: Mapping[str, tuple[Field, ...]] = {
    "page": ("likes", "followers", "posts"),
    "group": ("members", "posts"),
    "channel": ("followers", "posts"),
}
"""What each kind of page is asked for, in the order in which it is typed."""

Figures = Mapping[Field, int | None]
Fault = Literal["number", "count", "nothing"]
UNKNOWN = ("", "-", "–", "—", "?")
MOST_LINES = 200

# “16.000”, “16,000”, “16000”; not “16.5”, “007” or “16k”.
_NUMBER = re.compile(r"0|[1-9]\d{0,8}|[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})?")
_SEPARATORS = re.compile(r"[;|\s]+|,\s+")


@dataclass(frozen=True, slots=True)
class Misread:
    """What cannot be read: the word that is no number (`number`), or how many figures there were (`count`)."""

    fault: Fault
    word: str = ""
    found: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a pasted table: which page, as it is called there, and its figures or what is wrong."""

    page: str
    figures: Figures | Misread


def read_number(word: str) -> int | None:
    """A whole number below 1,000,000,000 with “.” or “,” before each three digits, or without; None if it is none."""
    word = unicodedata.normalize("NFKC", word).strip()
    if not word.isascii() or not _NUMBER.fullmatch(word):
        return None
    return int(word.replace(".", "").replace(",", ""))


def read_figures(typed: str, fields: Sequence[Field]) -> Figures | Misread:
    """One number for each of `fields`, in this order, with blanks or “;” between them; “-” where it is not known."""
    words = [word for word in _SEPARATORS.split(unicodedata.normalize("NFKC", typed).strip().rstrip(".,")) if word]
    return _figures(words, fields)


def read_table(pasted: str) -> list[Line]:
    """A pasted table: page, likes, followers, members, posts; the cells with a tab, “;”, “|” or “,” between them.

    Cells at the end may be missing, a first line without figures is the heading. At most 200 lines are read.
    """
    rows = [_cells(line) for line in pasted.splitlines() if line.strip()]
    if rows and _is_heading(rows[0]):
        rows = rows[1:]
    return [Line(name, _row(cells)) for name, *cells in rows[:MOST_LINES]]


def _row(cells: list[str]) -> Figures | Misread:
    if len(cells) > len(FIELDS):
        return Misread("count", found=len(cells))
    return _figures([*cells, *[""] * (len(FIELDS) - len(cells))], FIELDS)


def _figures(words: Sequence[str], fields: Sequence[Field]) -> Figures | Misread:
    wrong = next((word for word in words if word not in UNKNOWN and read_number(word) is None), None)
    if wrong is not None:
        return Misread("number", word=wrong)
    if len(words) != len(fields):
        return Misread("count", found=len(words))
    figures = {field: read_number(word) for field, word in zip(fields, words, strict=True)}
    return figures if any(value is not None for value in figures.values()) else Misread("nothing")


def _cells(line: str) -> list[str]:
    separator = next((each for each in ("\t", ";", "|") if each in line), ",")
    cells = [unicodedata.normalize("NFKC", cell).strip().strip('"') for cell in line.strip("\r\n").split(separator)]
    return [cells[0], *cells[1:]]


def _is_heading(cells: list[str]) -> bool:
    said = [cell for cell in cells[1:] if cell not in UNKNOWN]
    return bool(said) and not any(char.isdigit() for cell in said for char in fold(cell))
