"""Reads campaign profiles; every fault is told in one plain line with file, line and key."""

import re
import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError

from bot.campaigns.profile import Campaign

_TABLE = re.compile(r"\s*(\[\[?)\s*([\w.\"' -]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([\w-]+|\"[^\"]*\"|'[^']*')\s*=")
_SYNTAX = re.compile(r"(.*) \(at line (\d+), column (\d+)\)")

Loc = tuple[str | int, ...]


class ProfileError(Exception):
    """A profile that cannot be used. `str()` gives one line per fault: “file:line: key: what is wrong”."""


def available() -> list[str]:
    """The codes of the campaigns that come with the program, sorted."""
    return sorted(entry.name.removesuffix(".toml") for entry in _folder().iterdir() if _is_profile(entry))


def load(code: str) -> Campaign:
    """The campaign `code` of this package; ProfileError if there is none or it has faults."""
    if code not in available():
        raise ProfileError(f"{code}: no such campaign; there is {', '.join(available())}")
    return _parse(_folder().joinpath(f"{code}.toml").read_text("utf-8"), f"{code}.toml")


def load_file(path: Path | str) -> Campaign:
    """The campaign of a profile anywhere; ProfileError if it cannot be read or has faults."""
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path}: cannot be read: {error}") from error
    return _parse(text, str(path))


def _folder() -> Traversable:
    return files("bot.campaigns")


def _is_profile(entry: Traversable) -> bool:
    return entry.name.endswith(".toml")


def _parse(text: str, name: str) -> Campaign:
    try:
        return Campaign.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(_syntax_fault(error, text, name)) from error
    except ValidationError as error:
        places = _places(text)
        faults = [_fault(fault["loc"], fault["msg"], places, name) for fault in error.errors()]
        raise ProfileError("\n".join(faults)) from error


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
