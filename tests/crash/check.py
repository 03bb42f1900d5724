"""The judge: from what was said, what arrived and what the ledger holds to a table of figures. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby, pairwise

from tests.crash.ledger import Message
from tests.crash.script import Said


@dataclass(frozen=True, slots=True)
class Record:
    """What is known after a trial, each list in its order.

    `posts` are (key, number) of counted posts; `rows` and `answers` the numbers of all posts and of all messages that
    the bot ever wanted to send; `arrived` is what the messenger got; `in_flight` what was being sent at each kill.
    `said` leaves out the updates `lost_on_the_way`, of which so many `may_get_lost`: a messenger that hands out each
    only once does not ask whether it arrived.
    """

    said: Sequence[Said]
    posts: Sequence[tuple[str, int]]
    rows: int
    handled: int
    answers: int
    arrived: Sequence[Message]
    in_flight: Sequence[Message]
    lost_on_the_way: int = 0
    may_get_lost: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """How often something went wrong, and what the promise allows.

    That are answers sent twice if they were in flight at a kill, and what the messenger lost with a killed process.
    """

    lost: int
    lost_without_reason: int
    logged_twice: int
    handled_twice: int
    not_handled: int
    out_of_order: int
    unanswered: int
    unasked: int
    repeated_without_reason: int
    answered_twice: int
    in_flight: int
    lost_on_the_way: int

    @property
    def wrong(self) -> dict[str, int]:
        """The figures that must be zero and are not."""
        allowed = ("answered_twice", "in_flight", "lost_on_the_way")
        return {name: figure for name, figure in asdict(self).items() if figure and name not in allowed}


def check(record: Record) -> Figures:
    """The figures of a trial."""
    links = {each.key for each in record.said if each.key}
    logged = Counter(key for key, _ in record.posts)
    talks = _talks(record)
    repeated = sum((talk.repeated for talk in talks), Counter[Message]())
    in_flight = Counter(record.in_flight)
    return Figures(
        lost=len(links - logged.keys()),
        lost_without_reason=max(0, record.lost_on_the_way - record.may_get_lost),
        logged_twice=sum(count - 1 for count in logged.values()),
        handled_twice=max(0, record.answers - len(record.said)) + max(0, record.rows - len(links)),
        not_handled=len(record.said) - record.handled,
        out_of_order=sum(_falls(talk.places) + _falls(talk.numbers) for talk in talks),
        unanswered=len(record.said) - sum(len(talk.places) for talk in talks),
        unasked=sum(talk.unasked for talk in talks),
        repeated_without_reason=(repeated - in_flight).total(),
        answered_twice=repeated.total(),
        in_flight=in_flight.total(),
        lost_on_the_way=record.lost_on_the_way,
    )


@dataclass(frozen=True, slots=True)
class _Talk:
    """One chat: which update each answer answers, the receipt numbers as the links were said, and what is too much."""

    places: Sequence[int]
    numbers: Sequence[int]
    repeated: Counter[Message]
    unasked: int


def _talks(record: Record) -> list[_Talk]:
    numbers = dict(record.posts)
    said: dict[str, list[Said]] = {}
    arrived: dict[str, list[str]] = {}
    for each in record.said:
        said.setdefault(each.chat, []).append(each)
    for chat, text in record.arrived:
        arrived.setdefault(chat, []).append(text)
    return [_talk(chat, said.get(chat, []), arrived.get(chat, []), numbers) for chat in said | arrived]


def _talk(chat: str, said: Sequence[Said], arrived: Sequence[str], numbers: Mapping[str, int]) -> _Talk:
    # No two updates in a row have the same answer, so an answer right after its like is that answer again.
    runs = [(text, len(list(run))) for text, run in groupby(arrived)]
    beginnings = [each.answer.format(number=numbers.get(each.key or "")) for each in said]
    places = _places([text for text, _ in runs], beginnings)
    keys = dict.fromkeys(each.key for each in said if each.key)
    return _Talk(
        places=places,
        numbers=[numbers[key] for key in keys if key in numbers],
        repeated=Counter({(chat, text): sum(n - 1 for each, n in runs if each == text) for text, _ in runs}),
        unasked=len(runs) - len(places),
    )


def _places(texts: Sequence[str], beginnings: Sequence[str]) -> list[int]:
    """For each answer that was asked for, the place of the update that it answers, by how it begins."""
    free = dict(enumerate(beginnings))
    places = []
    for text in texts:
        place = next((place for place, beginning in free.items() if text.startswith(beginning)), None)
        if place is not None:
            places.append(place)
            del free[place]
    return places


def _falls(numbers: Sequence[int]) -> int:
    return sum(later < earlier for earlier, later in pairwise(numbers))
