"""Who is proposed for commendation in each class of peers, as it is shown and put on paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.campaigns import Kind, UnitType
from bot.domain.commendation import K, Score, Tally

ALL = slice(None)


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who is proposed: a unit, or a member with the unit that he is in."""

    score: Score[int]
    name: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Class:
    """A class of peers with `posts` in all; `code` is “u” or “p” and its number in the profile.

    `number` are proposed, of whom `lines` name those that were asked for; `others` is the rest, with `other_posts`.
    """

    code: str
    vi: str
    en: str
    number: int
    lines: tuple[Line, ...]
    others: int
    other_posts: int
    posts: int


def class_of(
    code: str, row: UnitType | Kind, lines: Sequence[Line], chosen: Iterable[Tally[K]], peers: Iterable[Tally[K]]
) -> Class:
    """A class with all its `peers`, those `chosen` among them, of whom `lines` are shown."""
    number, posts = _sums(chosen)
    of, of_posts = _sums(peers)
    names = (_capital(row.vi), _capital(row.en))
    return Class(code, *names, number, tuple(lines), of - number, of_posts - posts, of_posts)


def _sums(tallies: Iterable[Tally[K]]) -> tuple[int, int]:
    """How many they are, and how many posts they have."""
    found = [(each.number, each.number * each.posts) for each in tallies]
    return sum(number for number, _ in found), sum(posts for _, posts in found)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
