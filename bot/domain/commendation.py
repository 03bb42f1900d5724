"""Who did well in a period: points out of 100 for units beside their peers, and for people. Pure.

Each measure is a share between nought and the best of the class, worth so many points; a measure that does not apply
to somebody (no report was due, no quota, not there in the period before) leaves its points to his other measures.
All is counted in tenths of a point: what is shown is what is added up, and what is the same there is a tie.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Generic, Literal, TypeVar

K = TypeVar("K", bound=Hashable)

Measure = Literal["posts", "on_time", "quota", "improvement"]
POINTS: dict[Measure, int] = {"posts": 40, "on_time": 30, "quota": 20, "improvement": 10}
"""The choice of the installation; the source documents only say that results count for commendation."""
WHOLE = 1000
Figures = tuple[int, int, int, int, int, int, int | None]
"""What the points of somebody follow from: all of a tally but who and among whom."""


@dataclass(frozen=True, slots=True)
class Tally(Generic[K]):
    """What somebody did. `size` is the number of members that the posts are divided by.

    `on_time` of `due` reports, `reached` of `quotas` weeks and months; posts of the period `before`, None if he was
    not there then. `number` have these very figures, if the tally stands for several.
    """

    key: K
    peers: str
    posts: int
    size: int = 1
    on_time: int = 0
    due: int = 0
    reached: int = 0
    quotas: int = 0
    before: int | None = None
    number: int = 1

    @property
    def divisor(self) -> int:
        return max(1, self.size)

    @property
    def rate(self) -> Fraction:
        """Posts per member."""
        return Fraction(self.posts, self.divisor)


@dataclass(frozen=True, slots=True)
class Score(Generic[K]):
    """A place in a class: `parts` are tenths of points, and `total` is their sum. Equals share a place."""

    tally: Tally[K]
    parts: dict[Measure, int]
    place: int

    @property
    def total(self) -> int:
        return sum(self.parts.values())


def rank(tallies: Iterable[Tally[K]]) -> dict[str, list[Score[K]]]:
    """By class, everybody with a post from the first place on; of equals the order means nothing."""
    classes: dict[str, list[Tally[K]]] = {}
    for tally in sorted(tallies, key=lambda each: (each.peers, _order(each))):
        classes.setdefault(tally.peers, []).append(tally)
    return {peers: _placed(members) for peers, members in classes.items()}


def proposed(scores: Sequence[Score[K]], of: int) -> list[Score[K]]:
    """The upper half of a class of `of`, with all who tie with its last: nobody is shown to be the last one."""
    if not scores:
        return []
    counted = accumulate(each.tally.number for each in scores)
    last = next((each.place for each, so_far in zip(scores, counted, strict=True) if so_far >= of // 2), None)
    return [each for each in scores if last is None or each.place <= last]


def _placed(members: list[Tally[K]]) -> list[Score[K]]:
    best = max({(each.posts, each.divisor) for each in members}, key=lambda rate: Fraction(*rate))
    known: dict[Figures, dict[Measure, int]] = {}  # of ten thousand people many have the same figures
    scored = [(each, _parts(_figures(each), best, known)) for each in members if each.posts]
    sharing: Counter[int] = Counter()
    for tally, parts in scored:
        sharing[sum(parts.values())] += tally.number
    totals = sorted(sharing, reverse=True)
    above = accumulate((sharing[total] for total in totals), initial=1)
    place_of = dict(zip(totals, above, strict=False))
    made = [Score(tally, parts, place_of[sum(parts.values())]) for tally, parts in scored]
    return sorted(made, key=lambda each: each.place)


def _figures(tally: Tally[K]) -> Figures:
    return tally.posts, tally.divisor, tally.on_time, tally.due, tally.reached, tally.quotas, tally.before


def _parts(figures: Figures, best: tuple[int, int], known: dict[Figures, dict[Measure, int]]) -> dict[Measure, int]:
    if figures not in known:
        shares = _shares(figures, best)
        worth = sum(POINTS[measure] for measure in shares)
        known[figures] = {
            name: _rounded(over * POINTS[name] * WHOLE, of * worth) for name, (over, of) in shares.items()
        }
    return known[figures]


def _shares(figures: Figures, best: tuple[int, int]) -> dict[Measure, tuple[int, int]]:
    """Each share as so many of so many; the rate of posts against the best one."""
    posts, size, on_time, due, reached, quotas, before = figures
    shares: dict[Measure, tuple[int, int]] = {"posts": (posts * best[1], size * best[0])}
    if due:
        shares["on_time"] = (on_time, due)
    if quotas:
        shares["quota"] = (reached, quotas)
    if before is not None:
        shares["improvement"] = (max(0, posts - before), posts)
    return shares


def _rounded(over: int, of: int) -> int:
    """To the nearest whole number, halves up."""
    return (2 * over + of) // (2 * of)


def _order(tally: Tally[K]) -> str:
    return repr(tally.key)
