"""The judge of a simulated year: from the record alone to a table of figures. It knows nothing of the program."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.year.almanac import (
    DAY,
    MORNING,
    NOON,
    VIETNAM,
    Window,
    due_moments,
    first_from,
    is_quiet,
    may_speak,
    quota_day,
    windows,
)
from tests.year.reading import Naming, Tally, asks_for_posts, is_reminder, may_not_disturb, namings, tallies
from tests.year.record import Heard, Place, Record, Somebody

ANSWERS_WITHIN = timedelta(minutes=15)  # what is said at a moment has arrived by then
KINDS = ("lost", "twice", "unfounded", "out_of_turn", "quiet", "digests")


@dataclass(frozen=True, slots=True)
class Owed:
    """A report of a unit with its steps; `over_at` is when it was filed, excused or owed no more."""

    unit: str
    report: str
    due_at: datetime
    steps: list[Window]
    over_at: datetime | None

    def is_open(self, at: datetime) -> bool:
        """Whether it is owed at this moment."""
        return self.over_at is None or at < self.over_at


@dataclass(slots=True)
class Findings:
    """What was looked at, and in words all that was wrong.

    lost: a step that somebody who owed the report was not told of, or a member's missing posts.
    twice: a step, a morning or a week of which somebody heard twice.
    unfounded: told of what was not owed at that moment, or is not his.
    out_of_turn: told between the steps, on a day off, or of a due hour as coming that was past.
    quiet: a reminder or digest in quiet hours. digests: a wrong number or name in a digest.
    """

    obligations: int = 0
    demanded: int = 0
    reminders: int = 0
    named: int = 0
    quotas: int = 0
    told: int = 0
    faults: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    @property
    def wrong(self) -> dict[str, int]:
        """Kind of fault → how many; empty if all is well."""
        return {kind: len(found) for kind, found in self.faults.items() if found}


class Checker:
    """Judges one record."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._up = sorted(record.up)
        self._owed = {(each.unit, each.report, each.due_at): each for each in _ledger(record)}
        self._due: dict[tuple[str, datetime], list[Owed]] = defaultdict(list)
        for owed in self._owed.values():
            self._due[owed.report, owed.due_at].append(owed)
        self._people = {each.chat: each for each in record.people}
        self._named: dict[tuple[int, str, str, datetime], list[Naming]] = defaultdict(list)
        self._asked: dict[int, list[datetime]] = defaultdict(list)
        for heard in record.heard:
            for naming in namings(heard):
                self._named[naming.chat, naming.unit, naming.report, naming.due_at].append(naming)
            if asks_for_posts(heard):
                self._asked[heard.chat].append(heard.at)
        self._found = Findings(obligations=len(self._owed))

    def check(self) -> Findings:
        """Everything that the record proves."""
        self._count()
        self._check_steps()
        self._check_namings()
        self._check_mornings()
        self._check_quotas()
        self._check_digests()
        return self._found

    def _count(self) -> None:
        self._found.reminders = sum(map(is_reminder, self._record.heard))
        self._found.named = sum(map(len, self._named.values()))
        self._found.quotas = sum(map(len, self._asked.values()))
        self._found.told = sum(bool(tallies(heard)) for heard in self._record.heard)

    def _fault(self, kind: str, *words: object) -> None:
        self._found.faults[kind].append(" · ".join(map(_words, words)))

    def _check_steps(self) -> None:
        """Every step was said at the first moment at which it could be, if it was still owed then; none twice."""
        filers = defaultdict(list)
        for person in self._record.people:
            if person.files:
                filers[person.unit].append(person)
        for owed in self._owed.values():
            for person in filers[owed.unit]:
                said = self._named.get((person.chat, owed.unit, owed.report, owed.due_at), [])
                for step in owed.steps:
                    self._check_step(owed, person, step, [each.at for each in said])

    def _check_step(self, owed: Owed, person: Somebody, step: Window, said: list[datetime]) -> None:
        inside = [at for at in said if step.begin <= at < step.end]
        if len(inside) > 1:
            self._fault("twice", person.chat, owed.unit, owed.report, owed.due_at, step.at, *inside)
        first = self._first_chance(step, owed.due_at)
        if first is None or not owed.is_open(first) or not person.hears(step.begin, first + ANSWERS_WITHIN):
            return
        self._found.demanded += 1
        if not any(at <= first + ANSWERS_WITHIN for at in inside):
            self._fault("lost", person.chat, owed.unit, owed.report, owed.due_at, step.at, first)

    def _first_chance(self, step: Window, due_at: datetime) -> datetime | None:
        """When the bot first could say it: up, and allowed to speak."""
        for at in self._up[first_from(self._up, step.at) :]:
            if at >= step.end:
                return None
            if may_speak(at, due_at):
                return at
        return None

    def _check_namings(self) -> None:
        for naming in (each for said in self._named.values() for each in said):
            owed = self._owed.get((naming.unit, naming.report, naming.due_at))
            person = self._people.get(naming.chat)
            theirs = person is not None and person.files and person.unit == naming.unit
            if owed is None or not theirs or not owed.is_open(naming.at):
                self._fault("unfounded", *_facts(naming))
            elif not _is_in_turn(naming, owed):
                self._fault("out_of_turn", *_facts(naming))

    def _check_mornings(self) -> None:
        mornings: Counter[tuple[int, date]] = Counter()
        for heard in self._record.heard:
            local = heard.at.astimezone(VIETNAM)
            if may_not_disturb(heard) and is_quiet(heard.at):
                self._fault("quiet", heard.chat, heard.at, heard.text[:80].replace("\n", " "))
            if is_reminder(heard) and local.time() < NOON:
                mornings[heard.chat, local.date()] += 1
        for (chat, day), times in mornings.items():
            if times > 1:
                self._fault("twice", chat, day, f"{times} reminders in one morning")

    def _check_quotas(self) -> None:
        """Who has no post that counts hears of it once on the week's last working day, and nobody else."""
        for person in self._record.people:
            weeks = Counter(_monday(at) for at in self._asked[person.chat])
            for monday, times in weeks.items():
                if times > 1:
                    self._fault("twice", person.chat, monday, f"asked {times} times for posts")
            for at in self._asked[person.chat]:
                day = at.astimezone(VIETNAM).date()
                if _has_posted(person, at) or quota_day(_monday(at)) != day:
                    self._fault("unfounded", person.chat, at, "asked for posts")
        for day, first in self._quota_mornings():
            for person in self._record.people:
                self._check_quota(person, day, first)

    def _quota_mornings(self) -> Iterator[tuple[date, datetime]]:
        """The days on which members are asked for posts, and the first moment at which the bot could."""
        monday = _monday(self._record.start)
        while monday < self._record.end.astimezone(VIETNAM).date():
            day = quota_day(monday)
            if day:
                start = datetime.combine(day, MORNING, VIETNAM)
                place = first_from(self._up, start)
                if place < len(self._up) and self._up[place] < start + timedelta(hours=13):
                    yield day, self._up[place]
            monday += 7 * DAY

    def _check_quota(self, person: Somebody, day: date, first: datetime) -> None:
        morning = datetime.combine(day, time(), VIETNAM)
        if _has_posted(person, first) or not person.hears(morning, first + ANSWERS_WITHIN):
            return
        ends = [place.closed_on for place in self._record.places if place.name == person.unit]
        if any(end and end <= day for end in ends):
            return  # who was let go with his unit owes nothing
        self._found.demanded += 1
        if not any(morning <= at <= first + ANSWERS_WITHIN for at in self._asked[person.chat]):
            self._fault("lost", person.chat, day, first, "posts")

    def _check_digests(self) -> None:
        places = {place.name: place for place in self._record.places}
        for heard in self._record.heard:
            for tally in tallies(heard):
                self._check_digest(heard, tally, places)

    def _check_digest(self, heard: Heard, tally: Tally, places: dict[str, Place]) -> None:
        """A digest names the units below that had not filed when it came, and gives their number."""
        above = self._people[heard.chat].unit
        due = self._due[tally.report, tally.due_at]
        below = [owed for owed in due if above in _above(owed.unit, places)]
        missing = {owed.unit for owed in below if owed.is_open(heard.at)}
        if tally.missing != len(missing) or not missing.issuperset(tally.names):
            self._fault("digests", heard.chat, heard.at, tally.report, tally.due_at, tally.missing, len(missing))


