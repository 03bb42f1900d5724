"""Which steps are said to whom, written down so that each is said once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cache, partial
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from bot import metrics
from bot.actions.reminder_times import Hours, Turn
from bot.domain.deadlines import Decision, due_steps
from bot.storage import reminder_steps as stored
from bot.storage import snoozes as snoozing
from bot.storage.models import ReminderState
from bot.storage.reminder_steps import SNOOZED
from bot.storage.reminders import DutyPeriod, Owed


class Word(NamedTuple):
    """A step to be written down for a person: said, and whether late, or only superseded."""

    owed: Owed
    step: str
    at: datetime
    late: bool = False
    said: bool = True


class Said(NamedTuple):
    """A word with the id of its row, and the key of the message that says it."""

    word: Word
    row: int
    key: str


def write_down(
    session: Session,
    owed: Sequence[Owed],
    coming: Mapping[DutyPeriod, Turn],
    open_hours: Hours,
    keys: Mapping[int, str],
    now: datetime,
) -> tuple[Mapping[int, Sequence[Said]], int]:
    """Person → what he hears; and how many rows. What another replica wrote is left out.

    `keys` are those of messages, by person, that tell of something else, too.
    """
    words = _decide(session, owed, coming, open_hours, now)
    first: dict[int, Word] = {}
    for word in words:
        if word.said:
            first.setdefault(word.owed.person_id, word)
    keys = {person_id: keys.get(person_id) or _key(word, now) for person_id, word in first.items()}
    written = stored.record(session, [_row(word, keys, now) for word in words])
    said: dict[int, list[Said]] = defaultdict(list)
    for word in words:
        row = written.get((word.owed.id, word.owed.person_id, word.step))
        if word.said and row is not None:
            said[word.owed.person_id].append(Said(word, row, keys[word.owed.person_id]))
            metrics.REMINDER_LAG.observe((now - word.at).total_seconds())
    return said, len(written)


def _decide(
    session: Session, owed: Sequence[Owed], coming: Mapping[DutyPeriod, Turn], open_hours: Hours, now: datetime
) -> list[Word]:
    """The steps whose time has come."""
    people = {each.person_id for each in owed}
    told = stored.told(session, people, {each.id for each in owed})
    snoozes = snoozing.snoozes(session, people)
    decide = cache(partial(_decision, open_hours, now))  # the same for all units that heard the same
    words: list[Word] = []
    woken: list[tuple[int, int]] = []
    for each in owed:
        place = (each.id, each.person_id)
        until = snoozes.get(place)
        if until is None or until <= now:
            decision = decide(coming[each.period], frozenset(told.get(place, ())))
            words += _words(each, decision, until, open_hours.quiet.zone)
            woken += [place] if until else []
    snoozing.wake(session, woken)
    return words


def _decision(open_hours: Hours, now: datetime, turn: Turn, done: frozenset[str]) -> Decision:
    return due_steps(turn.steps, now, done, turn.period.due_at, open_hours.calendar, open_hours.quiet)


def _words(owed: Owed, decision: Decision, until: datetime | None, zone: tzinfo) -> Iterator[Word]:
    yield from (Word(owed, step.name, step.at, said=False) for step in decision.dropped)
    if decision.say:
        yield Word(owed, decision.say.name, decision.say.at, decision.late)
    elif until:
        yield Word(owed, f"{SNOOZED}{until.astimezone(zone):%Y-%m-%d}", until)


def _key(first: Word, now: datetime) -> str:
    return f"remind:{first.owed.person_id}:{first.owed.id}:{first.step}:{int(now.timestamp())}"


def _row(word: Word, keys: Mapping[int, str], now: datetime) -> dict[str, Any]:
    return {
        "obligation_id": word.owed.id,
        "person_id": word.owed.person_id,
        "step": word.step,
        "at": word.at,
        "state": ReminderState.SAID if word.said else ReminderState.DROPPED,
        "said_at": now,
        "late": word.late,
        "key": keys[word.owed.person_id] if word.said else None,
    }
