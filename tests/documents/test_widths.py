"""The figures of a whole province stand on one line of their column in Word."""

import io
import re
from datetime import date

import pytest
from docx import Document

from bot.documents.commendation import CommendationList, PeerClass, commendation_docx
from bot.documents.pages_table import PageLine, PagesTable, pages_docx
from tests.documents.reading import HEAD

DAY = date(2027, 12, 31)
CLASS = PeerClass("Chiến sĩ", (), 18_426, 236_976)
COMMENDED = CommendationList(HEAD, "Tỉnh", DAY, DAY, False, (40, 30, 20, 10), (CLASS,), ())
LARGE = (1_236_976, 1_324_000, 236_976, 34_142)
PAGES = PagesTable(HEAD, "Tỉnh", 2027, 5, (PageLine("Trang", "u", "Xã A", "Huyện B", DAY, LARGE, 64),))


def width(figure: str) -> float:
    """In cm, of bold Times New Roman of 12 points with the margins of its cell."""
    return sum(0.106 if sign == "." else 0.212 for sign in figure) + 2 * 0.19


@pytest.mark.parametrize("made", [commendation_docx(COMMENDED), pages_docx(PAGES)], ids=["commendation", "pages"])
def test_a_provinces_figures_stand_on_one_line(made: bytes) -> None:
    table = max(Document(io.BytesIO(made)).tables, key=lambda each: len(each.rows))
    figures = [cell for row in table.rows for cell in row.cells if re.fullmatch(r"\d[\d.]{3,}", cell.text)]
    assert figures
    for cell in figures:
        assert cell.width is not None
        assert width(cell.text) <= cell.width.cm, cell.text
