"""What became of old units on 1 July 2025: successors proposed from the national table `vn_units.tsv` (see README)."""

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from sys import intern
from typing import NamedTuple

from bot.domain.folding import fold

# The levels of the table above and with a unit that has successors; districts went without any.
_LEVELS = {"province": ("province",), "commune": ("province", "district", "commune")}


@dataclass(frozen=True, slots=True)
class Successor:
    """A unit that an old one went into, wholly or in part. `province` is the name of the new province it lies in.

    `type` is “commune” or “province”; `code` is the statistics office's, unique among the new units of a type. `main`
    marks the one that the table names first.
    """

    name: str
    type: str
    province: str
    code: str
    main: bool


class _Row(NamedTuple):
    era: str
    level: str
    code: str
    name: str
    parent_code: str
    successor_codes: str


class _Table(NamedTuple):
    old_below: dict[tuple[str, str], list[_Row]]  # by level and the code of the unit above, "" for provinces
    new: dict[tuple[str, str], _Row]  # by level and code


def proposed_successors(path: Sequence[tuple[str, str]]) -> tuple[Successor, ...]:
    """The new units that an old one went into, the main one first; () if none is known.

    `path` holds (type, name) from the unit up to the province, names with their type words: “Xã Tuyên Thạnh”, “Thị xã
    Kiến Tường”, “Tỉnh Long An”. A commune needs its district. Diacritics decide: a word without any is taken for a
    marked one only where just one unit fits. These are proposals: an organisation's own list wins.
    """
    if not path or path[0][0] not in _LEVELS:
        return ()
    row = _old_unit(path[0][0], dict(reversed(path)))
    return tuple(_successors(row)) if row else ()


def _old_unit(level: str, names: dict[str, str]) -> _Row | None:
    """The row of the table, looked for from the province downwards."""
    row, above = None, ""
    for step in _LEVELS[level]:
        row = _named(names.get(step, ""), _table().old_below.get((step, above), ()))
        if row is None:
            return None
        above = row.code
    return row


def _named(name: str, rows: Iterable[_Row]) -> _Row | None:
    folded = fold(name)
    alike = [row for row in rows if fold(row.name) == folded]
    same = [row for row in alike if _letters(row.name) == _letters(name)]
    fitting = same or [row for row in alike if _may_mean(name, row.name)]
    return fitting[0] if len(fitting) == 1 else None


def _may_mean(name: str, marked: str) -> bool:
    """Whether the words of `name` are those of `marked`, or are without diacritics."""
    words, marked_words = name.split(), marked.split()
    return len(words) == len(marked_words) and all(
        fold(word) == word.casefold() or _letters(word) == _letters(other)
        for word, other in zip(words, marked_words, strict=True)
    )


def _letters(name: str) -> list[list[str]]:
    """The letters and marks of each word, sorted, as people set the tone of “Hòa” and “Hoà” differently."""
    return [sorted(word) for word in unicodedata.normalize("NFKD", name).casefold().split()]


def _successors(old: _Row) -> Iterable[Successor]:
    new = _table().new
    for place, code in enumerate(old.successor_codes.split()):
        row = new[old.level, code]
        province = new["province", row.parent_code or code]
        yield Successor(row.name, row.level, province.name, code, main=place == 0)


@cache
def _table() -> _Table:
    """The table, read on first use: about 25 ms, and 5 MB from then on."""
    table = _Table({}, {})
    text = files("bot.campaigns").joinpath("vn_units.tsv").read_text("utf-8")
    for cells in csv.reader(text.splitlines()[1:], delimiter="\t"):
        # Interned, as codes and names come again and again: a third less memory.
        row = _Row(*map(intern, cells))
        if row.era == "old":
            table.old_below.setdefault((row.level, row.parent_code), []).append(row)
        else:
            table.new[row.level, row.code] = row
    return table
