"""Files as they come: broken ones are refused with the reason, odd ones are read as their sender meant them."""

import io
import struct
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import MAC_EPOCH
from xlsxwriter import Workbook as XlsxWorkbook  # type: ignore[import-untyped]  # it brings no marker of its types along

from bot.documents.roster_sheet_reading import read_table
from bot.domain.rosters.check import Checked, Outcome, check
from bot.domain.rosters.table import FILE_FAULTS, Unreadable
from tests.rosters.ground import COORDINATOR, codes
from tests.rosters.sheets import HEADINGS, saved, text, workbook

T = "Xã Tuyên Thạnh"
ONE = (1, "Nguyễn Văn C", "", "", T, "", "0987654321")
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
GOOD = workbook(HEADINGS, ONE)
CSV = text(("STT", "HỌ VÀ TÊN", "ĐƠN VỊ"), ("1", "Nguyễn Thị Hường", T))


def repacked(content: bytes, part: str, change: Callable[[bytes], bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The workbook with one part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", method) as new:
        assert method == zipfile.ZIP_STORED or change(old.read(part)) != old.read(part), "nothing is changed"
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return made.getvalue()


def with_shared_strings(*rows: tuple[object, ...]) -> bytes:
    """As Excel writes it: texts in a part of their own."""
    made = io.BytesIO()
    book = XlsxWorkbook(made)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return made.getvalue()


def turned(content: bytes) -> bytes:
    """A few bytes of the packed sheet are others."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        at = book.getinfo(SHEET).header_offset + 80
    return content[:at] + b"\xff\x00\xff\x00" + content[at + 4 :]


SHARED = with_shared_strings(HEADINGS, ONE)
ENTITY = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'


def with_entity(xml: bytes) -> bytes:
    head, rest = (xml[: xml.index(b"?>") + 2], xml[xml.index(b"?>") + 2 :]) if xml.startswith(b"<?xml") else (b"", xml)
    return head + ENTITY + rest


def without(content: bytes, part: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
    return made.getvalue()


def zipped(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return made.getvalue()


def encrypted(content: bytes) -> bytes:
    """Each part is marked as having a password."""
    found = bytearray(content)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = found.find(mark)
        while place >= 0:
            flags = struct.unpack_from("<H", found, place + at)[0]
            struct.pack_into("<H", found, place + at, flags | 1)
            place = found.find(mark, place + 4)
    return bytes(found)


def ole(inside: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + inside.encode("utf-16-le") + b"\0" * 600


def bomb() -> bytes:
    return repacked(GOOD, SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * 60_000_000))


def too_many_rows() -> bytes:
    last = b'<row r="50001"><c r="B50001" t="inlineStr"><is><t>L\xc3\xaa C</t></is></c></row></sheetData>'
    return repacked(GOOD, SHEET, lambda xml: xml.replace(b"</sheetData>", last))


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "blanks": (b" \r\n\t", "empty"),
    "half a workbook": (GOOD[: len(GOOD) // 2], "broken"),
    "a workbook with bytes turned": (turned(GOOD), "broken"),
    "a zip with nothing in it": (zipped(), "broken"),
    "a Word file": (zipped(**{"word/document.xml": b"<x/>"}), "other_format"),
    "an OpenDocument sheet": (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "other_format"),
    "a binary workbook": (zipped(**{"xl/workbook.bin": b"\x00"}), "other_format"),
    "a PDF": (b"%PDF-1.7 ...", "other_format"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "other_format"),
    "a web page called .xls": (b"<html><table><tr><td>x</td></tr></table></html>", "other_format"),
    "XML of a spreadsheet": (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "other_format"),
    "an old .xls": (ole("Workbook"), "old_excel"),
    "a workbook with a password": (ole("EncryptedPackage"), "locked"),
    "a zip with a password": (encrypted(GOOD), "locked"),
    "a zip bomb": (bomb(), "unsafe"),
    "entities in the sheet": (repacked(GOOD, SHEET, with_entity), "unsafe"),
    "entities in the strings": (repacked(SHARED, STRINGS, with_entity), "unsafe"),
    "a sheet that is no XML": (repacked(GOOD, SHEET, lambda _: b"<worksheet><row"), "broken"),
    "a string that is not there": (repacked(SHARED, STRINGS, lambda _: b"<sst/>"), "broken"),
    "the sheet is gone": (without(GOOD, SHEET), "broken"),
    "the workbook is gone": (without(GOOD, "xl/workbook.xml"), "other_format"),
    "the relations are gone": (without(GOOD, "xl/_rels/workbook.xml.rels"), "broken"),
    "more rows than are read": (too_many_rows(), "too_large"),
    "only a header": (workbook(HEADINGS), "empty"),
    "no sheet with anything in it": (workbook(), "empty"),
    "no header": (workbook(("Nguyễn Văn A", "x"), ("Nguyễn Văn B", "y")), "no_header"),
    "TCVN3 in a .csv": ("STT,H\xe4 v\xb5 t\xaan\r\n1,Nguy\xd4n V\xa8n A\r\n".encode("latin-1"), "old_font"),
    "bytes that are no text": ("日本語,".encode("shift_jis") * 9, "encoding"),
    "half a letter of UTF-16": (b"\xff\xfe" + "Họ tên".encode("utf-16-le") + b"\x01", "encoding"),
    "a .csv without end": (b"x\n" * 50_001, "too_large"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(name: str) -> None:
    content, fault = REFUSED[name]
    with pytest.raises(Unreadable) as refused:
        check(read_table(content), COORDINATOR)
    assert refused.value.fault == fault
    assert fault in FILE_FAULTS


def with_reading_aid() -> bytes:
    """The name in two runs, with a reading aid, which is no part of it."""
    runs = "<r><t>Nguyễn </t></r><r><t>Văn C</t></r><rPh sb='0' eb='1'><t>xxx</t></rPh>".encode()
    return repacked(SHARED, STRINGS, lambda xml: xml.replace("<t>Nguyễn Văn C</t>".encode(), runs))


def prefixed(xml: bytes) -> bytes:
    """All elements with a prefix, as some programs write them."""
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    body = xml.replace(b'xmlns="' + main + b'"', b'xmlns:x="' + main + b'"').replace(b"<", b"<x:")
    return body.replace(b"<x:/", b"</x:").replace(b"<x:?", b"<?")


def second_sheet() -> bytes:
    book = load_workbook(io.BytesIO(GOOD))
    hidden = book.create_sheet("ẩn", 0)
    hidden.append(["không phải danh sách"])
    hidden.sheet_state = "hidden"
    return saved(book)


def far_formats() -> bytes:
    """Blank cells with a format, down to the last row that Excel has."""
    far = b'<row r="1048576"><c r="A1048576" s="0"/><c r="XFD1048576" s="0"/></row></sheetData>'
    return repacked(GOOD, SHEET, lambda xml: xml.replace(b"</sheetData>", far))


def cached_formula() -> bytes:
    """A formula whose value the program has kept."""
    made = io.BytesIO()
    book = XlsxWorkbook(made)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADINGS)
    sheet.write_row(1, 0, ONE)
    sheet.write_formula(1, 1, '=CONCATENATE("Nguyễn Văn"," C")', None, "Nguyễn Văn C")
    book.close()
    return made.getvalue()


def numbers() -> bytes:
    return workbook(HEADINGS, (1.0, "Nguyễn Văn C", "", "", T, "", 987654321.0))


def in_1258(text: str) -> bytes:
    """Windows-1258 has the vowels and the tones, and few of both in one."""
    made = ""
    for char in text:
        base, tone = unicodedata.normalize("NFD", char)[:-1], unicodedata.normalize("NFD", char)[-1]
        made += unicodedata.normalize("NFC", base) + tone if base and tone in "\u0300\u0301\u0303\u0309\u0323" else char
    return made.encode("cp1258")


# What is read as if nothing were wrong: one new person of Tuyên Thạnh.
READ: dict[str, bytes] = {
    "as it should be": GOOD,
    "a telephone number as a float": numbers(),
    "a formula with its value": cached_formula(),
    "blank rows between": workbook((), HEADINGS, (), (), ONE, ()),
    "no row numbers and no references": repacked(
        GOOD, SHEET, lambda xml: xml.replace(b' r="1"', b"").replace(b' r="2"', b"")
    ),
    "wrong dimensions": repacked(SHARED, SHEET, lambda xml: xml.replace(b'ref="A1:G2"', b'ref="A1"')),
    "styles that no library reads": repacked(GOOD, "xl/styles.xml", lambda _: b"<nothing"),
    "prefixed elements": repacked(GOOD, SHEET, prefixed),
    "shared strings": SHARED,
    "runs and reading aids": with_reading_aid(),
    "a hidden first sheet": second_sheet(),
    "formats to the end of the sheet": far_formats(),
    "stored, not packed": repacked(GOOD, SHEET, lambda xml: xml, zipfile.ZIP_STORED),
    "NFD": workbook(HEADINGS, (1, "Nguye\u0302\u0303n Va\u0306n C", "", "", "Xa\u0303 Tuye\u0302n Tha\u0323nh")),
    "no-break blanks": workbook(HEADINGS, (1, "Nguyễn\u00a0Văn\u200b C ", "", "", "Xã\u00a0Tuyên Thạnh")),
    "line breaks in cells": workbook(HEADINGS, (1, "Nguyễn\nVăn C", "", "", "Xã\nTuyên Thạnh")),
    "columns that nobody asked for": workbook(
        ("Ghi chú", *HEADINGS, "Ngày sinh", "CCCD"), ("", *ONE, datetime(1990, 1, 2), "080")  # noqa: DTZ001 -- Excel's have no zone
    ),
    "a heading over a name in two columns": workbook(
        ("STT", "HỌ VÀ TÊN", None, "ĐƠN VỊ"), (None, "Họ", "Tên"), (1, "Nguyễn Văn", "C", T), merged=["B1:C1"]
    ),
    "a heading over two rows": workbook(HEADINGS, ("x",), ONE, merged=[f"{letter}1:{letter}2" for letter in "BCDEFG"]),
    "UTF-8": CSV.encode(),
    "UTF-8 with its mark": b"\xef\xbb\xbf" + CSV.encode(),
    "UTF-16": CSV.encode("utf-16"),
    "UTF-16 the other way": b"\xfe\xff" + CSV.encode("utf-16-be"),
    "UTF-16 without its mark": CSV.encode("utf-16-le"),
    "Windows-1258": in_1258(CSV),
    "semicolons": CSV.replace(",", ";").encode(),
    "tabs": CSV.replace(",", "\t").encode(),
    "a line that names the separator": b"sep=;\r\n" + CSV.replace(",", ";").encode(),
    "old line ends": CSV.replace("\r\n", "\r").encode(),
    "quotes and a line break": 'STT,"HỌ VÀ TÊN",ĐƠN VỊ\n1,"Nguyễn\nVăn C","Xã Tuyên Thạnh, Kiến Tường"\n'.encode(),
    "rows of uneven length": (CSV + ",,,,,,\r\n").encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_an_odd_file_is_read_as_it_was_meant(name: str) -> None:
    [line] = check(read_table(READ[name]), COORDINATOR).lines
    assert codes(line) == []
    assert line.outcome is Outcome.NEW
    assert line.entry is not None
    assert line.entry.name in ("Nguyễn Văn C", "Nguyễn Thị Hường")


def test_a_merged_unit_stands_for_all_its_rows() -> None:
    rows = [(number, f"Lê Văn {letter}", "", "", T if number == 1 else None) for number, letter in enumerate("CDE", 1)]
    found = check(read_table(workbook(HEADINGS, *rows, merged=["E2:E4"])), COORDINATOR)
    assert [(codes(each), each.unit) for each in found.lines] == [([], found.lines[0].unit)] * 3


def test_a_formula_without_its_value_is_a_fault() -> None:
    content = workbook(HEADINGS, (1, '=CONCATENATE("Lê ","C")', "", "", T))
    [line] = check(read_table(content), COORDINATOR).lines
    assert codes(line) == ["formula"]


def day(content: bytes) -> Checked:
    return check(read_table(content), COORDINATOR)


@pytest.mark.parametrize(
    "typed",
    [date(2026, 7, 1), datetime(2026, 7, 1, 8, 30), "1/7/2026", "01-07-2026", "1.7.26", "2026-07-01", 46204],  # noqa: DTZ001 -- Excel's have no zone
)
def test_a_day_is_read_day_first_or_as_excel_counts_it(typed: Any) -> None:
    head = ("HỌ VÀ TÊN", "ĐƠN VỊ", "LOẠI ĐƠN VỊ", "THUỘC ĐƠN VỊ", "NGÀY LẬP ĐƠN VỊ")
    found = day(workbook(head, ("Lê Văn C", "Xã Mới", "xã", "Huyện Mộc Hóa", typed)))
    assert [each.opened_on for each in found.units] == [date(2026, 7, 1)]


def test_days_of_an_old_macintosh_are_counted_from_1904() -> None:
    book = Workbook()
    book.epoch = MAC_EPOCH
    sheet = book.active
    assert sheet is not None
    sheet.append(["HỌ VÀ TÊN", "ĐƠN VỊ", "LOẠI ĐƠN VỊ", "THUỘC ĐƠN VỊ", "NGÀY LẬP ĐƠN VỊ"])
    sheet.append(["Lê Văn C", "Xã Mới", "xã", "Huyện Mộc Hóa", date(2026, 7, 1)])
    assert [each.opened_on for each in day(saved(book)).units] == [date(2026, 7, 1)]
