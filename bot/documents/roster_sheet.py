"""The sheets of an import: the template, the sheet that was sent with its faults beside it, the claim codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.documents.checked_sheet import HEAD, TEXT, Beside, Book, with_faults
from bot.documents.plain import plain
from bot.documents.roster_sheet_reading import read_table
from bot.documents.roster_sheet_words import COLUMNS, NOTES, fault_words, near_words, note_words
from bot.domain.rosters.check import Checked, Ground, Line, Outcome, check
from bot.domain.rosters.columns import Column
from bot.domain.rosters.table import Table

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # it brings no marker of its types along

ROWS_OF_TEMPLATE = 2_000
OWN_COLUMNS = (Column.NAME, Column.KIND, Column.RANK, Column.POSITION, Column.UNIT, Column.FACEBOOK, Column.PHONE)
UNIT_COLUMNS = (Column.CODE, Column.UNIT_TYPE, Column.PARENT, Column.OPENED)
_WIDTHS = {Column.NAME: 30, Column.UNIT: 30, Column.FACEBOOK: 24, Column.PARENT: 26, "number": 6}


@dataclass(frozen=True, slots=True)
class Template:
    """What a template offers: (name, path, code) of the units, the names of the kinds and of the unit types.

    Without `unit_types` units cannot be added, and their columns are not there.
    """

    units: tuple[tuple[str, str, str], ...]
    kinds: tuple[str, ...]
    unit_types: tuple[str, ...]


def read_and_check(content: bytes, ground: Ground, language: str) -> tuple[Checked, bytes]:
    """A file's rows with their outcomes, and the same sheet with them beside; raises Unreadable."""
    table = read_table(content)
    checked = check(table, ground)
    return checked, checked_xlsx(table, checked, language)


def checked_xlsx(table: Table, checked: Checked, language: str) -> bytes:
    """The sheet as it was sent, its faulty rows coloured, with a column of faults and one of notes at its end."""
    words = COLUMNS[language]
    beside = {line.number: Beside(*words_of(line, language)) for line in checked.lines}
    return with_faults(table, checked.header.number, beside, (words["faults"], words["notes"]), words["result"])


def template_xlsx(template: Template, language: str) -> bytes:
    """An empty sheet for people, with lists to choose from, and a sheet of the units."""
    book, words = Book(), COLUMNS[language]
    sheet, units = book.sheet(words["people"]), book.sheet(words["units"])
    columns = (*OWN_COLUMNS, *(UNIT_COLUMNS if template.unit_types else UNIT_COLUMNS[:1]))
    for index, title in enumerate([words["number"], *(words[each] for each in columns)]):
        sheet.write_string(0, index, title, book.look(**HEAD))
    for index, column in enumerate(["number", *columns]):
        # Marked as text, a telephone number and a code keep their zeros.
        sheet.set_column(index, index, _WIDTHS.get(column, 18), book.look(num_format="@"))
    sheet.freeze_panes(1, 2)
    lists = _write_lists(book, units, template, language)
    for column in (Column.KIND, Column.UNIT, Column.UNIT_TYPE):
        if column in columns and column in lists:
            _offer(sheet, columns.index(column) + 1, lists[column])
    return book.bytes()


def codes_xlsx(rows: Sequence[tuple[str, str, str, str]], title: str, language: str) -> bytes:
    """(name, unit, telephone, claim code) of people to whom the codes are to be handed out."""
    book, words = Book(), COLUMNS[language]
    sheet = book.sheet(words["codes"])
    sheet.merge_range(0, 0, 0, 4, "", book.look(bold=True, text_wrap=True))
    sheet.write_string(0, 0, plain(title), book.look(bold=True, text_wrap=True))
    sheet.set_row(0, 50)
    heads = ["number", Column.NAME, Column.UNIT, Column.PHONE, "claim_code"]
    for index, head in enumerate(heads):
        sheet.write_string(1, index, words[head], book.look(**HEAD))
        sheet.set_column(index, index, _WIDTHS.get(head, 18))
    for number, row in enumerate(rows, 1):
        sheet.write_number(number + 1, 0, number, book.look(border=1, align="center"))
        for index, text in enumerate(row, 1):
            sheet.write_string(number + 1, index, plain(text), book.look(**TEXT))
    sheet.freeze_panes(2, 0)
    return book.bytes()


def words_of(line: Line, language: str) -> tuple[str, str]:
    """What stands beside a row: its faults, its notes."""
    notes = [near for fault in line.faults if (near := near_words(fault, language))]
    if line.outcome in (Outcome.NEW, Outcome.SAME) and not line.faults:
        notes.append(NOTES[language][line.outcome])
    notes += [note_words(each, language) for each in line.notes]
    return "; ".join(fault_words(each, language) for each in line.faults), "; ".join(notes)


def _offer(sheet: "Worksheet", column: int, source: str) -> None:
    """A list to choose from; other words may stand as well, the check tells what it makes of them."""
    rule = {"validate": "list", "source": source, "ignore_blank": True, "show_error": False}
    sheet.data_validation(1, column, ROWS_OF_TEMPLATE, column, rule)


def _write_lists(book: Book, sheet: "Worksheet", template: Template, language: str) -> dict[str, str]:
    """The units with what they are part of, the kinds, the unit types; where each list stands."""
    columns: dict[str, Sequence[str]] = {
        Column.UNIT: [name for name, _, _ in template.units],
        Column.PARENT: [path for _, path, _ in template.units],
        Column.CODE: [code for _, _, code in template.units],
        Column.KIND: template.kinds,
        Column.UNIT_TYPE: template.unit_types,
    }
    for index, (column, texts) in enumerate(columns.items()):
        sheet.set_column(index, index, 36, book.look(num_format="@"))
        sheet.write_string(0, index, COLUMNS[language][column], book.look(**HEAD))
        for number, text in enumerate(texts, 1):
            sheet.write_string(number, index, plain(text), book.look(num_format="@"))
    sheet.freeze_panes(1, 0)
    name = COLUMNS[language]["units"]
    return {
        column: f"='{name}'!${letter}$2:${letter}${len(texts) + 1}"
        for letter, (column, texts) in zip("ABCDE", columns.items(), strict=True)
        if texts
    }