def _ledger(record: Record) -> Iterator[Owed]:
    """All that was owed in this time."""
    settled = {(each.unit, each.report, each.due_at): each.at for each in record.settled}
    first, last = record.start.astimezone(VIETNAM).date(), record.end.astimezone(VIETNAM).date() + 4 * DAY
    for report, due_at, before in due_moments(first, last):
        steps = windows(due_at, before)
        for place in record.places:
            if place.owes and (place.opened_on is None or place.opened_on <= due_at.date()):
                over_at = settled.get((place.name, report, due_at))
                if place.closed_on and place.closed_on <= due_at.date():
                    over_at = min(over_at or record.end, place.closed_at or record.end)
                yield Owed(place.name, report, due_at, steps, over_at)


def _above(name: str, places: dict[str, Place]) -> Iterator[str]:
    """The units above this one."""
    step = places[name].above
    while step is not None:
        yield step
        step = places[step].above


def _is_in_turn(naming: Naming, owed: Owed) -> bool:
    step = any(step.begin <= naming.at < step.end for step in owed.steps)
    words = naming.overdue == (naming.at >= naming.due_at)
    return step and words and may_speak(naming.at, naming.due_at)


def _facts(naming: Naming) -> tuple[object, ...]:
    return naming.chat, naming.at, naming.unit, naming.report, naming.due_at


def _monday(at: datetime) -> date:
    day = at.astimezone(VIETNAM).date()
    return day - day.weekday() * DAY


def _has_posted(person: Somebody, at: datetime) -> bool:
    return any(post <= at and _monday(post) == _monday(at) for post in person.posts)


def _words(value: object) -> str:
    return f"{value.astimezone(VIETNAM):%a %d/%m/%Y %H:%M}" if isinstance(value, datetime) else str(value)
