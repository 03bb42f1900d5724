"""Workbooks that were made to use up memory or time, or to read what is not theirs: refused within their limits."""

import io
import time
import tracemalloc
import zipfile

import pytest

from bot.documents.roster_sheet_reading import read_table
from bot.domain.rosters.table import LONGEST_CELL, MOST_COLUMNS, Unreadable
from bot.fetching import MOST_BYTES
from tests.rosters.sheets import HEADINGS, workbook
from tests.rosters.test_broken_sheets import GOOD, ONE, SHARED, SHEET, STRINGS, repacked

BEGIN = b"<sheetData>"
A_CELL = b'<c r="B9" t="inlineStr"><is><t>%s</t></is></c>'
LAUGHS = b"<!DOCTYPE x [<!ENTITY a 'ha'>%s]>" % b"".join(
    b"<!ENTITY %c '&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;'>" % (number, *([number - 1] * 10))
    for number in range(98, 110)
)
FILES = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
A_SITE = b"<!DOCTYPE x SYSTEM 'http://127.0.0.1:1/x.dtd'>"
PARAMETER = b"<!DOCTYPE x [<!ENTITY % a SYSTEM 'http://127.0.0.1:1/'> %a;]>"


def before(doctype: bytes, xml: bytes) -> bytes:
    start = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    return xml[:start] + doctype + xml[start:]


def with_cells(cells: bytes) -> bytes:
    return repacked(
        GOOD, SHEET, lambda xml: xml.replace(b"</sheetData>", b'<row r="9">' + cells + b"</row></sheetData>")
    )


def many_sheets(number: int) -> bytes:
    """A workbook that names so many sheets, and has the first."""
    named = b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (each, each + 2) for each in range(number))
    return repacked(GOOD, "xl/workbook.xml", lambda xml: xml.replace(b"</sheets>", named + b"</sheets>"))


def overlapping() -> bytes:
    """Two parts that claim the same bytes of the zip."""
    made = bytearray(GOOD)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as book:
        first, second = (book.getinfo(name) for name in (SHEET, "xl/workbook.xml"))
    place = made.rindex(SHEET.encode()) - 46 + 42
    assert int.from_bytes(made[place : place + 4], "little") == first.header_offset
    made[place : place + 4] = second.header_offset.to_bytes(4, "little")
    return bytes(made)


REFUSED = {
    "a billion laughs": (repacked(GOOD, SHEET, lambda xml: before(LAUGHS, xml)), "unsafe"),
    "a file of the server": (repacked(GOOD, SHEET, lambda xml: before(FILES, xml)), "unsafe"),
    "a definition on another site": (repacked(GOOD, "xl/workbook.xml", lambda xml: before(A_SITE, xml)), "unsafe"),
    "a parameter from another site": (repacked(SHARED, STRINGS, lambda xml: before(PARAMETER, xml)), "unsafe"),
    "entities in the relations": (
        repacked(GOOD, "xl/_rels/workbook.xml.rels", lambda xml: before(LAUGHS, xml)),
        "unsafe",
    ),
    "zeros that unpack to half a gigabyte": (
        repacked(GOOD, SHEET, lambda xml: xml.replace(BEGIN, BEGIN + b" " * 130_000_000)),
        "unsafe",
    ),
    "parts that lie on each other": (overlapping(), "broken"),
    "a leap out of the file": (
        repacked(GOOD, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"/xl/worksheets/", b"/../../../etc/")),
        "broken",
    ),
}
# What is odd but harmless: read, and no more than is allowed of it.
READ = {
    "deep elements": with_cells(b"<x>" * 50_000 + b"</x>" * 50_000),
    "a cell of a whole book": with_cells(A_CELL % b",".join(b"%d" % (each * each) for each in range(400_000))),
    "a cell far out": with_cells(b'<c r="XFD9" t="inlineStr"><is><t>x</t></is></c>'),
    "a place that is none": with_cells(b'<c r="A1:ZZZ9999999" t="inlineStr"><is><t>x</t></is></c>'),
    "a merged half of the sheet": repacked(
        workbook(HEADINGS, ONE, merged=["A3:B4"]), SHEET, lambda xml: xml.replace(b"A3:B4", b"A1:XFD1048576")
    ),
    "sheets by the thousand": many_sheets(20_000),
    "dimensions without end": repacked(SHARED, SHEET, lambda xml: xml.replace(b'ref="A1:G2"', b'ref="A1:XFD1048576"')),
    "a number without end": with_cells(b'<c r="A9"><v>' + b"9" * 100_000 + b"</v></c>"),
    "an exponent without end": with_cells(b'<c r="A9"><v>1E999999999</v></c>'),
    "an exponent without end downwards": with_cells(b'<c r="A9"><v>1E-999999999</v></c>'),
}
SECONDS, MEGABYTES = 3.0, 60


@pytest.mark.parametrize("name", REFUSED)
def test_a_workbook_made_to_harm_is_refused(name: str) -> None:
    content, fault = REFUSED[name]
    assert len(content) < MOST_BYTES
    with pytest.raises(Unreadable) as refused:
        read_table(content)
    assert refused.value.fault == fault


@pytest.mark.parametrize("name", READ)
def test_an_odd_workbook_costs_little_and_gives_no_more_than_is_allowed(name: str) -> None:
    tracemalloc.start()
    begun = time.process_time()
    table = read_table(READ[name])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.process_time() - begun < SECONDS
    assert most < MEGABYTES * 1_000_000
    assert max(len(row.cells) for row in table.rows) <= MOST_COLUMNS
    assert max(len(cell) for row in table.rows for cell in row.cells) <= LONGEST_CELL
