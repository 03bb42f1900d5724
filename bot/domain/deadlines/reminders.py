"""When the reminders of one occurrence come: outside the quiet hours, and on working days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from bot.domain.deadlines.occurrences import Occurrence
from bot.domain.deadlines.rule import DutyRule
from bot.domain.deadlines.working_days import WorkingDays

Allowed = Callable[[date], bool]

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Step:
    """A reminder's name and its moment."""

    name: str
    at: datetime

    @property
    def is_before(self) -> bool:
        """Whether it helps before the due hour; else it is for those who are late."""
        return not self.name.startswith("after_")


@dataclass(frozen=True)
class Quiet:
    """The hours [start, end) of each day in `zone` in which nobody is disturbed; none if both are the same."""

    zone: tzinfo
    start: time = time(21)
    end: time = time(6, 30)

    def covers(self, at: datetime) -> bool:
        """Whether this moment is a quiet one."""
        hour = at.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= hour < self.end
        return hour >= self.start or hour < self.end

    def over(self, at: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours that it falls into."""
        return self._next(at, self.end) if self.covers(at) else at

    def ahead(self, at: datetime) -> datetime:
        """The moment itself, or the minute before the quiet hours that it falls into."""
        return self._next(at, self.start) - _DAY - _MINUTE if self.covers(at) else at

    def begins_after(self, at: datetime) -> datetime:
        """When the next quiet hours begin; a day ahead if there are none."""
        return self._next(at, self.start) if self.start != self.end else at + _DAY

    def _next(self, at: datetime, hour: time) -> datetime:
        """The first time after `at` that the clock shows this hour."""
        local = at.astimezone(self.zone)
        same_day = datetime.combine(local.date(), hour, self.zone)
        return same_day if same_day > local else same_day + _DAY


def reminders(occurrence: Occurrence, rule: DutyRule, calendar: WorkingDays, quiet: Quiet) -> tuple[Step, ...]:
    """The steps of an occurrence in order, each at a moment of its own, in the zone of `quiet`.

    None lies in quiet hours, nor on a day off unless that is the due day and the rule keeps it. A step before the due
    hour goes to the end of the quiet hours, or ahead of them where that would be too late, and to the working day
    before; one that would come before the opening comes with it, not before `remind_at` of that day. A step after goes
    to the end of the quiet hours and to the next working day. A step that meets or passes the one after it, or the due
    hour, is left out. If a rule that reminds before a day off has no other day for it, the due day is taken all the
    same.
    """
    due_at = occurrence.due_at.astimezone(quiet.zone)
    due_day = due_at.date()

    def allowed(day: date) -> bool:
        return calendar.is_working(day) or (day == due_day and rule.on_day_off == "keep")

    raw = sorted(((name, _moment(name, rule, due_at)) for name in rule.steps), key=lambda pair: pair[1])
    early = [Step(name, at) for name, at in raw if not name.startswith("after_")]
    late = [Step(name, _later(at, allowed, quiet)) for name, at in raw if name.startswith("after_")]
    opens_at = occurrence.opens_at.astimezone(quiet.zone)
    first = max(opens_at, datetime.combine(opens_at.date(), rule.remind_at, quiet.zone))
    before = _before(early, first, due_at, allowed, quiet)
    if not before:
        before = _before(early, first, due_at, lambda day: day == due_day or allowed(day), quiet)
    return _apart([*before, *late])


def may_speak(now: datetime, due_at: datetime, calendar: WorkingDays, quiet: Quiet) -> bool:
    """Whether people may be told at this moment of what is due then: no quiet hour, a working day or the due day."""
    today = now.astimezone(quiet.zone).date()
    is_due_day = today == due_at.astimezone(quiet.zone).date()
    return not quiet.covers(now) and (is_due_day or calendar.is_working(today))


def _moment(name: str, rule: DutyRule, due_at: datetime) -> datetime:
    """The moment of a step as the rule has it, whatever day and hour that is."""
    if name == "day":
        return datetime.combine(due_at.date(), rule.remind_at, due_at.tzinfo)
    side, _, length = name.partition("_")
    count = int(length[:-1]) * (1 if side == "after" else -1)
    if length.endswith("h"):
        return due_at + timedelta(hours=count)
    return datetime.combine(due_at.date() + timedelta(days=count), rule.remind_at, due_at.tzinfo)


def _before(steps: list[Step], first: datetime, due_at: datetime, allowed: Allowed, quiet: Quiet) -> list[Step]:
    placed = []
    for step in steps:
        at = _earlier(step.at, due_at, allowed, quiet)
        if at < first:
            at = _later(first, allowed, quiet)
        if at < due_at:
            placed.append(Step(step.name, at))
    return placed


def _apart(steps: list[Step]) -> tuple[Step, ...]:
    """Each step before the one that follows it: moved as far as that or further, it says nothing new."""
    kept: list[Step] = []
    for step in reversed(steps):
        if not kept or step.at < kept[-1].at:
            kept.append(step)
    return tuple(reversed(kept))


def _earlier(at: datetime, due_at: datetime, allowed: Allowed, quiet: Quiet) -> datetime:
    over = quiet.over(at)
    at = over if over < due_at and allowed(over.date()) else quiet.ahead(at)
    while not allowed(at.date()):
        at -= _DAY
    return at


def _later(at: datetime, allowed: Allowed, quiet: Quiet) -> datetime:
    at = quiet.over(at)
    while not allowed(at.date()):
        at += _DAY
    return at
