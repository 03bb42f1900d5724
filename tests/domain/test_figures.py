"""Figures rolled up: every total is the sum of its parts, at every level, whatever the order of the rows."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.figures import (
    ZERO,
    Count,
    Line,
    MemberLine,
    MemberRow,
    PostRow,
    UnitFigures,
    UnitRow,
    roll_up,
    section,
    sum_counts,
)

TARGETS = ("sao_vuong", "mien_dong", "quan_khu_7", "")
KINDS = ("can_bo", "chien_si", "giao_duc")
TYPES = ("province", "district", "commune", "body", "school", "cluster", "a new one")
ROOT = 1

counts = st.builds(Count, st.integers(0, 9), st.integers(0, 9))


def member(
    id_: int, name: str | None = "A", *, kind: str = "chien_si", here: bool = True, **by_target: Count
) -> MemberLine:
    return MemberLine(id_, name, None, None, None, kind, by_target, here)


@dataclass(frozen=True)
class Rows:
    """What a tree is rolled up from; `people` are all there is, and the rest follows from them."""

    units: list[UnitRow]
    people: list[tuple[int, MemberLine]]

    @property
    def members(self) -> list[MemberRow]:
        return [(unit_id, line.kind, 1) for unit_id, line in self.people if line.here]

    @property
    def posts(self) -> list[PostRow]:
        return [(unit_id, target, count) for unit_id, line in self.people for target, count in line.counts.items()]

    def rolled_up(self, *, named: bool = True) -> UnitFigures:
        return roll_up(ROOT, self.units, self.members, self.posts, self.people if named else ())

    def shuffled(self, random: Random) -> "Rows":
        return Rows(random.sample(self.units, len(self.units)), random.sample(self.people, len(self.people)))

    def within(self, unit_id: int) -> set[int]:
        """The unit and all below it, found from below: each unit asks those above it."""
        above = {row.unit_id: row.parent_id for row in self.units}
        return {row.unit_id for row in self.units if unit_id in _upwards(row.unit_id, above)}


def _upwards(unit_id: int | None, above: dict[int, int | None]) -> Iterator[int]:
    while unit_id is not None:
        yield unit_id
        unit_id = above[unit_id]


@st.composite
def many_rows(draw: st.DrawFn) -> Rows:
    size = draw(st.integers(1, 12))
    units = [
        UnitRow(id_, draw(st.integers(1, id_ - 1)) if id_ > 1 else None, draw(st.sampled_from("AĐĂ")), draw(a_type))
        for id_ in range(1, size + 1)
    ]
    people = [
        (draw(st.integers(1, size)), member(id_, draw(a_name), kind=draw(a_kind), here=draw(st.booleans()), **by))
        for id_, by in enumerate(draw(st.lists(st.dictionaries(st.sampled_from(TARGETS), counts), max_size=15)))
    ]
    return Rows(units, people)


a_type, a_kind, a_name = st.sampled_from(TYPES), st.sampled_from(KINDS), st.sampled_from(["Đỗ", "Ân", "An", None])


def everything(unit: UnitFigures) -> Iterator[UnitFigures]:
    yield unit
    for each in unit.units:
        yield from everything(each)


@given(many_rows())
def test_every_total_is_what_the_rows_of_the_unit_and_all_below_it_make(rows: Rows) -> None:
    for unit in everything(rows.rolled_up()):
        inside = rows.within(unit.unit_id)
        kinds = Counter(line.kind for unit_id, line in rows.people if unit_id in inside and line.here)
        assert unit.members == kinds
        for target in TARGETS:
            found = [line.counts.get(target, ZERO) for unit_id, line in rows.people if unit_id in inside]
            expected = Count(sum(each.posts for each in found), sum(each.media for each in found))
            assert unit.counts.get(target, ZERO) == expected


@given(many_rows())
def test_every_total_is_the_sum_of_the_units_own_line_and_of_those_below(rows: Rows) -> None:
    for unit in everything(rows.rolled_up()):
        parts = (unit.own, *unit.units)
        assert unit.counts == sum_counts(part.counts for part in parts)
        assert unit.total == sum((part.total for part in parts), ZERO)
        assert all(unit.members[kind] == sum(part.members.get(kind, 0) for part in parts) for kind in unit.members)


@given(many_rows())
def test_a_units_own_line_is_the_sum_of_its_people(rows: Rows) -> None:
    for unit in everything(rows.rolled_up()):
        of_people = sum_counts(line.counts for line in unit.people)
        assert all(unit.own.counts[target] == of_people.get(target, ZERO) for target in unit.counts)
        here = Counter(line.kind for line in unit.people if line.here)
        assert all(unit.own.members[kind] == here[kind] for kind in unit.members)


@given(many_rows(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows: Rows, random: Random) -> None:
    assert rows.shuffled(random).rolled_up() == rows.rolled_up()


@given(many_rows())
def test_leaving_out_the_names_changes_no_figure(rows: Rows) -> None:
    named, unnamed = everything(rows.rolled_up()), everything(rows.rolled_up(named=False))
    assert [replace(unit, people=(), units=()) for unit in named] == [replace(unit, units=()) for unit in unnamed]


@given(many_rows(), st.sets(st.sampled_from(TARGETS)))
def test_a_sections_total_is_the_sum_of_its_lines_in_every_column(rows: Rows, targets: set[str]) -> None:
    for unit in everything(rows.rolled_up()):
        found = section(unit, targets)
        assert found.total.count == sum((line.count for line in found.lines), ZERO)
        columns = zip(*(line.members for line in found.lines), strict=True)
        assert found.total.members == tuple(map(sum, columns))


@given(many_rows(), st.sets(st.sampled_from(TARGETS)))
def test_sections_that_share_no_target_add_up_to_the_whole(rows: Rows, targets: set[str]) -> None:
    unit = rows.rolled_up()
    parts = [section(unit, chosen).total.count for chosen in (targets, set(TARGETS) - targets)]
    assert sum(parts, ZERO) == unit.total


def test_a_tree_may_be_deeper_than_any_recursion() -> None:
    units = [UnitRow(id_, id_ - 1 or None, "", "commune") for id_ in range(1, 3_001)]
    assert roll_up(1, units, [(3_000, "can_bo", 2)], [(3_000, "x", Count(1, 4))]).total == Count(1, 4)


def test_rows_of_units_outside_the_tree_play_no_part() -> None:
    units = [
        UnitRow(1, 7, "here", "commune"),
        UnitRow(7, None, "above", "district"),
        UnitRow(8, 7, "beside", "commune"),
    ]
    found = roll_up(1, units, [(8, "can_bo", 1)], [(7, "x", Count(1)), (99, "x", Count(1))])
    assert (found.total, found.members, found.units) == (ZERO, {}, ())


def test_the_root_must_be_among_the_units() -> None:
    with pytest.raises(KeyError):
        roll_up(1, [], [], [])


DISTRICT = [
    UnitRow(1, None, "Huyện Bến Lức", "district"),
    UnitRow(2, 1, "Trường B", "school"),
    UnitRow(3, 1, "Xã Đa", "commune"),
    UnitRow(4, 1, "Cơ quan A", "body"),
    UnitRow(5, 1, "Xã An", "commune"),
]


def test_a_districts_section_has_its_own_line_and_then_those_below_in_the_order_of_the_form() -> None:
    figures = roll_up(1, DISTRICT, [(1, "can_bo", 1), (5, "chien_si", 2)], [(5, "x", Count(3, 1)), (5, "y", Count(9))])
    found = section(figures, ["x"])
    assert [line.name for line in found.lines] == ["Huyện Bến Lức", "Xã An", "Xã Đa", "Cơ quan A", "Trường B"]
    assert [line.members for line in found.lines] == [(1, 0), (0, 2), (0, 0), (0, 0), (0, 0)]
    assert [line.count for line in found.lines] == [ZERO, Count(3, 1), ZERO, ZERO, ZERO]
    assert found.total == Line(1, None, "Huyện Bến Lức", "district", (1, 2), Count(3, 1))


def test_a_district_with_nothing_of_its_own_has_no_line_of_its_own() -> None:
    assert [line.unit_id for line in section(roll_up(1, DISTRICT, [], []), ["x"]).lines] == [5, 3, 4, 2]


def test_a_communes_section_names_each_member_the_most_posts_first() -> None:
    people = [
        (5, member(1, "Lê Đạt", kind="can_bo")),
        (5, member(2, "Lê Ân")),
        (5, member(3, "Võ Bé", x=Count(1, 1))),
        (5, member(4, None, here=False, x=Count(1))),
        (5, member(5, "Mai Cô", kind="giao_duc", y=Count(1))),
    ]
    rows = Rows([DISTRICT[-1]], people)
    found = section(roll_up(5, rows.units, rows.members, rows.posts, people), ["x"])
    assert [(line.name, line.members, line.count) for line in found.lines] == [
        ("Võ Bé", (0, 1), Count(1, 1)),
        ("Mai Cô", (0, 0), ZERO),
        (None, (0, 0), Count(1)),
        ("Lê Ân", (0, 1), ZERO),
        ("Lê Đạt", (1, 0), ZERO),
    ]
    assert found.total == Line(5, None, "Xã An", "commune", (1, 2), Count(2, 1))


def test_a_unit_without_people_is_one_line() -> None:
    figures = roll_up(5, [DISTRICT[-1]], [(5, "doan_vien", 4)], [(5, "x", Count(2))])
    found = section(figures, ["x"], kinds=("doan_vien",))
    assert found.lines == (found.total,) == (Line(5, None, "Xã An", "commune", (4,), Count(2)),)
