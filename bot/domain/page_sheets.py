"""The dry run of a sheet with the figures of pages, one page a row: each row against the pages that are there. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.domain.figures_typed import FIELDS, UNKNOWN, Field, Figures, read_number
from bot.domain.folding import fold
from bot.domain.growth import Months
from bot.domain.page_links import PageLink, read_page
from bot.domain.rosters.check import Outcome
from bot.domain.rosters.columns import HEADER_WITHIN, heading
from bot.domain.rosters.table import Row, Table, Unreadable
from bot.domain.rosters.values import Fault, is_formula, read_opening, tidy

LONGEST_SAID = 60  # of a cell that is told of
_MONTH = re.compile(r"(?:thang )?(\d{1,2}) (?:nam )?(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4}) (\d{1,2})")
_TOTALS = ("tong cong", "tong so", "tong", "cong")


class Column(StrEnum):
    """What a column may hold; a page's name or link and one of the figures must be there."""

    UNIT = "unit"
    PAGE = "page"
    LINK = "link"
    MONTH = "month"
    LIKES = "likes"
    FOLLOWERS = "followers"
    MEMBERS = "members"
    POSTS = "posts"


HEADINGS: Mapping[Column, tuple[str, ...]] = {
    Column.UNIT: ("don vi", "ten don vi", "co quan don vi", "unit"),
    Column.PAGE: ("trang nhom kenh", "trang", "ten trang", "ten trang nhom kenh", "ten trang nhom", "page", "name"),
    Column.LINK: ("link", "duong link", "dia chi", "dia chi trang", "duong dan", "link trang", "address", "url"),
    Column.MONTH: ("thang", "thang nam", "ky", "month"),
    Column.LIKES: ("luot thich", "so luot thich", "thich", "likes"),
    Column.FOLLOWERS: ("nguoi theo doi", "so nguoi theo doi", "luot theo doi", "theo doi", "followers"),
    Column.MEMBERS: ("thanh vien", "so thanh vien", "members"),
    Column.POSTS: ("tin bai", "so tin bai", "so bai", "tin bai trong thang", "bai dang", "posts"),
}
_MEANING = {words: column for column, headings in HEADINGS.items() for words in headings}


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page of the directory as a sheet is checked against it; `key` is that of bot/domain/page_links.py."""

    id: int
    key: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class PageGround:
    """What a sheet is checked against: the pages of the sender's part of the tree, and their figures by month.

    `month` is that of rows that name none; others may be from `first` to `last`, the months of `today` and before.
    """

    pages: tuple[KnownPage, ...]
    known: Mapping[int, Months]
    month: date
    first: date
    today: date

    @property
    def last(self) -> date:
        """The first of this month."""
        return self.today.replace(day=1)


@dataclass(frozen=True, slots=True)
class PageLine:
    """A row with its outcome. `told` holds the figures that it gives; None for one that is marked as not known."""

    number: int
    page: int | None = None
    month: date | None = None
    told: Figures | None = None
    outcome: Outcome = Outcome.FAULTY
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedPages:
    """All rows of a sheet with their outcomes; `header` is the number of the row with the headings."""

    header: int
    lines: tuple[PageLine, ...]

    def count(self, outcome: Outcome) -> int:
        """How many rows with figures have this outcome."""
        return sum(1 for each in self.lines if each.outcome is outcome and not _is_blank(each))

    @property
    def blank(self) -> int:
        """How many rows name a page and give no figures: they are passed over."""
        return sum(map(_is_blank, self.lines))


def merged(told: Figures, known: Figures) -> Figures:
    """The figures of a month once those that a sheet tells stand in it; an empty cell leaves what was known."""
    return {field: told[field] if field in told else known.get(field) for field in FIELDS}


def columns_of(rows: Sequence[Row]) -> int:
    """How many columns the headings name; 0 if there are none."""
    found = _find_header(rows)
    return len(found[1]) if found else 0


def check_pages(table: Table, ground: PageGround) -> CheckedPages:
    """Judge every row; Unreadable if no row is a header, or nothing stands below it."""
    found = _find_header(table.rows)
    if found is None:
        raise Unreadable("no_header" if table.rows else "empty")
    number, columns = found
    lines = tuple(_Checker(table, number, columns, ground).lines())
    if not lines:
        raise Unreadable("empty")
    return CheckedPages(number, lines)


def _find_header(rows: Sequence[Row]) -> tuple[int, dict[Column, int]] | None:
    """The first row that names a column for pages or links and one for figures, and where its columns are."""
    for row in rows[:HEADER_WITHIN]:
        columns: dict[Column, int] = {}
        for index, text in enumerate(row.cells):
            column = _MEANING.get(heading(text))
            if column:
                columns.setdefault(column, index)
        if columns.keys() & {Column.PAGE, Column.LINK} and columns.keys() & set(map(Column, FIELDS)):
            return row.number, columns
    return None


def _is_blank(line: PageLine) -> bool:
    return not line.faults and not line.told


class _Checker:
    def __init__(self, table: Table, header: int, columns: Mapping[Column, int], ground: PageGround) -> None:
        self._table, self._header, self._columns, self._ground = table, header, columns, ground
        self._by_key = {each.key: each for each in ground.pages}
        self._by_name: dict[str, list[KnownPage]] = defaultdict(list)
        for each in ground.pages:
            self._by_name[fold(each.name)].append(each)
        self._seen: dict[tuple[int, date], int] = {}

    def lines(self) -> Iterator[PageLine]:
        for row in self._table.rows:
            if row.number > self._header and self._is_about_a_page(row):
                yield self._line(row)

    def _is_about_a_page(self, row: Row) -> bool:
        """Not a blank row, a total, the headings once more, or what stands below the table."""
        named = [self._value(row, Column.PAGE), self._value(row, Column.LINK)]
        figures = [each for field in FIELDS if (each := self._value(row, Column(field)))]
        first = next((heading(each) for each in row.cells if each.strip()), "")
        again = any(_MEANING.get(heading(each)) in (Column.PAGE, Column.LINK) for each in named if each)
        if first in _TOTALS or (again and not any(char.isdigit() for each in figures for char in each)):
            return False
        return any(named) or bool(figures)

    def _line(self, row: Row) -> PageLine:
        page, faults, notes = self._page(row)
        month, about_month = self._month(row)
        told, about_figures = self._figures(row)
        faults += about_month + about_figures
        if page and month and told:
            before = self._seen.setdefault((page.id, month), row.number)
            faults += [Fault("twin", (str(before),))] if before != row.number else []
        line = PageLine(row.number, page.id if page else None, month, told)
        if faults or page is None or month is None:
            return replace(line, faults=tuple(faults), notes=tuple(notes))
        known = self._ground.known.get(page.id, {}).get(month)
        outcome = _outcome(told, known)
        return replace(line, outcome=outcome, notes=(*notes, *_about(told, known, outcome)))

    def _page(self, row: Row) -> tuple[KnownPage | None, list[Fault], list[Fault]]:
        name, link, unit = (self._value(row, each) for each in (Column.PAGE, Column.LINK, Column.UNIT))
        formulas = [Fault("formula", (column,)) for column, text in _texts(name, link, unit) if is_formula(text)]
        if formulas:
            return None, formulas, []
        if not name and not link:
            return None, [Fault("page_missing")], []
        found = self._linked(link or name)
        if found is None and link:
            return None, [Fault("link_unknown", (link[:LONGEST_SAID],))], []
        fitting = [found] if found else self._by_name.get(fold(name), [])
        if not fitting:
            return None, [Fault("page_unknown", (name[:LONGEST_SAID],))], []
        here = [each for each in fitting if not unit or fold(each.unit) == fold(unit)]
        if not here:
            return None, [Fault("unit_differs", (", ".join(dict.fromkeys(each.unit for each in fitting)),))], []
        if len(here) > 1:
            return None, [Fault("page_several", (name[:LONGEST_SAID],))], []
        other = bool(found and link and name and fold(found.name) != fold(name))
        return here[0], [], [Fault("by_link", (here[0].name,))] if other else []

    def _linked(self, text: str) -> KnownPage | None:
        read = read_page(text)
        return self._by_key.get(read.key) if isinstance(read, PageLink) else None

    def _month(self, row: Row) -> tuple[date | None, list[Fault]]:
        typed = self._value(row, Column.MONTH)
        month = (
            read_month(typed, self._ground.today, since_1904=self._table.since_1904) if typed else self._ground.month
        )
        if month is None:
            return None, [Fault("month_bad", (typed[:LONGEST_SAID],))]
        if not self._ground.first <= month <= self._ground.last:
            shown = [f"{each.month}/{each.year}" for each in (month, self._ground.first, self._ground.last)]
            return None, [Fault("month_range", tuple(shown))]
        return month, []

    def _figures(self, row: Row) -> tuple[Figures, list[Fault]]:
        told: dict[Field, int | None] = {}
        faults: list[Fault] = []
        for field in FIELDS:
            text = self._value(row, Column(field))
            number = read_number(text)
            if is_formula(text):
                faults.append(Fault("formula", (field,)))
            elif number is not None or (text and text in UNKNOWN):
                told[field] = number
            elif text:
                faults.append(Fault("number_bad", (field, text[:LONGEST_SAID])))
        return (told if any(each is not None for each in told.values()) else {}), faults

    def _value(self, row: Row, column: Column) -> str:
        return tidy(row.cell(self._columns[column])) if column in self._columns else ""


def read_month(typed: str, today: date, *, since_1904: bool = False) -> date | None:
    """The first of the month that is meant: “10/2026”, “tháng 10 năm 2026”, “2026-10”, a day of it; None if none is."""
    words = " ".join(re.sub(r"[^a-z0-9]+", " ", fold(typed)).split())
    named, year_first = _MONTH.fullmatch(re.sub(r"^t(?=\d)", "thang ", words)), _YEAR_FIRST.fullmatch(words)
    if named or year_first:
        month, year = named.groups() if named else (year_first.groups() if year_first else ("", ""))[::-1]
        return date(int(year), int(month), 1) if 1 <= int(month) <= 12 and int(year) else None
    try:
        day = read_opening(typed, today, since_1904=since_1904)
    except OverflowError:
        return None
    return day.replace(day=1) if day else None


def _texts(name: str, link: str, unit: str) -> tuple[tuple[Column, str], ...]:
    return (Column.PAGE, name), (Column.LINK, link), (Column.UNIT, unit)


def _outcome(told: Figures, known: Figures | None) -> Outcome:
    if not told or (known is not None and merged(told, known) == merged({}, known)):
        return Outcome.SAME
    return Outcome.NEW if known is None else Outcome.CHANGED


def _about(told: Figures, known: Figures | None, outcome: Outcome) -> Iterator[Fault]:
    """What is to be known of a row without faults."""
    if not told:
        yield Fault("blank")
    elif outcome is Outcome.CHANGED and known is not None:
        changed = [field for field in told if told[field] != known.get(field)]
        yield Fault("changes", tuple(f"{field}:{_shown(known.get(field))}:{_shown(told[field])}" for field in changed))
    else:
        yield Fault(outcome)


def _shown(value: int | None) -> str:
    return "–" if value is None else f"{value:,}".replace(",", ".")
