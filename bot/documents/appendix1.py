"""Appendix 1 of circular 1356/TM-DQTV: who writes for the pages and groups, administrators first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.documents.forms import Column, Form, Letterhead, Row

TITLE = "MẪU BÁO CÁO DANH SÁCH THÀNH VIÊN THAM GIA VIẾT TIN, BÀI TRÊN TRANG, NHÓM FACEBOOK CỦA {of}"
_COLUMNS = (
    Column("STT", 1.4, "centre"),
    Column("HỌ VÀ TÊN", 4.1),
    Column("CẤP BẬC", 2.2, "centre"),
    Column("CHỨC VỤ", 2.8, "centre"),
    Column("ĐƠN VỊ", 3.1),
    Column("TÊN FACEBOOK", 2.9),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the list; what is not known is empty."""

    name: str
    rank: str = ""
    position: str = ""
    unit: str = ""
    facebook_name: str = ""


@dataclass(frozen=True, slots=True)
class Appendix1:
    """The members of one unit with all below it, in the order in which they are to stand. `of` is the unit's name."""

    head: Letterhead
    of: str
    administrators: tuple[Person, ...]
    participants: tuple[Person, ...]


def appendix1_docx(data: Appendix1) -> bytes:
    """Appendix 1 for Word."""
    from bot.documents.word import form_docx

    return form_docx(_form(data))


def appendix1_xlsx(data: Appendix1) -> bytes:
    """Appendix 1 for Excel."""
    from bot.documents.sheet import form_xlsx

    return form_xlsx(_form(data), "Phụ lục 1")


def _form(data: Appendix1) -> Form:
    sections = (("I", "Ban quản trị", data.administrators), ("II", "Thành viên tham gia", data.participants))
    rows = [row for number, title, people in sections for row in _section(number, title, people)]
    everybody = len(data.administrators) + len(data.participants)
    total = f"Tổng cộng: {everybody:,} người.".replace(",", ".")
    title = TITLE.format(of=data.of.upper())
    return Form(data.head, "Phụ lục 1", title, (data.head.enclosed_with,), _COLUMNS, rows, (total,))


def _section(number: str, title: str, people: tuple[Person, ...]) -> Iterator[Row]:
    yield Row((number, f"{title} ({len(people)} người)"), "section")
    yield from _lines(people)


def _lines(people: Iterable[Person]) -> Iterator[Row]:
    for place, person in enumerate(people, 1):
        yield Row((place, person.name, person.rank, person.position, person.unit, person.facebook_name))
