"""The judge of a storm: from what arrived and what the report says to a table of figures. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

MUST_BE_ZERO = ("told_twice", "missing", "reported_wrongly", "lost_from_report", "told_while_paused")


@dataclass(frozen=True, slots=True)
class Talk:
    """One question to the bot meanwhile: how long its answer took, and whether the bot was dead or silenced in between.

    `seconds` is None for a question that was not answered.
    """

    seconds: float | None
    disturbed: bool


@dataclass(frozen=True, slots=True)
class Record:
    """What is known after a storm: chat → how often it arrived, chat → state in the report, who blocked the bot."""

    arrived: Mapping[str, int]
    report: Mapping[str, str]
    recipients: frozenset[str]
    blocked: frozenset[str]
    in_flight: int
    told_while_paused: int
    talks: Sequence[Talk]


@dataclass(frozen=True, slots=True)
class Figures:
    """How often something went wrong, who was reached and who not, and how long answers took, in seconds."""

    recipients: int
    reached: int
    not_reached: int
    in_doubt: int
    in_flight_at_kills: int
    told_twice: int
    missing: int
    reported_wrongly: int
    lost_from_report: int
    told_while_paused: int
    questions: int
    unanswered: int
    answered_p99: float
    answered_p99_with_kills_and_429: float

    @property
    def wrong(self) -> dict[str, float]:
        """What broke the promise."""
        found = {name: value for name, value in asdict(self).items() if name in MUST_BE_ZERO and value}
        if self.in_doubt > self.in_flight_at_kills:
            found["in_doubt"] = self.in_doubt
        if self.answered_p99 >= 1.0:
            found["answered_p99"] = self.answered_p99
        return found


def check(record: Record) -> Figures:
    """The figures of a storm."""
    states = Counter(record.report.values())
    arrived = record.arrived
    sent = {chat for chat, state in record.report.items() if state == "sent"}
    failed = {chat for chat, state in record.report.items() if state == "failed"}
    calm = [each.seconds for each in record.talks if each.seconds is not None and not each.disturbed]
    every = [each.seconds for each in record.talks if each.seconds is not None]
    return Figures(
        recipients=len(record.recipients),
        reached=states["sent"],
        not_reached=states["failed"],
        in_doubt=states["in_doubt"],
        in_flight_at_kills=record.in_flight,
        told_twice=sum(count > 1 for count in arrived.values()),
        missing=sum(not arrived.get(chat) for chat in sent),
        reported_wrongly=sum(bool(arrived.get(chat)) for chat in failed) + len(failed - record.blocked),
        lost_from_report=len(record.recipients - record.report.keys())
        + sum(count for state, count in states.items() if state not in ("sent", "failed", "in_doubt")),
        told_while_paused=record.told_while_paused,
        questions=len(record.talks),
        unanswered=len(record.talks) - len(every),
        answered_p99=percentile(calm),
        answered_p99_with_kills_and_429=percentile(every),
    )


def percentile(values: Sequence[float], share: float = 0.99) -> float:
    """The value that so many of all do not exceed; 0 if there are none."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3) if ordered else 0.0
