"""What a row says of a person and a unit, cell by cell; every fault is told, not only the first."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.days import read_day
from bot.domain.folding import fold
from bot.domain.names import name_fault, tidy_name
from bot.domain.rosters.columns import Column, Header
from bot.domain.rosters.meeting import Entry
from bot.domain.rosters.phones import read_phone
from bot.domain.rosters.spelling import in_old_font
from bot.domain.rosters.table import Row

LONGEST_DETAIL = 60
LONGEST_UNIT = 80
_DETAILS = {Column.RANK: "rank", Column.POSITION: "position", Column.FACEBOOK: "facebook_name"}
# Excel counts days from here on; its 29 February 1900, which never was, lies before all days that we take.
_DAY_ZERO, _DAY_ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")  # the fraction is the hour
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_ERROR = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!)")
_ORDINAL = re.compile(r"(?:\d+[.)]|[-•*])\s*(?=\D)")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, or to be noted about it; `values` go into its words."""

    code: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kinds:
    """The campaign's kinds of member: (code, names …); `fallback` is for those of whom nothing is said."""

    names: tuple[tuple[str, ...], ...]
    fallback: str | None = None

    def read(self, text: str) -> str | None:
        """The code that the words mean: a whole name, or one of those that stand in the name of a single kind.

        “Giáo viên” is “Cán bộ quản lý, giáo viên, nhân viên”. An i is as good as a y: “sỹ” and “sĩ” are one word.
        """
        wanted = _plain(text)
        whole = [row[0] for row in self.names if wanted in map(_plain, row)]
        parts = [row[0] for row in self.names if any(wanted in _plain(name).split(", ") for name in row[1:])]
        return whole[0] if whole else parts[0] if len(parts) == 1 else None

    @property
    def shown(self) -> tuple[str, ...]:
        """The names in Vietnamese."""
        return tuple(row[1] for row in self.names)


def read_person(row: Row, header: Header, kinds: Kinds) -> tuple[Entry, list[Fault]]:
    """The person of a row; a value with a fault is None, a name with one is empty."""
    faults: list[Fault] = []
    told = {column: _told(row, header, column, faults) for column in Column}
    name = _name(told[Column.NAME], faults)
    details = {field: _detail(told[column], column, faults) for column, field in _DETAILS.items()}
    kind = _kind(told, kinds, faults)
    return Entry(name, kind=kind, phone=_phone(told[Column.PHONE], faults), **details), faults


def read_opening(text: str, today: date, *, since_1904: bool) -> date | None:
    """A day as a sheet has it: typed day first, as Excel's number, or with the year first."""
    serial, iso = _SERIAL.fullmatch(text.strip()), _ISO.fullmatch(text.strip())
    if serial:
        return (_DAY_ZERO_1904 if since_1904 else _DAY_ZERO) + timedelta(days=int(serial[1]))
    try:
        return date(*map(int, iso.groups())) if iso else read_day(text, today)
    except ValueError:
        return None


def tidy(text: str) -> str:
    """NFC, single blanks, nothing invisible."""
    seen = (char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) not in ("Cf", "Co", "Cn"))
    return " ".join("".join(" " if unicodedata.category(char) == "Cc" else char for char in seen).split())


def is_formula(text: str) -> bool:
    """Whether there is a formula without a value here, or the error of one."""
    return text.startswith("=") or bool(_ERROR.fullmatch(text))


def _told(row: Row, header: Header, column: Column, faults: list[Fault]) -> str:
    text = tidy(header.value(row, column))
    if is_formula(text):
        faults.append(Fault("formula", (column,)))
        return ""
    return text


def _name(text: str, faults: list[Fault]) -> str:
    name = tidy_name(_ORDINAL.sub("", text, count=1))
    if name.isupper():
        name = " ".join(word.capitalize() for word in name.lower().split())
    fault = name_fault(name)
    if fault == "empty":
        if not any(each == Fault("formula", (Column.NAME,)) for each in faults):
            faults.append(Fault("name_missing"))
    elif in_old_font(name):
        faults.append(Fault("old_font"))
    elif fault:
        faults.append(Fault("name_bad", (fault,)))
    else:
        return name
    return ""


def _detail(text: str, column: Column, faults: list[Fault]) -> str | None:
    if len(text) > LONGEST_DETAIL:
        faults.append(Fault("too_long", (column, str(LONGEST_DETAIL))))
        return None
    return text if text.strip("-–—. ") else None


def _phone(text: str, faults: list[Fault]) -> str | None:
    if not text.strip("-–—. "):
        return None
    phone = read_phone(text)
    if phone is None:
        faults.append(Fault("phone_bad", (text[:LONGEST_DETAIL],)))
    return phone


def _plain(name: str) -> str:
    return fold(name).replace("y", "i")


def _kind(told: Mapping[Column, str], kinds: Kinds, faults: list[Fault]) -> str | None:
    if told[Column.KIND]:
        kind = kinds.read(told[Column.KIND])
        if kind is None:
            faults.append(Fault("kind_unknown", (told[Column.KIND][:LONGEST_DETAIL], *kinds.shown)))
        return kind
    said: Sequence[str] = [told[Column.POSITION], told[Column.RANK]]
    return next((kind for each in said if (kind := kinds.read(each))), None)
