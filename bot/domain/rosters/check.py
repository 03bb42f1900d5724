"""The dry run: each row of a sheet against the units and people that are there. Nothing is written by it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from bot.domain.folding import fold
from bot.domain.rosters.columns import Column, Header, RowKind, find_header, kind_of
from bot.domain.rosters.meeting import Entry, Listed, Meeting, meet
from bot.domain.rosters.spelling import spelled
from bot.domain.rosters.table import Row, Table, Unreadable
from bot.domain.rosters.units import Found, KnownUnit, NotFound, UnitBook
from bot.domain.rosters.values import LONGEST_UNIT, Fault, Kinds, is_formula, read_opening, read_person, tidy

CELLS_OF_A_PERSON = 3  # after the signatures began, a row with fewer is one of theirs


class Outcome(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sheet is checked against.

    units: those of the admin's part of the tree and all above; inside: the ids of those in which rows may stand.
    unit_types: (code, names …); empty for those who may not add units.
    """

    units: tuple[KnownUnit, ...]
    inside: tuple[int, ...]
    people: tuple[Listed, ...]
    kinds: Kinds
    unit_types: tuple[tuple[str, ...], ...]
    today: date


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that a sheet asks to be added."""

    name: str
    type: str
    parent: int
    opened_on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its outcome. `unit` is an id, `new_unit` the place in `Checked.units`; one of them, or a fault.

    `entry` is None for a row that only asks for a unit.
    """

    number: int
    entry: Entry | None = None
    unit: int | None = None
    new_unit: int | None = None
    outcome: Outcome = Outcome.FAULTY
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """All rows of a sheet with their outcomes, and the units that it asks to be added."""

    header: Header
    lines: tuple[Line, ...]
    units: tuple[NewUnit, ...]

    def count(self, outcome: Outcome) -> int:
        """How many people's rows have this outcome and need no new unit."""
        return sum(1 for each in self.lines if each.outcome is outcome and each.new_unit is None)

    @property
    def waiting(self) -> int:
        """How many people stand in units that are yet to be added."""
        return sum(1 for each in self.lines if each.new_unit is not None and each.entry and not each.faults)

    @property
    def kindless(self) -> int:
        """How many rows lack nothing but the kind of member."""
        return sum(1 for each in self.lines if [fault.code for fault in each.faults] == ["kind_missing"])


def check(table: Table, ground: Ground) -> Checked:
    """Judge every row; Unreadable if no row is a header, or nothing stands below it."""
    header = find_header(table.rows)
    if header is None:
        raise Unreadable("no_header" if table.rows else "empty")
    checker = _Checker(table, header, ground)
    lines = tuple(checker.lines())
    if not lines:
        raise Unreadable("empty")
    return Checked(header, lines, tuple(checker.added))


