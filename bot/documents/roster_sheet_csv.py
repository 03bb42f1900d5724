"""A table of text, whatever program saved it: its encoding and its separator are found out, or said to be unknown."""

import csv
import io
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator, Sequence

from bot.domain.rosters.columns import find_header
from bot.domain.rosters.spelling import in_old_font
from bot.domain.rosters.table import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Row, Table, Unreadable

Headings = Callable[[Sequence[Row]], int]
"""How many columns the header among the rows names; 0 if there is none."""
SEPARATORS = (",", ";", "\t", "|")
MOST_LOOKED_AT = 200_000  # letters by which encoding and separator are judged
# All that stands above 127 in a Vietnamese text, once its encoding was guessed right.
_VIETNAMESE = frozenset("ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ–—‘’“”…•\u00a0")


def names_headings(rows: Sequence[Row]) -> int:
    """How many columns of a roster the rows' header names; 0 if there is none."""
    found = find_header(rows)
    return len(found.columns) if found else 0


def read_csv(content: bytes, headings: Headings = names_headings) -> Table:
    """The rows of a .csv or .txt; Unreadable if its encoding cannot be told or it holds no rows."""
    text = unicodedata.normalize("NFC", _decode(content))
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
        return _table(rest, first.strip()[-1], first_number=2)
    tables = [_table(text[:MOST_LOOKED_AT], each) for each in SEPARATORS]
    widths = [headings(table.rows) for table in tables]
    best = widths.index(max(widths)) if max(widths) else _most_columns(tables)
    return _table(text, SEPARATORS[best])


def _decode(content: bytes) -> str:
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _in(content, "utf-16")
    if content.startswith(BOM_UTF8):
        return _in(content, "utf-8-sig")
    start = content[:1000]
    if b"\0" in start:
        little = start[1::2].count(0) > start[::2].count(0)
        return _in(content, "utf-16-le" if little else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_old(content)


def _decode_old(content: bytes) -> str:
    """Windows-1258, which Excel writes on a Vietnamese Windows, if that makes Vietnamese of it."""
    text = unicodedata.normalize("NFC", content.decode("cp1258", errors="replace"))
    strange = [char for char in text if ord(char) > 127 and char.lower() not in _VIETNAMESE]
    if not strange:
        return text
    raise Unreadable("old_font" if in_old_font(content.decode("latin-1")) else "encoding")


def _in(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable("encoding") from None


def _table(text: str, separator: str, first_number: int = 1) -> Table:
    try:
        return Table(tuple(_rows(text.replace("\0", ""), separator, first_number)))
    except csv.Error:
        raise Unreadable("broken") from None


def _rows(text: str, separator: str, first_number: int) -> Iterator[Row]:
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), first_number):
        if number > MOST_ROWS:
            raise Unreadable("too_large")
        if any(each.strip() for each in cells):
            yield Row(number, tuple(each.strip()[:LONGEST_CELL] for each in cells[:MOST_COLUMNS]))


def _most_columns(tables: list[Table]) -> int:
    columns = [sum(len(row.cells) for row in table.rows) for table in tables]
    return columns.index(max(columns))
