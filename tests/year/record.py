"""What is known after a simulated year: what people heard, and what really happened. Moments are aware."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(slots=True)
class Place:
    """A unit: who is above it, whether it owes reports, on which days it opened and closed, and when that was told."""

    name: str
    above: str | None
    owes: bool
    opened_on: date | None = None
    closed_on: date | None = None
    closed_at: datetime | None = None


@dataclass(slots=True)
class Somebody:
    """A person: his chat, his unit, whether he files for it, since when, and the times in which he had the bot blocked.

    `posts` are the moments of his posts that counted.
    """

    chat: int
    unit: str
    files: bool
    since: datetime
    deaf: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    posts: list[datetime] = field(default_factory=list)

    def hears(self, start: datetime, end: datetime) -> bool:
        """Whether the bot could reach him in all of [start, end]."""
        return self.since < start and not any(
            since <= end and (until is None or start <= until) for since, until in self.deaf
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """A report that a unit filed, or was excused from."""

    unit: str
    report: str
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the bot in somebody's chat, as plain text."""

    chat: int
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """A whole simulation of the days [start, end): `up` are the moments at which the bot did all that it had to."""

    start: datetime
    end: datetime
    places: Sequence[Place]
    people: Sequence[Somebody]
    settled: Sequence[Settled]
    up: Sequence[datetime]
    heard: Sequence[Heard]
