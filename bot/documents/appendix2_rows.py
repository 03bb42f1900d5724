"""The rows of Appendix 2, from the figures of a unit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.documents.forms import Look, Row
from bot.domain.figures import ZERO, Count, UnitFigures, section, sum_counts, sum_members

Kinds: TypeAlias = tuple[tuple[str, str], ...]
"""The member columns: a kind's code and its heading."""

ERASED = "(đã xóa dữ liệu)"
_OTHERS = "Đơn vị khác"


@dataclass(frozen=True, slots=True)
class FormSection:
    """A section of the form: “I”, the pages and groups it is about, their codes in the figures."""

    number: str
    title: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A row that the form prints in each section, for the units of some types."""

    title: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What one unit right below, or the unit itself, has in units of one group."""

    name: str
    members: Mapping[str, int]
    counts: Mapping[str, Count]
    own: bool = False


def rows_of(figures: UnitFigures, about: FormSection, kinds: Kinds, groups: Sequence[Group]) -> Iterator[Row]:
    """One section: its sums, then each group with its lines. Lines add up to their group, groups to the section."""
    yield _row(about.number, about.title, _numbers(figures.members, figures.counts, about.targets, kinds), "section")
    if figures.units:
        yield from _unit_rows(figures, about, kinds, groups)
    else:
        yield from _people_rows(figures, about, kinds, groups)


def sum_up(figures: UnitFigures, sections: Sequence[FormSection], kinds: Kinds) -> Row:
    """The last row: all sections' posts; the members once, as they stand in each section."""
    numbers = [_numbers(figures.members, figures.counts, each.targets, kinds) for each in sections]
    posts = [sum(column) for column in zip(*(each[len(kinds) :] for each in numbers), strict=True)]
    title = f"Tổng cộng ({' + '.join(each.number for each in sections)})"
    return _row("", title, [figures.members.get(kind, 0) for kind, _ in kinds] + posts, "total")


def unlisted(figures: UnitFigures, sections: Sequence[FormSection], kinds: Kinds) -> tuple[str, ...]:
    """Sentences on members and posts that are counted, but that no column or section shows."""
    columns = {kind for kind, _ in kinds}
    targets = {target for each in sections for target in each.targets}
    members = sum(number for kind, number in figures.members.items() if kind not in columns)
    posts = sum((count for target, count in figures.counts.items() if target not in targets), ZERO).total
    remarks = ["Thành viên được ghi ở từng mục và chỉ tính một lần ở dòng tổng cộng."] if len(sections) > 1 else []
    if members:
        remarks.append(f"Ngoài ra có {members} thành viên thuộc các đối tượng khác.")
    if posts:
        remarks.append(f"Ngoài ra có {posts} tin, bài, hình ảnh, video không thuộc các trang, nhóm nêu trên.")
    return tuple(remarks)


def _unit_rows(figures: UnitFigures, about: FormSection, kinds: Kinds, groups: Sequence[Group]) -> Iterator[Row]:
    parts = _parts(figures, groups)
    shown = [*groups, *([Group(_OTHERS, ())] if _OTHERS in parts else [])]
    for place, group in enumerate(shown, 1):
        lines = parts.get(group.title, [])
        whole = _Part("", sum_members(line.members for line in lines), sum_counts(line.counts for line in lines))
        yield _row(str(place), group.title, _numbers(whole.members, whole.counts, about.targets, kinds), "group")
        if group.types and len(lines) == 1 and lines[0].own:
            continue  # “Ban CHQS huyện” is the district itself
        for number, line in enumerate(lines, 1):
            yield _row(f"{place}.{number}", line.name, _numbers(line.members, line.counts, about.targets, kinds))


def _parts(figures: UnitFigures, groups: Sequence[Group]) -> dict[str, list[_Part]]:
    """By group: the unit itself and each unit right below it, as far as it has units of the group."""
    title_of = {type_: group.title for group in groups for type_ in group.types}
    found: defaultdict[str, list[_Part]] = defaultdict(list)
    own = figures.own
    own_title = title_of.get(own.type, _OTHERS)
    if any(own.members.values()) or own.total.total:
        found[own_title].append(_Part(own.name, own.members, own.counts, own=True))
    for unit in figures.units:
        by_title: defaultdict[str, list[UnitFigures]] = defaultdict(list)
        for each in _all_in(unit):
            by_title[title_of.get(each.type, _OTHERS)].append(each.own)
        for title, units in by_title.items():
            members, counts = sum_members(each.members for each in units), sum_counts(each.counts for each in units)
            found[title].append(_Part(unit.name, members, counts))
    return found


def _all_in(unit: UnitFigures) -> Iterator[UnitFigures]:
    waiting = [unit]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(found.units)


def _people_rows(figures: UnitFigures, about: FormSection, kinds: Kinds, groups: Sequence[Group]) -> Iterator[Row]:
    found = section(figures, about.targets, tuple(kind for kind, _ in kinds))
    title = next((group.title for group in groups if figures.type in group.types), _OTHERS)
    yield _row("1", title, [*found.total.members, found.total.count.posts, found.total.count.media], "group")
    for place, line in enumerate(found.lines if figures.people else (), 1):
        yield _row(f"1.{place}", line.name or ERASED, [*line.members, line.count.posts, line.count.media])


def _numbers(
    members: Mapping[str, int], counts: Mapping[str, Count], targets: Iterable[str], kinds: Kinds
) -> list[int]:
    posted = sum((counts.get(target, ZERO) for target in targets), ZERO)
    return [*(members.get(kind, 0) for kind, _ in kinds), posted.posts, posted.media]


def _row(place: str, name: str, numbers: Iterable[int], look: Look = "line") -> Row:
    return Row((place, name, *numbers), look)
