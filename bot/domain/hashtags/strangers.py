"""Everybody else's tags, made ready once for many verdicts."""

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from bot.domain.hashtags.distance import edits
from bot.domain.hashtags.neighbours import Neighbourhood
from bot.domain.hashtags.reading import spell

MOST_SLIPS = 2
# Making the neighbourhood takes as long as some twenty looks at every tag: worth it only for many questions.
_FEW_QUESTIONS = 10


class Strangers:
    """The tags of others, to be told from slips in one's own. Keep it as long as the tags stay the same.

    A tag that is right where it is held against may be among them: the verdict leaves it out.
    """

    def __init__(self, tags: Sequence[str]) -> None:
        self._tags = {letters: tag for tag in tags if (letters := spell(tag))}
        self._questions = 0

    def tag(self, letters: str) -> str | None:
        """The tag that these letters are, if it is somebody's."""
        return self._tags.get(letters)

    def near(self, letters: str, slips: int) -> Iterator[str]:
        """The letters of all tags within so many slips, at most `MOST_SLIPS`."""
        self._questions += 1
        if self._questions <= _FEW_QUESTIONS:
            return (other for other in self._tags if edits(letters, other, slips) <= slips)
        return (other for other, _ in self._neighbourhood.near(letters, slips))

    @cached_property
    def _neighbourhood(self) -> Neighbourhood:
        neighbourhood = Neighbourhood(MOST_SLIPS)
        for letters in self._tags:
            neighbourhood.add(letters)
        return neighbourhood


def made_ready(others: "Strangers | Sequence[str]") -> Strangers:
    """`others` as they are needed; equal sequences are made ready once, while they are in use."""
    return others if isinstance(others, Strangers) else _made_ready(tuple(others))


@lru_cache(maxsize=4)
def _made_ready(tags: tuple[str, ...]) -> Strangers:
    return Strangers(tags)