@dataclass
class _Checker:
    table: Table
    header: Header
    ground: Ground
    added: list[NewUnit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._book = UnitBook(self.ground.units, self.ground.inside)
        self._in_unit: dict[int, dict[str, list[Listed]]] = defaultdict(lambda: defaultdict(list))
        for each in self.ground.people:
            self._in_unit[each.unit][spelled(each.name)].append(each)
        self._seen: dict[tuple[int | None, int | None, str], dict[str | None, int]] = defaultdict(dict)
        self._places: dict[tuple[int, str], int] = {}

    def lines(self) -> Iterator[Line]:
        for row, administrator in people_rows(self.table.rows, self.header):
            if not self._value(row, Column.NAME) and self._value(row, Column.UNIT_TYPE) and self.ground.unit_types:
                yield self._unit_alone(row)
            else:
                yield self._person(row, administrator=administrator)

    def _person(self, row: Row, *, administrator: bool) -> Line:
        entry, faults = read_person(row, self.header, self.ground.kinds)
        unit, new_unit, about_unit = self._unit(row)
        faults += [each for each in about_unit if each.code not in NOTES]
        notes = [each for each in about_unit if each.code in NOTES]
        notes += [Fault("administrator")] if administrator else []
        line = Line(row.number, entry, unit, new_unit, notes=tuple(notes))
        if entry.name and (unit is not None or new_unit is not None):
            line, more = self._met(line, entry)
            faults += more
        return replace(line, faults=tuple(faults), outcome=Outcome.FAULTY) if faults else line

    def _met(self, line: Line, entry: Entry) -> tuple[Line, list[Fault]]:
        faults = self._twin(line, entry)
        meeting = meet(entry, self._in_unit[line.unit][spelled(entry.name)]) if line.unit is not None else Meeting()
        if meeting.several:
            return line, [*faults, Fault("person_several")]
        if meeting.who is None and entry.kind is None:
            entry = replace(entry, kind=self.ground.kinds.fallback)
            faults += [] if entry.kind else [Fault("kind_missing")]
        outcome = Outcome.NEW if meeting.who is None else Outcome.CHANGED if meeting.changes else Outcome.SAME
        kept = tuple(Fault("kept", (each,)) for each in meeting.kept)
        changed = (Fault("changes", tuple(meeting.changes)),) if meeting.changes else ()
        return replace(line, entry=entry, outcome=outcome, notes=(*line.notes, *changed, *kept)), faults

    def _twin(self, line: Line, entry: Entry) -> list[Fault]:
        """A row above of the same name and unit, unless both have telephone numbers, and not the same."""
        seen = self._seen[line.unit, line.new_unit, spelled(entry.name)]
        twin = next(iter(seen.values()), None) if entry.phone is None else seen.get(entry.phone) or seen.get(None)
        seen.setdefault(entry.phone, line.number)
        return [Fault("twin", (str(twin),))] if twin else []

    def _unit(self, row: Row) -> tuple[int | None, int | None, list[Fault]]:
        name, code = tidy(self._value(row, Column.UNIT)), self._value(row, Column.CODE)
        if is_formula(name) or is_formula(code):
            return None, None, []  # told of with the other cells
        if not name and not code:
            alone = len(self.ground.inside) == 1
            return (self.ground.inside[0], None, []) if alone else (None, None, [Fault("unit_missing")])
        found = self._book.find(name, code, tidy(self._value(row, Column.PARENT)))
        if isinstance(found, Found):
            guess = [Fault("unit_guessed", (self._book.title(found.unit),))] if found.guessed else []
            return found.unit.id, None, guess
        if found.fault == "unit_unknown" and self._value(row, Column.UNIT_TYPE) and self.ground.unit_types:
            return self._new_unit(row, name, found)
        return None, None, [Fault(found.fault, (name or code, *found.names))]

    def _unit_alone(self, row: Row) -> Line:
        unit, new_unit, about = self._unit(row)
        faults = tuple(each for each in about if each.code not in NOTES)
        outcome = Outcome.FAULTY if faults else Outcome.SAME if unit is not None else Outcome.NEW
        notes = tuple(each for each in about if each.code in NOTES)
        return Line(row.number, None, unit, new_unit, outcome, faults, notes)

    def _new_unit(self, row: Row, name: str, found: NotFound) -> tuple[None, int | None, list[Fault]]:
        faults = [Fault("too_long", (Column.UNIT, str(LONGEST_UNIT)))] if len(name) > LONGEST_UNIT else []
        type_ = self._type(tidy(self._value(row, Column.UNIT_TYPE)))
        faults += [] if type_ else [Fault("type_unknown", tuple(each[1] for each in self.ground.unit_types))]
        above = tidy(self._value(row, Column.PARENT))
        parent = self._book.find(above) if above else NotFound("unit_missing")
        if isinstance(parent, NotFound):
            faults.append(Fault("parent_unknown", (above, *parent.names)))
        typed = self._value(row, Column.OPENED)
        opened = read_opening(typed, self.ground.today, since_1904=self.table.since_1904) if typed else None
        faults += [Fault("date_bad", (typed[:20],))] if typed and opened is None else []
        if faults or not type_ or isinstance(parent, NotFound):
            return None, None, faults
        notes = [Fault("unit_new"), *([Fault("unit_near", found.names)] if found.names else [])]
        return None, self._place(NewUnit(name, type_, parent.unit.id, opened)), notes

    def _place(self, unit: NewUnit) -> int:
        place = self._places.setdefault((unit.parent, spelled(unit.name)), len(self.added))
        if place == len(self.added):
            self.added.append(unit)
        return place

    def _type(self, text: str) -> str | None:
        wanted = fold(text)
        for code, *names in self.ground.unit_types:
            words = [code, *names, *(part for name in names for part in name.split(","))]
            if wanted in map(fold, words):
                return code
        return None

    def _value(self, row: Row, column: Column) -> str:
        return self.header.value(row, column)


NOTES = frozenset({"unit_guessed", "unit_new", "unit_near", "administrator", "changes", "kept"})


def people_rows(rows: Sequence[Row], header: Header) -> Iterator[tuple[Row, bool]]:
    """The rows below the header that list somebody, with whether they stand among the administrators."""
    administrators = closing = False
    for row in rows:
        if row.number <= header.number or not row.filled:
            continue
        kind = kind_of(row, header)
        if kind in (RowKind.ADMINISTRATORS, RowKind.SECTION):
            administrators, closing = kind is RowKind.ADMINISTRATORS, False
        elif kind in (RowKind.CLOSING, RowKind.PASSED):
            closing = closing or kind is RowKind.CLOSING
        elif not closing or row.filled >= CELLS_OF_A_PERSON:
            yield row, administrators
