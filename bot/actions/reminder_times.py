"""Which steps of which periods have come: the pure rules, over what is open in the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import ceil

from sqlalchemy.orm import Session

from bot.actions.obligations import rule_for
from bot.campaigns import quiet_hours
from bot.campaigns.days_off import working_days
from bot.domain.deadlines import DutyRule, Occurrence, Quiet, Step, WorkingDays, may_speak, reminders
from bot.setup import Setup
from bot.storage import obligations, snoozes
from bot.storage import reminders as stored
from bot.storage.models import Duty
from bot.storage.reminders import DutyPeriod

NOON = time(12)
DAY = timedelta(days=1)
# Steps move to a working day: further than this no run of days off is long.
DAYS_OFF = timedelta(days=21)
# A queued reminder that the messenger does not take by then is decided anew.
HELPS_FOR = timedelta(minutes=15)
# The bot may have been down; what is older than this is in the digests' and the reports' lists alone.
MISSED = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Hours:
    """When people may be told: the calendar with what coordinators declared, and the quiet hours."""

    calendar: WorkingDays
    quiet: Quiet

    def may_speak(self, now: datetime, due_at: datetime) -> bool:
        """Whether people may be told now of what is due then."""
        return may_speak(now, due_at, self.calendar, self.quiet)

    def helps_until(self, now: datetime) -> datetime:
        """How long what is said now may wait to be sent: later it may be settled, or be quiet."""
        return min(now + HELPS_FOR, self.quiet.begins_after(now))

    def next_for_late(self, now: datetime, remind_at: time) -> datetime:
        """When people may next be told of what is overdue: now, if it may be now."""
        local = self.quiet.over(now.astimezone(self.quiet.zone))
        while not self.calendar.is_working(local.date()):
            local = datetime.combine(local.date() + DAY, remind_at, self.quiet.zone)
        return local


@dataclass(frozen=True, slots=True)
class Turn:
    """A period of which people may be told now.

    `reached` is the latest step whose moment has come. In the morning `steps` has all steps of that morning brought
    forward to now: what a person must hear within a morning is one message. `woken` are people who put it off until a
    moment that has come.
    """

    period: DutyPeriod
    duty: Duty
    steps: tuple[Step, ...]
    reached: Step | None
    woken: tuple[int, ...] = ()


def hours(session: Session, setup: Setup, now: datetime) -> Hours:
    """The calendar around this year and the quiet hours."""
    year = setup.today(now).year
    declared: Mapping[date, bool] = obligations.days_off(session, setup.campaign.code)
    return Hours(working_days(year - 1, year + 1).amended(declared), quiet_hours(setup.campaign, setup.zone))


def turns(session: Session, setup: Setup, open_hours: Hours, now: datetime) -> dict[DutyPeriod, Turn]:
    """The periods with something open of which people may be told now: by a step, or as they put it off until now."""
    known = {duty.id: (duty, rule_for(duty)) for duty in obligations.duties(session, setup.campaign.code)}
    before, after = reach([rule for _, rule in known.values()])
    start, code = now - after, setup.campaign.code
    periods = dict(stored.open_periods(session, code, start, now + before + over_days_off(now, open_hours)))
    woken = snoozes.woken(session, code, start, now + before + DAYS_OFF, now)
    periods |= {period: opens_at for period, (opens_at, _) in woken.items()}
    found = {}
    for period in sorted(periods, key=lambda period: (period.due_at, period)):
        if open_hours.may_speak(now, period.due_at):
            duty, rule = known[period.duty_id]
            steps = steps_of(rule, period, periods[period], open_hours)
            past = [step for step in steps if step.at <= now]
            people = woken[period][1] if period in woken else ()
            reached = past[-1] if past else None
            found[period] = Turn(period, duty, _brought_forward(steps, now, setup), reached, tuple(people))
    return found


def steps_of(
    rule: DutyRule, period: DutyPeriod, opens_at: datetime, open_hours: Hours, names: Sequence[str] | None = None
) -> tuple[Step, ...]:
    """The steps of a period in order; `names` in place of those of the rule."""
    zone = open_hours.quiet.zone
    due_at, opened = period.due_at.astimezone(zone), opens_at.astimezone(zone)
    occurrence = Occurrence(rule.code, period.period, due_at, opened, due_at, opened)
    wanted = rule if names is None else replace(rule, steps=tuple(names))
    return reminders(occurrence, wanted, open_hours.calendar, open_hours.quiet)


def _brought_forward(steps: Sequence[Step], now: datetime, setup: Setup) -> tuple[Step, ...]:
    local = setup.local(now)
    noon = datetime.combine(local.date(), NOON, local.tzinfo)
    return tuple(Step(step.name, min(step.at, local)) if step.at < noon else step for step in steps)


def reach(rules: Sequence[DutyRule]) -> tuple[timedelta, timedelta]:
    """How long before the due hour the first step is, and how long after it some step may lie."""
    lengths = {"before": 0, "after": 0}
    for name in (step for rule in rules for step in rule.steps):
        side, _, length = name.partition("_")
        if length:
            days = int(length[:-1]) if length.endswith("d") else ceil(int(length[:-1]) / 24)
            lengths[side] = max(lengths[side], days)
    return timedelta(lengths["before"]), timedelta(lengths["after"]) + DAYS_OFF + MISSED


def over_days_off(now: datetime, open_hours: Hours) -> timedelta:
    """How much earlier than its length before the due hour a step may come, if it comes today.

    It moves ahead of quiet hours, and over the days off that follow today; what is due later has no step yet. To look
    further takes time where thousands of units owe something every week.
    """
    day = now.astimezone(open_hours.quiet.zone).date() + DAY
    while not open_hours.calendar.is_working(day):
        day += DAY
    return day - now.astimezone(open_hours.quiet.zone).date() + DAY
