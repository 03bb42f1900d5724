"""The first sheet of a workbook as text, read part by part: what is not needed is not read, and nothing is trusted.

Values come as they stand in the file (ECMA-376, part 1, 18.3): a number keeps its digits, whatever its column is shown
as. Sizes, styles and dimensions that the file tells of itself are not used, as programs get them wrong.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from posixpath import join, normpath
from xml.parsers import expat

from bot.domain.rosters.columns import is_name_heading
from bot.domain.rosters.table import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Row, Table, Unreadable

MOST_UNPACKED = 120_000_000
MOST_PACKED_TIMES = 250  # a sheet packs to a twentieth, one of blank cells to a hundredth; a bomb to a thousandth
MOST_CELLS = 2_000_000
_CHUNK = 1 << 18
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")

Attributes = dict[str, str]


def read_xlsx(content: bytes) -> Table:
    """The rows of the first sheet that is not hidden; Unreadable says what is wrong with the file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return _Book(book).table()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, expat.ExpatError, LookupError, ValueError, EOFError):
        raise Unreadable("broken") from None
    except RuntimeError:  # zipfile's word for a part with a password
        raise Unreadable("locked") from None


class _Book:
    def __init__(self, book: zipfile.ZipFile) -> None:
        self._book = book
        self._parts = {info.filename.replace("\\", "/").lstrip("/"): info for info in book.infolist()}
        self._unpacked = 0
        if "xl/workbook.xml" not in self._parts:
            raise Unreadable("other_format" if self._parts else "broken")

    def table(self) -> Table:
        sheets: list[Attributes] = []
        old: list[bool] = []

        def begin(name: str, attributes: Attributes) -> None:
            if name == "sheet":
                sheets.append(attributes)
            elif name == "workbookPr":
                old.append(attributes.get("date1904") in ("1", "true"))

        self._parse("xl/workbook.xml", begin)
        shown = [each for each in sheets if each.get("state", "visible") == "visible"] or sheets
        if not shown:
            raise Unreadable("empty")
        sheet = _Sheet(self._shared_strings())
        self._parse(self._target(shown[0].get("id", "")), sheet.begin, sheet.end, sheet.text)
        return Table(tuple(sheet.rows()), since_1904=any(old))

    def _target(self, relation: str) -> str:
        """The part that a relation of the workbook names."""
        found: dict[str, str] = {}

        def begin(name: str, attributes: Attributes) -> None:
            if name == "Relationship":
                found[attributes.get("Id", "")] = attributes.get("Target", "")

        self._parse("xl/_rels/workbook.xml.rels", begin)
        target = found[relation].replace("\\", "/")
        return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))

    def _shared_strings(self) -> list[str]:
        strings = _Strings()
        if "xl/sharedStrings.xml" in self._parts:
            self._parse("xl/sharedStrings.xml", strings.begin, strings.end, strings.text)
        return strings.found

    def _parse(
        self,
        part: str,
        begin: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: begin(_local(name), _locals(attributes))
        if end:
            parser.EndElementHandler = lambda name: end(_local(name))
        if text:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse  # no program writes one, and entities need it
        for chunk in self._unpack(part):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def _unpack(self, part: str) -> Iterator[bytes]:
        info = self._parts[part]
        allowed = _CHUNK + MOST_PACKED_TIMES * info.compress_size
        with self._book.open(info) as packed:
            here = 0
            while chunk := packed.read(_CHUNK):
                here += len(chunk)
                self._unpacked += len(chunk)
                if here > allowed:
                    raise Unreadable("unsafe")
                if self._unpacked > MOST_UNPACKED:
                    raise Unreadable("too_large")
                yield chunk


class _Strings:
    """Shared strings: the runs of each put together, without the reading aids for East Asian scripts (rPh)."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._text: list[str] = []
        self._inside = False
        self._aid = 0

    def begin(self, name: str, _attributes: Attributes) -> None:
        if name == "si":
            self._text = []
        self._aid += name == "rPh"
        self._inside = name == "t" and not self._aid

    def text(self, text: str) -> None:
        if self._inside:
            self._text.append(text)

    def end(self, name: str) -> None:
        self._aid -= name == "rPh"
        self._inside = False
        if name == "si":
            self.found.append("".join(self._text)[:LONGEST_CELL])


class _Sheet:
    """The cells of a sheet; merged ones say in each of their rows what the first says."""

    def __init__(self, strings: list[str]) -> None:
        self._strings = strings
        self._cells: dict[int, dict[int, str]] = {}
        self._merged: list[str] = []
        self._row = self._column = self._count = 0
        self._kind = self._inside = ""
        self._value: list[str] = []
        self._formula: list[str] = []
        self._aid = 0

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
            if self._row > MOST_ROWS and self._count:
                self._row = -1  # what a careless format leaves at the end of the sheet; counted only if it is filled
        elif name == "c":
            self._begin_cell(attributes)
        elif name == "mergeCell":
            self._merged.append(attributes.get("ref", ""))
        self._aid += name == "rPh"
        self._inside = name if name in ("v", "f", "t") and not self._aid else ""

    def text(self, text: str) -> None:
        if self._inside:
            (self._formula if self._inside == "f" else self._value).append(text)

    def end(self, name: str) -> None:
        self._inside = ""
        self._aid -= name == "rPh"
        if name == "c":
            self._end_cell()

    def rows(self) -> Iterator[Row]:
        """Those that hold anything, from the top."""
        for ref in self._merged:
            self._spread(ref)
        for number in sorted(self._cells):
            cells = self._cells[number]
            yield Row(number, tuple(cells.get(column, "") for column in range(max(cells) + 1)))

    def _begin_cell(self, attributes: Attributes) -> None:
        place = _PLACE.fullmatch(attributes.get("r", ""))
        self._column = _column(place[1]) if place else self._column + 1
        self._kind = attributes.get("t", "n")
        self._value, self._formula = [], []

    def _end_cell(self) -> None:
        value = "".join(self._value)
        if self._kind == "s" and value:
            value = self._strings[int(value)]
        elif self._kind == "n":
            value = _number(value)
        if not value and self._formula:
            value = f"={''.join(self._formula)}"
        if not value.strip() or self._column > MOST_COLUMNS:
            return
        self._count += 1
        if self._row < 0 or self._count > MOST_CELLS:
            raise Unreadable("too_large")
        self._cells.setdefault(self._row, {})[self._column - 1] = value[:LONGEST_CELL]

    def _spread(self, ref: str) -> None:
        corners = [_PLACE.fullmatch(each) for each in ref.partition(":")[::2]]
        if not corners[0] or not corners[1]:
            return
        (left, top), (right, bottom) = ((_column(each[1]) - 1, int(each[2])) for each in corners if each)
        value = self._cells.get(top, {}).get(left)
        if right == left + 1 and is_name_heading(value or ""):
            self._cells[top].setdefault(right, value or "")  # one heading over a name in two columns
        for row in range(top + 1, min(bottom, MOST_ROWS) + 1) if value else ():
            if row in self._cells:  # a row with nothing else in it lists nobody
                self._cells[row].setdefault(left, value or "")


def _number(value: str) -> str:
    """Without an exponent or a trailing “.0”; whatever else as it stands."""
    try:
        number = Decimal(value) if "." in value or "E" in value.upper() else None
    except InvalidOperation:
        return value
    whole = number is not None and number.is_finite() and number.adjusted() < 18 and number == number // 1
    return str(int(number)) if number is not None and whole else value


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _locals(attributes: Attributes) -> Attributes:
    return (
        {_local(name): value for name, value in attributes.items()}
        if any(":" in key for key in attributes)
        else attributes
    )


def _refuse(*_: object) -> None:
    raise Unreadable("unsafe")
