"""Tags that lie so close together that a slip of a key turns one into the other."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, product

from bot.domain.hashtags.distance import edits, shared
from bot.domain.hashtags.tokens import same

# Longer heads tell more words apart and cost more keys each: with two slips 14 letters make 91 keys.
_HEAD = 14


class Neighbourhood:
    """Words, found again by any word at most `most` edits away (as `distance.edits` counts them).

    An edit spoils at most one letter of either word. So near words share a rest: what stays of their heads
    when some `most` letters are left out of each. Only words that share one are compared at length.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._words: dict[str, list[str]] = defaultdict(list)

    def add(self, word: str) -> None:
        """Takes `word` in; a word is to be taken in once."""
        for rest in self._rests(word):
            self._words[rest].append(word)

    def near(self, word: str, most: int) -> Iterator[tuple[str, int]]:
        """All words taken in that are at most `most` edits from `word`, in no order, with their edits.

        `most` is no more than that of the neighbourhood.
        """
        for other in {other for rest in self._rests(word) for other in self._words.get(rest, ())}:
            slips = edits(word, other, most)
            if slips <= most:
                yield other, slips

    def _rests(self, word: str) -> set[str]:
        head = word[:_HEAD].ljust(_HEAD, "\0")
        return set(map("".join, combinations(head, max(0, _HEAD - self._most))))


def near_pairs(tags: Sequence[str], most: int = 2) -> Iterator[tuple[str, str, int]]:
    """Every two of `tags` that are 0 to `most` edits apart in any letter case, with their edits.

    Each pair comes once, what stands first in `tags` before the other; a tag that is there twice is a pair.
    13,000 tags take a second or two and 150 MB, a province's 600 less than a tenth of a second.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, tag in enumerate(tags):
        places[same(tag)].append(place)
    head = shared(min(places, default=""), max(places, default=""))
    known = Neighbourhood(most)
    for word, here in places.items():
        tail = word[head:]
        yield from ((tags[a], tags[b], 0) for a, b in combinations(here, 2))
        for other, slips in sorted(known.near(tail, most)):
            there = places[word[:head] + other]
            yield from ((tags[min(pair)], tags[max(pair)], slips) for pair in product(there, here))
        known.add(tail)
