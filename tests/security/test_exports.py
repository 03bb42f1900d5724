"""Every file that the bot makes holds what people wrote as text: no cell counts, no text is markup, whatever it begins
with. A document that is added in bot/documents is found here by itself."""

import importlib
import inspect
import io
import pkgutil
import typing
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints
from xml.parsers import expat

import pytest
from openpyxl.cell import Cell, MergedCell

from bot import documents
from bot.documents.ics import calendar
from bot.documents.page_sheet import read_and_check_pages
from bot.documents.roster_sheet import checked_xlsx
from bot.documents.roster_sheet_reading import read_table
from bot.domain.page_sheets import PageGround
from bot.domain.rosters.check import check
from tests.documents.reading import workbook
from tests.rosters.ground import COORDINATOR

# Each sign with which a spreadsheet begins to count, before a number and before more than that.
SIGNS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =")
FORMULAS = [f"{sign}{rest}" for sign in SIGNS for rest in ("1", "SUM(A1)")]
FORMULAS += ["{=1}", "http://x.vn", "0123", "1e5", "#REF!", "TRUE"]
HARMLESS = "chữ"
MARCH = date(2027, 3, 1)
MARKUP = "</w:t></w:r>&lt;w:br/&gt;<!ENTITY a 'b'>]]>\ue000rows\ue000\x0b\x00\ud800{{ 7*7 }}"
# A word of a few that are known; titles that stand in the campaign's profile, which is ours.
SAYS = {"language": "vi", "kinds": "Bài", "subject": "units", "column": "name"}
# The first reads; what the second writes is in test_no_cell_of_a_checked_sheet_counts_or_leads_anywhere.
OTHERS = ("read_xlsx", "checked_xlsx", "form_xlsx", "form_docx")


def makers(ending: str) -> list[Callable[..., bytes]]:
    """All functions of bot/documents that make such a file."""
    modules = [
        importlib.import_module(f"bot.documents.{each.name}") for each in pkgutil.iter_modules(documents.__path__)
    ]
    return [
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if name.endswith(ending) and function.__module__ == module.__name__ and name not in OTHERS
    ]


def hostile(kind: Any, text: str, name: str = "") -> Any:
    """A value of a type in which every text is this one."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind is str or kind is Any:
        return SAYS.get(name, text)
    if kind in (int, float, bool):
        return 1
    if kind in (date, datetime):
        return datetime(2027, 3, 1, tzinfo=UTC) if kind is datetime else date(2027, 3, 1)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{each.name: hostile(hints[each.name], text, each.name) for each in fields(kind)})  # type: ignore[operator]  # mypy takes it for an instance
    if origin is Literal:
        return inner[0]
    if origin in (UnionType, typing.Union):
        return hostile(inner[0], text, name)
    if origin is tuple and inner[-1] is not Ellipsis:
        return tuple(hostile(each, text) for each in inner)
    assert origin in (tuple, Sequence), f"teach this test to make a {kind}"
    return (hostile(inner[0], text, name),)


def made(function: Callable[..., bytes], text: str) -> bytes:
    hints = get_type_hints(function)
    hints.pop("return")
    return function(**{name: hostile(kind, text, name) for name, kind in hints.items()})


@pytest.mark.parametrize("function", makers("_xlsx"), ids=lambda function: function.__name__)
def test_no_cell_of_any_workbook_counts_or_leads_anywhere(function: Callable[..., bytes]) -> None:
    harmless = cells(made(function, HARMLESS))
    holding = {place for place, cell in harmless.items() if HARMLESS in str(cell.value)}
    assert holding
    for text in FORMULAS:
        content = made(function, text)
        found = cells(content)
        assert {place: cell.data_type for place, cell in found.items()} == {
            place: cell.data_type for place, cell in harmless.items()
        }, text
        assert {found[place].data_type for place in holding} == {"s"}, text
        assert all(text.strip() in str(found[place].value) for place in holding), text
        assert not any(cell.hyperlink for cell in found.values()), text
        assert b"<f>" not in b"".join(parts(content).values())


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_checked_sheet_counts_or_leads_anywhere(text: str) -> None:
    """What was sent comes back with our remarks beside it, so that a formula would be ours."""
    table = read_table(f'HỌ VÀ TÊN,ĐƠN VỊ\n"{text}","{text}"\n'.encode())
    _, pages = read_and_check_pages(
        f'Trang,Likes\n"{text}","{text}"\n'.encode(), PageGround((), {}, MARCH, MARCH, MARCH), "vi"
    )
    for content in (checked_xlsx(table, check(table, COORDINATOR), "vi"), pages):
        found = cells(content).values()
        assert {cell.data_type for cell in found} == {"s"}
        assert sum(text.strip() in str(cell.value) for cell in found) >= 2
        assert not any(cell.hyperlink for cell in found)


@pytest.mark.parametrize("function", makers("_docx"), ids=lambda function: function.__name__)
def test_no_text_of_any_word_file_is_markup(function: Callable[..., bytes]) -> None:
    expected = set(elements(made(function, ("chữ " * len(MARKUP))[: len(MARKUP)])))
    assert set(elements(made(function, MARKUP))) == expected


def test_the_calendar_takes_no_line_from_a_name() -> None:
    assert b"\r\nATTACH" not in calendar([], date(2027, 3, 1), "x\r\nATTACH:http://x")


def test_all_documents_are_walked() -> None:
    assert len(makers("_xlsx")) >= 11
    assert len(makers("_docx")) >= 4


def cells(content: bytes) -> dict[tuple[str, str], Cell | MergedCell]:
    """(sheet, place) → a cell in which something stands; the names of sheets are ours."""
    return {
        (str(number), cell.coordinate): cell
        for number, sheet in enumerate(workbook(content).worksheets)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name) for name in book.namelist() if name.endswith(".xml")}


def elements(content: bytes) -> list[str]:
    """The names of all elements in a Word file; every part must be well-formed."""
    return [name for part in parts(content).values() for name in _names(part)]


def _names(part: bytes) -> Iterator[str]:
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: found.append(name.rpartition(":")[2])
    parser.Parse(part, True)
    yield from found
