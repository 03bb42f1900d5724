"""The figures of a unit and a period: members by kind, posts by target, rolled up from the units below. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self, TypeVar

from bot.domain.folding import fold
from bot.domain.links import Kind

T = TypeVar("T")

MEDIA = (Kind.PHOTO, Kind.VIDEO, Kind.REEL)
"""Kinds of link that the forms count as “hình ảnh, video”; all else, short links too, is “tin, bài”."""

NO_TARGET = ""
"""The target code of a post that was counted without one: it is in every total and in no section."""

FORM_KINDS = ("can_bo", "chien_si")
"""The member columns of Appendix 2: Cán bộ, Chiến sĩ."""

_FORM_ORDER = ("province", "district", "commune", "body", "school", "cluster")


@dataclass(frozen=True, slots=True)
class Count:
    """How many posts: “tin, bài” and “hình ảnh, video”."""

    posts: int = 0
    media: int = 0

    def __add__(self, other: Self) -> "Count":
        return Count(self.posts + other.posts, self.media + other.media)

    def __sub__(self, other: Self) -> "Count":
        return Count(self.posts - other.posts, self.media - other.media)

    @property
    def total(self) -> int:
        return self.posts + self.media


ZERO = Count()


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member and his posts for one unit, by target code. `name` is None once his data was erased.

    `here`: whether he is one of the unit's members; else he only left posts behind there (moved, erased).
    """

    membership_id: int
    name: str | None
    rank: str | None
    position: str | None
    facebook_name: str | None
    kind: str
    counts: Mapping[str, Count]
    here: bool = True

    @property
    def total(self) -> Count:
        return sum(self.counts.values(), ZERO)


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """A unit with all below it: members by kind, posts by target code. Each total is the sum of `own` and `units`.

    `people` are those of the unit itself, the most posts first; empty where nobody asked for names.
    """

    unit_id: int
    name: str
    type: str
    members: Mapping[str, int]
    counts: Mapping[str, Count]
    units: tuple["UnitFigures", ...] = ()
    people: tuple[MemberLine, ...] = ()

    @property
    def total(self) -> Count:
        return sum(self.counts.values(), ZERO)

    @property
    def own(self) -> "UnitFigures":
        """The unit without those below it: a line of its own beside theirs."""
        members, counts = dict(self.members), dict(self.counts)
        for unit in self.units:
            members.update({kind: members[kind] - number for kind, number in unit.members.items()})
            counts.update({target: counts[target] - count for target, count in unit.counts.items()})
        return replace(self, members=members, counts=counts, units=())


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as the tree is built from."""

    unit_id: int
    parent_id: int | None
    name: str
    type: str


MemberRow = tuple[int, str, int]
"""unit_id, kind, how many members."""
PostRow = tuple[int, str, Count]
"""unit_id, target code, how many posts."""


def roll_up(
    root_id: int,
    units: Iterable[UnitRow],
    members: Iterable[MemberRow],
    posts: Iterable[PostRow],
    people: Iterable[tuple[int, MemberLine]] = (),
) -> UnitFigures:
    """The figures of `root_id` with all below it, from rows in any order; rows of other units play no part.

    A unit may have several rows of one kind or target. KeyError if `root_id` is not among the units.
    """
    return roll_up_all(units, members, posts, people)[root_id]


def roll_up_all(
    units: Iterable[UnitRow],
    members: Iterable[MemberRow] = (),
    posts: Iterable[PostRow] = (),
    people: Iterable[tuple[int, MemberLine]] = (),
) -> dict[int, UnitFigures]:
    """By unit, the figures that `roll_up` has of it."""
    rows = {row.unit_id: row for row in units}
    children = _by_unit((row.parent_id, row.unit_id) for row in rows.values() if row.parent_id is not None)
    members_of = _by_unit((unit_id, {kind: number}) for unit_id, kind, number in members)
    counts_of = _by_unit((unit_id, {target: count}) for unit_id, target, count in posts)
    people_of = _by_unit(people)
    built: dict[int, UnitFigures] = {}
    tops = (row.unit_id for row in rows.values() if row.parent_id not in rows)
    for unit_id in reversed(_downwards(tops, children)):
        below = sorted((built[child] for child in children[unit_id]), key=_unit_order)
        built[unit_id] = UnitFigures(
            unit_id,
            rows[unit_id].name,
            rows[unit_id].type,
            sum_members([*members_of[unit_id], *(unit.members for unit in below)]),
            sum_counts([*counts_of[unit_id], *(unit.counts for unit in below)]),
            tuple(below),
            tuple(sorted(people_of[unit_id], key=_person_order)),
        )
    return built


def inside(root_ids: Iterable[int], units: Iterable[UnitRow]) -> dict[int, list[int]]:
    """For each of these units, itself and all below it."""
    children = _by_unit((row.parent_id, row.unit_id) for row in units if row.parent_id is not None)
    return {root_id: _downwards([root_id], children) for root_id in root_ids}


def sum_counts(parts: Iterable[Mapping[str, Count]]) -> dict[str, Count]:
    """Counts by target, added up."""
    total: dict[str, Count] = {}
    for part in parts:
        for target, count in part.items():
            total[target] = total.get(target, ZERO) + count
    return total


def sum_members(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Numbers of members by kind, added up."""
    total: dict[str, int] = {}
    for part in parts:
        for kind, number in part.items():
            total[kind] = total.get(kind, 0) + number
    return total


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a section: a unit, or a member (`membership_id`) in a unit; `members` are in the columns' order.

    `name` is None for a member whose data was erased.
    """

    unit_id: int
    membership_id: int | None
    name: str | None
    type: str
    members: tuple[int, ...]
    count: Count


@dataclass(frozen=True, slots=True)
class Section:
    """A section of Appendix 2; `total` is the sum of `lines`, column by column."""

    lines: tuple[Line, ...]
    total: Line


def section(figures: UnitFigures, target_codes: Iterable[str], kinds: tuple[str, ...] = FORM_KINDS) -> Section:
    """The posts for these targets, the members in a column for each of `kinds`; other members have no column.

    A unit with others below it: one line for itself, if it has anything of its own, then one for each of them. A unit
    without: a line for each person, or one for the unit where figures name nobody.
    """
    targets = frozenset(target_codes)
    total = _unit_line(figures, targets, kinds)
    if figures.units:
        own = _unit_line(figures.own, targets, kinds)
        shown = [own] if any(own.members) or own.count.total else []
        return Section((*shown, *(_unit_line(unit, targets, kinds) for unit in figures.units)), total)
    people = tuple(_member_line(figures, member, targets, kinds) for member in figures.people)
    return Section(people or (total,), total)


def _unit_line(unit: UnitFigures, targets: frozenset[str], kinds: tuple[str, ...]) -> Line:
    members = tuple(unit.members.get(kind, 0) for kind in kinds)
    return Line(unit.unit_id, None, unit.name, unit.type, members, _of_targets(unit.counts, targets))


def _member_line(unit: UnitFigures, member: MemberLine, targets: frozenset[str], kinds: tuple[str, ...]) -> Line:
    members = tuple(int(member.here and member.kind == kind) for kind in kinds)
    count = _of_targets(member.counts, targets)
    return Line(unit.unit_id, member.membership_id, member.name, unit.type, members, count)


def _of_targets(counts: Mapping[str, Count], targets: frozenset[str]) -> Count:
    return sum((count for target, count in counts.items() if target in targets), ZERO)


def _downwards(tops: Iterable[int], children: Mapping[int, list[int]]) -> list[int]:
    """These units and all below them, each after the one above it; no recursion, so that no depth is too much."""
    order = list(tops)
    for unit_id in order:
        order.extend(children.get(unit_id, ()))
    return order


def _by_unit(pairs: Iterable[tuple[int, T]]) -> defaultdict[int, list[T]]:
    found: defaultdict[int, list[T]] = defaultdict(list)
    for unit_id, value in pairs:
        found[unit_id].append(value)
    return found


def _unit_order(unit: UnitFigures) -> tuple[int, str, int]:
    place = _FORM_ORDER.index(unit.type) if unit.type in _FORM_ORDER else len(_FORM_ORDER)
    return (place, fold(unit.name), unit.unit_id)


def _person_order(line: MemberLine) -> tuple[int, bool, str, int]:
    return (-line.total.total, line.name is None, fold(line.name or ""), line.membership_id)
