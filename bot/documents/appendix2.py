"""Appendix 2 of circular 1356/TM-DQTV: who took part and what was posted, for one unit and period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.documents.appendix2_rows import FormSection, Group, Kinds, rows_of, sum_up, unlisted
from bot.documents.forms import Column, Form, Letterhead, Row, vietnamese
from bot.domain.figures import UnitFigures

TITLE = "MẪU BÁO CÁO THỐNG KÊ KẾT QUẢ THAM GIA TRANG, NHÓM FACEBOOK CỦA {of}"
KINDS: Kinds = (("can_bo", "Cán bộ"), ("chien_si", "Chiến sĩ"))
GROUPS = (
    Group("Ban CHQS huyện", ("district",)),
    Group("Ban CHQS xã, phường", ("commune",)),
    Group("Ban CHQS tự vệ cơ quan", ("body",)),
)
_MEMBERS, _POSTS = "Tổng số Thành viên tham gia", "Tổng số tin, bài đã đăng ký"
_NUMBERS_WIDTH = 9.0  # cm, for all columns of numbers together


@dataclass(frozen=True, slots=True)
class Appendix2:
    """All of the form. `start` and `end` are the first and the last day whose posts count."""

    head: Letterhead
    of: str
    start: date
    end: date
    kinds: tuple[str, ...]
    rows: tuple[Row, ...]
    remarks: tuple[str, ...]


def appendix2_of(
    figures: UnitFigures,
    sections: Sequence[FormSection],
    head: Letterhead,
    start: date,
    end: date,
    *,
    kinds: Kinds = KINDS,
    groups: Sequence[Group] = GROUPS,
) -> Appendix2:
    """The form of a unit. Its rows are the groups in each section, with a line for each unit right below it.

    A unit with nobody below it names its members instead. Members count once in the last row, as the same people stand
    in each section; posts are added. What has no column or section is told in the remarks.
    """
    blocks = tuple(rows_of(figures, each, kinds, groups) for each in sections)
    total = sum_up(figures, sections, kinds)
    rows = tuple(row for block in blocks for row in block)
    return Appendix2(
        head,
        figures.name,
        start,
        end,
        tuple(title for _, title in kinds),
        (*rows, total),
        unlisted(figures, sections, kinds),
    )


def appendix2_docx(data: Appendix2) -> bytes:
    """Appendix 2 for Word."""
    from bot.documents.word import form_docx

    return form_docx(_form(data))


def appendix2_xlsx(data: Appendix2) -> bytes:
    """Appendix 2 for Excel."""
    from bot.documents.sheet import form_xlsx

    return form_xlsx(_form(data), "Phụ lục 2")


def _form(data: Appendix2) -> Form:
    window = f"Số liệu từ ngày {vietnamese(data.start)} đến hết ngày {vietnamese(data.end)}"
    title = TITLE.format(of=data.of.upper())
    columns = _columns(data.kinds)
    return Form(data.head, "Phụ lục 2", title, (data.head.enclosed_with, window), columns, data.rows, data.remarks)


def _columns(kinds: Sequence[str]) -> tuple[Column, ...]:
    width = _NUMBERS_WIDTH / (len(kinds) + 2)
    return (
        Column("TT", 1.4, "centre"),
        Column("Địa phương, đơn vị", 16.5 - 1.4 - _NUMBERS_WIDTH),
        *(Column(kind, width, "centre", _MEMBERS) for kind in kinds),
        *(Column(title, width, "centre", _POSTS) for title in ("Tin, bài", "Hình ảnh, video")),
    )
