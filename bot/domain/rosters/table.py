"""A table as it was read from a file, before anybody asks what it means."""

from dataclasses import dataclass

MOST_ROWS = 50_000
MOST_COLUMNS = 40
LONGEST_CELL = 500


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number in the sheet, from 1; cells are text as it stands there, numbers without an exponent.

    A formula whose value is not in the file begins with “=”.
    """

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        """The text in a column; rows may be shorter than the table."""
        return self.cells[column] if column < len(self.cells) else ""

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(1 for each in self.cells if each.strip())


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that hold anything, from the top. `since_1904`: days are counted as old Macintosh files do."""

    rows: tuple[Row, ...]
    since_1904: bool = False


class Unreadable(Exception):
    """The file cannot be read; `fault` is one of FILE_FAULTS."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


FILE_FAULTS = (
    "broken",  # it claims to be a workbook and is not whole
    "locked",  # with a password
    "old_excel",  # .xls
    "other_format",  # .docx, .pdf, .ods, a picture …
    "too_large",  # unpacked, or in rows
    "unsafe",  # entities, a zip bomb
    "old_font",  # TCVN3 or VNI: letters without Unicode
    "encoding",  # a .csv in an encoding that nobody can tell
    "empty",
    "no_header",  # no row names a column for people's names
)
