"""The units a campaign's demo starts from: a tab-separated file beside its profile (provenance: README)."""

import csv
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit of the file; `parent_code` is None at the top, and parents stand before their units."""

    code: str
    type: str
    name: str
    parent_code: str | None


def has_units(code: str) -> bool:
    """Whether the campaign `code` brings units along."""
    return files("bot.campaigns").joinpath(f"{code}_units.tsv").is_file()


def read_units(code: str) -> list[UnitRow]:
    """The units of the campaign `code`; FileNotFoundError if it brings none."""
    return rows_of(files("bot.campaigns").joinpath(f"{code}_units.tsv").read_text("utf-8"))


def rows_of(text: str) -> list[UnitRow]:
    """The units of such a file; KeyError if one of its columns is missing."""
    rows = csv.DictReader(text.splitlines(), delimiter="\t")
    return [UnitRow(row["code"], row["type"], row["name"], row["parent_code"] or None) for row in rows]


def unit_path(units: dict[str, UnitRow], code: str) -> list[tuple[str, str]]:
    """(type, name) of the unit `code` and of all above it, as `tag_for` takes them."""
    path = []
    step: str | None = code
    while step is not None:
        unit = units[step]
        path.append((unit.type, unit.name))
        step = unit.parent_code
    return path
