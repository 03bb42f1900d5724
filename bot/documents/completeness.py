"""Who filed what: expected, filed, on time, late, excused, for each type of unit and duty, and for each unit."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.documents.forms import Column, Letterhead, Row, vietnamese


@dataclass(frozen=True, slots=True)
class Filing:
    """How one unit kept one duty over the window: numbers of periods. What is neither filed nor excused is missing."""

    unit: str
    type: str
    duty: str
    expected: int
    on_time: int = 0
    late: int = 0
    excused: int = 0

    @property
    def filed(self) -> int:
        return self.on_time + self.late

    @property
    def missing(self) -> int:
        return self.expected - self.filed - self.excused


@dataclass(frozen=True, slots=True)
class Completeness:
    """The filings of the units of one part of the tree, in the order in which they are to stand."""

    head: Letterhead
    of: str
    start: date
    end: date
    filings: tuple[Filing, ...]


_COUNTS = ("Phải nộp", "Đã nộp", "Đúng hạn", "Trễ hạn", "Được miễn", "Chưa nộp")
_NUMBERS = tuple(Column(title, 2.2, "centre") for title in _COUNTS)
_BY_TYPE = (Column("STT", 1.4, "centre"), Column("Loại đơn vị", 5.0), Column("Loại báo cáo", 5.0), *_NUMBERS)
_BY_UNIT = (*_BY_TYPE[:1], Column("Đơn vị", 6.0), *_BY_TYPE[1:])


def completeness_xlsx(data: Completeness) -> bytes:
    """Two sheets, by type of unit and by unit; the totals of both are the same."""
    from bot.documents.sheet import Book, write_listing

    title = f"Tình hình nộp báo cáo của {data.of} từ {vietnamese(data.start)} đến {vietnamese(data.end)}"
    book = Book(title, data.head)
    write_listing(book, "Theo loại đơn vị", title, _BY_TYPE, _rows(_summed(data.filings), _by_type, data.filings))
    write_listing(book, "Theo đơn vị", title, _BY_UNIT, _rows(data.filings, _by_unit, data.filings))
    return book.bytes()


def _summed(filings: Iterable[Filing]) -> list[Filing]:
    """One for each type and duty, in the order in which these first come."""
    order: dict[tuple[str, str], list[Filing]] = {}
    for filing in filings:
        order.setdefault((filing.type, filing.duty), []).append(filing)
    types = list(dict.fromkeys(type_ for type_, _ in order))
    keys = sorted(order, key=lambda key: types.index(key[0]))
    return [_sum(order[key], type_=key[0], duty=key[1]) for key in keys]


def _sum(filings: Iterable[Filing], type_: str = "", duty: str = "") -> Filing:
    numbers = [(0, 0, 0, 0), *((each.expected, each.on_time, each.late, each.excused) for each in filings)]
    return Filing("", type_, duty, *(sum(column) for column in zip(*numbers, strict=True)))


def _rows(shown: Iterable[Filing], names: Callable[[Filing], tuple[str, ...]], all_: Sequence[Filing]) -> list[Row]:
    rows = [Row((place, *names(filing), *_numbers(filing))) for place, filing in enumerate(shown, 1)]
    blanks = tuple("" for _ in names(_sum(())))[1:]
    return [*rows, Row(("", "Tổng cộng", *blanks, *_numbers(_sum(all_))), "total")]


def _by_type(filing: Filing) -> tuple[str, ...]:
    return (filing.type, filing.duty)


def _by_unit(filing: Filing) -> tuple[str, ...]:
    return (filing.unit, filing.type, filing.duty)


def _numbers(filing: Filing) -> tuple[int, ...]:
    return (filing.expected, filing.filed, filing.on_time, filing.late, filing.excused, filing.missing)
