"""Reads campaign profiles; every fault is told in one plain line with file, line and key."""

import re
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.campaigns.faults import Loc, faults
from bot.campaigns.profile import Campaign
from bot.campaigns.units import UnitRow, has_units, read_units, rows_of

_TABLE = re.compile(r"\s*(\[\[?)\s*([\w.\"' -]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([\w-]+|\"[^\"]*\"|'[^']*')\s*=")
_SYNTAX = re.compile(r"(.*) \(at line (\d+), column (\d+)\)")

# What to do about the faults that come up most, by pydantic's names of them.
_ADVICE = {
    "missing": "add this key to its table",
    "extra_forbidden": "take it out, or look up in README.md how it is spelled and in which table it stands",
    "string_too_short": "it must not be empty",
    "too_short": "name at least one",
    "int_parsing": "write a number without quotes",
    "int_type": "write a number without quotes",
    "bool_type": "write true or false without quotes",
    "string_type": "write it in quotes",
    "tuple_type": 'write a list, such as ["school"]',
}
# How a text is written that has to fit a pattern, by its key.
_CODES = "codes are small letters, digits and _, a letter first"
_CAPITALS = "write capitals A to Z and digits, without marks and blanks"
_WRITTEN = {
    "rrules": "write FREQ=WEEKLY, MONTHLY or YEARLY and its days, such as FREQ=WEEKLY;BYDAY=FR or "
    "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=20",
    "steps": "write such as before_3d, day, after_1d or before_2h",
    "owners": "write the handle as in the page's link: small letters, no blanks, no @ and no /",
    "version": "write digits and points, such as 1.2",
    "to": _CAPITALS,
    "kept_as": _CAPITALS,
}


class ProfileError(Exception):
    """A profile that cannot be used. `str()` gives one line per fault: “file:line: key: what is wrong”."""


def available() -> list[str]:
    """The codes of the campaigns that come with the program, sorted."""
    return sorted(entry.name.removesuffix(".toml") for entry in _folder().iterdir() if _is_profile(entry))


def load(code: str) -> Campaign:
    """The campaign `code` of this package; ProfileError if there is none or it has faults."""
    if code not in available():
        raise ProfileError(f"{code}: no such campaign; there is {', '.join(available())}")
    units = read_units(code) if has_units(code) else []
    return _parse(_folder().joinpath(f"{code}.toml").read_text("utf-8"), f"{code}.toml", units)


def load_file(path: Path | str) -> Campaign:
    """The campaign of a profile anywhere; ProfileError if it cannot be read or has faults."""
    try:
        text = Path(path).read_text("utf-8")
    except FileNotFoundError as error:
        raise ProfileError(f"{path}: there is no such file") from error
    except OSError as error:
        raise ProfileError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ProfileError(f"{path}: cannot be read: it must be UTF-8, save it as that") from error
    return _parse(text, str(path), _units_beside(Path(path)))


def _folder() -> Traversable:
    return files("bot.campaigns")


def _is_profile(entry: Traversable) -> bool:
    return entry.name.endswith(".toml")


def _units_beside(path: Path) -> list[UnitRow]:
    beside = path.with_name(f"{path.stem}_units.tsv")
    try:
        return rows_of(beside.read_text("utf-8")) if beside.is_file() else []
    except (OSError, UnicodeDecodeError, KeyError) as error:
        wanted = "UTF-8, with tabs between code, type, name and parent_code"
        raise ProfileError(f"{beside}:1: cannot be read ({error}): it must be {wanted}") from error


def _parse(text: str, name: str, units: Sequence[UnitRow]) -> Campaign:
    try:
        campaign = Campaign.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(_syntax_fault(error, text, name)) from error
    except ValidationError as error:
        places = _places(text)
        told = [_fault(each["loc"], _advised(each), places, name) for each in error.errors()]
        raise ProfileError("\n".join(told)) from error
    places = _places(text)
    if found := [_fault(loc, words, places, name) for loc, words in faults(campaign, units)]:
        raise ProfileError("\n".join(found))
    return campaign


def _advised(error: ErrorDetails) -> str:
    """What pydantic says is wrong, and what to do about it."""
    if error["type"] == "string_pattern_mismatch":
        key = next(step for step in reversed(error["loc"]) if isinstance(step, str))
        return f"{error['input']} does not fit: {_WRITTEN.get(key, _CODES)}"
    advice = _ADVICE.get(error["type"])
    return f"{error['msg']}: {advice}" if advice else error["msg"]


def _syntax_fault(error: tomllib.TOMLDecodeError, text: str, name: str) -> str:
    parsed = _SYNTAX.match(str(error))
    message, line = (parsed[1], int(parsed[2])) if parsed else (str(error), len(text.splitlines()))
    before = [key[1] for key in map(_KEY.match, text.splitlines()[:line]) if key]
    near = f"{before[-1]}: " if before else ""
    return f"{name}:{line}: {near}not TOML: {message}"


def _fault(loc: Loc, message: str, places: dict[Loc, int], name: str) -> str:
    known = next(loc[:size] for size in range(len(loc), -1, -1) if loc[:size] in places)
    key = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in loc).lstrip(".")
    return f"{name}:{places[known]}: {key or 'profile'}: {message.removeprefix('Value error, ')}"


def _places(text: str) -> dict[Loc, int]:
    """The line of every table and key that stands on a line of its own; the top is line 1."""
    places: dict[Loc, int] = {(): 1}
    counts: dict[Loc, int] = {}
    table: Loc = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE.match(line):
            table = _open(header[1], header[2], counts)
            places.setdefault(table[:-1] if isinstance(table[-1], int) else table, number)
            places[table] = number
        elif key := _KEY.match(line):
            places.setdefault((*table, key[1].strip("\"'")), number)
    return places


def _open(brackets: str, name: str, counts: dict[Loc, int]) -> Loc:
    """The place that a header opens: “[[a.b]]” is the next row of b in the last row of a."""
    table: Loc = ()
    steps = [step.strip(" \"'") for step in name.split(".")]
    for depth, step in enumerate(steps, 1):
        table = (*table, step)
        if depth == len(steps) and brackets == "[[":
            counts[table] = counts.get(table, -1) + 1
        if table in counts:
            table = (*table, counts[table])
    return table
