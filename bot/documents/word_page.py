"""The page around a form's table in Word: paper, styles, letterhead, title, signatures."""

import io
from datetime import datetime, time
from textwrap import wrap
from typing import TYPE_CHECKING, cast

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from bot.documents.forms import MOTTO, NATION, SIGNATURES, Form, Letterhead
from bot.documents.plain import plain

if TYPE_CHECKING:
    from docx.document import Document as Word

FONT = "Times New Roman"
_SIZE, _TABLE_SIZE = 13, 12
_HEAD_WIDTHS = (8.0, 9.5)
_HEAD_LETTERS = 31  # capitals of 12 points that fit on the left
_PLACES = ("TỈNH", "THÀNH PHỐ", "THỊ XÃ", "HUYỆN", "QUẬN", "THỊ TRẤN", "PHƯỜNG", "XÃ")
_NO_MARGINS = '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
_CELL_STYLES = (
    ("CellHead", True, ALIGN.CENTER),
    ("CellText", False, ALIGN.LEFT),
    ("CellCentre", False, ALIGN.CENTER),
    ("CellBoldText", True, ALIGN.LEFT),
    ("CellBoldCentre", True, ALIGN.CENTER),
    ("CellLastText", True, ALIGN.LEFT),
    ("CellLastCentre", True, ALIGN.CENTER),
)


def written(form: Form, mark: str) -> bytes:
    """The whole document, with a paragraph of the text `mark` alone where the table belongs."""
    document = Document()
    _describe(document, form)
    _paper(document)
    _styles(document)
    _letterhead(document, form.head)
    _titles(document, form)
    document.add_paragraph(mark)
    _remarks(document, form.remarks)
    _signatures(document)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _describe(document: "Word", form: Form) -> None:
    about = document.core_properties
    about.title, about.author, about.last_modified_by = plain(form.title)[:255], plain(form.head.body)[:255], ""
    about.comments, about.language = "", "vi-VN"
    about.created = about.modified = datetime.combine(form.head.made_on, time())  # Word's own has none


def _paper(document: "Word") -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    section.header_distance = Cm(1)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    number._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>2</w:t></w:r></w:fldSimple>'))


def _styles(document: "Word") -> None:
    normal = cast(ParagraphStyle, document.styles["Normal"])
    _set_font(normal, _SIZE)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    for name, bold, align in _CELL_STYLES:
        style = cast(ParagraphStyle, document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH))
        style.base_style = normal
        style.font.size, style.font.bold = Pt(_TABLE_SIZE), bold
        style.paragraph_format.alignment = align
        style.paragraph_format.keep_with_next = name.startswith("CellLast")  # signatures never stand alone on a page
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)


def _set_font(style: ParagraphStyle, size: int) -> None:
    style.font.name, style.font.size = FONT, Pt(size)
    properties = style.element.get_or_add_rPr()
    for script in ("w:eastAsia", "w:cs"):
        properties.rFonts.set(qn(script), FONT)
    properties.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="vi-VN" w:eastAsia="vi-VN"/>'))


def _letterhead(document: "Word", head: Letterhead) -> None:
    left, right = _two_cells(document)
    if head.superior:
        _say(left.paragraphs[0], _on_lines(plain(head.superior).upper()), size=12)
    body = left.add_paragraph() if head.superior else left.paragraphs[0]
    _say(body, _on_lines(plain(head.body).upper()), bold=True, size=12)
    _rule(left, 2.7)
    _say(left.add_paragraph(), plain(head.number_line))
    _say(right.paragraphs[0], NATION, bold=True, size=12)
    _say(right.add_paragraph(), MOTTO, bold=True)
    _rule(right, 1.6)
    _say(right.add_paragraph(), plain(head.place_and_date), italic=True)
    document.add_paragraph()


def _on_lines(name: str) -> str:
    """A name too long for one line is broken before the place it ends in, or else into lines about equally long."""
    if len(name) <= _HEAD_LETTERS:
        return name
    for place in _PLACES:
        body, _, where = name.partition(f" {place} ")
        if where and len(body) <= _HEAD_LETTERS and len(f"{place} {where}") <= _HEAD_LETTERS:
            return f"{body}\n{place} {where}"
    fewest = len(wrap(name, _HEAD_LETTERS))
    narrower = (wrap(name, width) for width in range(1, _HEAD_LETTERS + 1))
    return next("\n".join(lines) for lines in narrower if len(lines) <= fewest)


def _two_cells(document: "Word") -> tuple[_Cell, _Cell]:
    """Side by side, half a centimetre over the margins, as the names are long."""
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    margins = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{_NO_MARGINS}</w:tblCellMar>")
    table._tblPr.insert_element_before(margins, "w:tblLook")
    cells = table.rows[0].cells
    for cell, column, width in zip(cells, table.columns, _HEAD_WIDTHS, strict=True):
        cell.width = column.width = Cm(width)
    return cells[0], cells[1]


def _rule(cell: _Cell, indent: float) -> None:
    """A line under what was said, shorter than the text: `indent` cm from either side."""
    paragraph = cell.add_paragraph()
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Cm(indent)
    form.line_spacing, form.space_before = Pt(5), Pt(3)
    edge = '<w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/>'
    paragraph._p.get_or_add_pPr().insert_element_before(
        parse_xml(f"<w:pBdr {nsdecls('w')}>{edge}</w:pBdr>"), "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _titles(document: "Word", form: Form) -> None:
    _say(document.add_paragraph(), plain(form.label), bold=True)
    _say(document.add_paragraph(), plain(form.title), bold=True)
    for line in form.subtitles:
        _say(document.add_paragraph(), plain(line), italic=True)
    document.paragraphs[-1].paragraph_format.space_after = Pt(8)


def _remarks(document: "Word", remarks: tuple[str, ...]) -> None:
    for index, remark in enumerate(remarks):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(0 if index else 6)
        paragraph.paragraph_format.keep_with_next = True
        _say(paragraph, plain(remark), italic=True, size=12, align=ALIGN.JUSTIFY)


def _signatures(document: "Word") -> None:
    document.add_paragraph().paragraph_format.keep_with_next = True
    for cell, (who, how) in zip(_two_cells(document), SIGNATURES, strict=True):
        _say(cell.paragraphs[0], who, bold=True)
        _say(cell.add_paragraph(), how, italic=True)
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def _say(
    paragraph: Paragraph,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: int = _SIZE,
    align: ALIGN = ALIGN.CENTER,
) -> None:
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    paragraph.alignment = align
