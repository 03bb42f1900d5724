"""The judge: from what was said, what arrived and what the ledger holds to a table of figures. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import groupby, pairwise

from tests.crash.ledger import Message
from tests.crash.script import Said


@dataclass(frozen=True, slots=True)
class Record:
    """What is known after a trial, each list in its order.

    `posts` are (key, number) of counted posts and `rows` all rows of the table; `arrived` is what the messenger got;
    `answers` what the outbox holds; `in_flight` what was being sent at the kills, once per kill.
    """

    said: Sequence[Said]
    posts: Sequence[tuple[str, int]]
    rows: int
    handled: int
    arrived: Sequence[Message]
    answers: Sequence[Message]
    in_flight: Sequence[Message]


@dataclass(frozen=True, slots=True)
class Figures:
    """How often something went wrong, and the answers sent twice, which the promise allows if in flight at a kill."""

    lost: int
    logged_twice: int
    handled_twice: int
    not_handled: int
    out_of_order: int
    unanswered: int
    repeated_without_reason: int
    answered_twice: int
    in_flight: int

    @property
    def wrong(self) -> dict[str, int]:
        """The figures that must be zero and are not."""
        allowed = ("answered_twice", "in_flight")
        found = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in allowed}
        return {name: figure for name, figure in found.items() if figure}


def check(record: Record) -> Figures:
    """The figures of a trial."""
    said = {each.key for each in record.said if each.key}
    logged = Counter(key for key, _ in record.posts)
    arrived, due, in_flight = Counter(record.arrived), Counter(record.answers), Counter(record.in_flight)
    repeated = arrived - due
    unanswered, out_of_order = _conversations(record)
    return Figures(
        lost=len(said - logged.keys()),
        logged_twice=sum(count - 1 for count in logged.values()),
        handled_twice=max(0, len(record.answers) - len(record.said)) + max(0, record.rows - len(said)),
        not_handled=len(record.said) - record.handled,
        out_of_order=out_of_order,
        unanswered=unanswered,
        repeated_without_reason=(repeated - in_flight).total(),
        answered_twice=repeated.total(),
        in_flight=in_flight.total(),
    )


def _conversations(record: Record) -> tuple[int, int]:
    """Over all chats: updates without an answer, and what is not in the order of what was said."""
    numbers = dict(record.posts)
    unanswered = out_of_order = 0
    for chat, said in _by_chat(record.said).items():
        texts = [text for to, text in record.arrived if to == chat]
        places = _places(texts, [each.answer.format(number=numbers.get(each.key or "")) for each in said])
        first = dict.fromkeys(each.key for each in said if each.key)
        unanswered += len(said) - len(places)
        out_of_order += _falls(places) + _falls(numbers[key] for key in first if key in numbers)
    return unanswered, out_of_order


def _by_chat(said: Iterable[Said]) -> dict[str, list[Said]]:
    chats: dict[str, list[Said]] = {}
    for each in said:
        chats.setdefault(each.chat, []).append(each)
    return chats


def _places(texts: Iterable[str], beginnings: Sequence[str]) -> list[int]:
    """For each answer, repeats left out, the update that it answers, by how it begins."""
    free = dict(enumerate(beginnings))
    places = []
    for text, _ in groupby(texts):
        place = next((place for place, beginning in free.items() if text.startswith(beginning)), None)
        if place is not None:
            places.append(place)
            del free[place]
    return places


def _falls(numbers: Iterable[int]) -> int:
    return sum(later < earlier for earlier, later in pairwise(numbers))
