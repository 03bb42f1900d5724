"""A change of a deadline: what it would change, and putting it into force. Nothing is saved before it is confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.actions import obligations
from bot.campaigns import Duty as DutyProfile
from bot.campaigns import quiet_hours, rule_of
from bot.domain.deadlines import Occurrence, WorkingDays, occurrences, reminders
from bot.setup import Setup
from bot.storage import duties
from bot.storage import obligations as ledger
from bot.storage.models import DayOff, Duty, DutyException, Membership, Role

HORIZON = timedelta(days=366)
MOST_NAMED = 5
Moments = Mapping[tuple[str, str, str], datetime]
"""(duty, period, step) → when people are reminded."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A duty as it is, or as it would be: its rule, the day it ends (not included), its exceptions."""

    profile: DutyProfile
    ended_on: date | None = None
    exceptions: Mapping[str, date | None] | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A period whose due hour changes; None where it is not owed before, or after."""

    period: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class Steps:
    """Reminders (each once a period, whoever hears it) that come at another moment, come in, or fall away."""

    moved: int
    added: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a change does within a year: the periods it moves, who owes before and after, the reminders.

    `moved` holds the first few of `periods`; `upcoming` is the next due hour of a duty whose periods stay. `figures` is
    until when that report counts, before and after, if this changes and its due hour does not.
    """

    periods: int
    moved: tuple[Moved, ...]
    upcoming: datetime | None
    figures: tuple[datetime, datetime] | None
    units_before: int
    units: int
    steps: Steps


def may_change(me: Membership) -> bool:
    """Whether deadlines and days off are his to change: they hold for the whole campaign."""
    return me.role == Role.COORDINATOR and me.unit.parent_id is None


def shape_of(session: Session, duty: Duty) -> Shape:
    """The duty as it is."""
    profile = DutyProfile.model_validate(duty.rule)
    return Shape(profile, duty.ended_on, ledger.exceptions(session, duty.id))


def with_exception(shape: Shape, period: str, moved_to: date | None) -> Shape:
    """The duty with this period skipped (None) or moved."""
    return replace(shape, exceptions={**(shape.exceptions or {}), period: moved_to})


def without_exception(shape: Shape, period: str) -> Shape:
    """The duty with this period as the rule has it."""
    kept = {key: day for key, day in (shape.exceptions or {}).items() if key != period}
    return replace(shape, exceptions=kept)


def periods_of(shape: Shape, setup: Setup, now: datetime) -> tuple[Occurrence, ...]:
    """What of a duty is due from today on, for a year."""
    today = setup.today(now)
    end = min(today + HORIZON, shape.ended_on or date.max)
    return occurrences(rule_of(shape.profile), today, end, shape.exceptions or {}, setup.zone)


def outlook(session: Session, setup: Setup, before: Shape | None, after: Shape, now: datetime) -> Outlook:
    """What changes if a duty that is like `before` (None: there is none) becomes like `after`."""
    old = {each.period: each for each in periods_of(before, setup, now)} if before else {}
    new = {each.period: each for each in periods_of(after, setup, now)}
    hours = [Moved(key, _due(old.get(key)), _due(new.get(key))) for key in {**old, **new}]
    moved = sorted((each for each in hours if each.before != each.after), key=_first_hour)
    calendar = _calendar(session, setup, now)
    steps = _compared(
        moments(before, tuple(old.values()), setup, calendar, now) if before else {},
        moments(after, tuple(new.values()), setup, calendar, now),
    )
    owing = _owing(session, setup, before, now) if before else 0
    upcoming = min((each for each in new.values() if each.due_at > now), key=lambda each: each.due_at, default=None)
    return Outlook(
        periods=len(moved),
        moved=tuple(moved[:MOST_NAMED]),
        upcoming=_due(upcoming),
        figures=_figures(old.get(upcoming.period), upcoming) if upcoming else None,
        units_before=owing,
        units=_owing(session, setup, after, now),
        steps=steps,
    )


def moments(
    shape: Shape, periods: Sequence[Occurrence], setup: Setup, calendar: WorkingDays, now: datetime
) -> dict[tuple[str, str, str], datetime]:
    """When people are reminded of these periods from now on."""
    rule, quiet = rule_of(shape.profile), quiet_hours(setup.campaign, setup.zone)
    steps = ((each, step) for each in periods for step in reminders(each, rule, calendar, quiet))
    return {(rule.code, each.period, step.name): step.at for each, step in steps if step.at > now}


def steps_with(session: Session, setup: Setup, days: Mapping[date, bool | None], now: datetime) -> Steps:
    """How reminders move if these days are off (True), worked (False), or as Vietnam's calendar has them (None)."""
    today = setup.today(now)
    there = ledger.days_off(session, setup.campaign.code)
    seed = duties.calendar(session, setup.campaign.code, today, today + HORIZON)
    changed = {day: off for day, off in {**there, **days}.items() if off is not None}
    shapes = [shape_of(session, duty) for duty in duties.living(session, setup.campaign.code, today)]
    found = [
        {
            key: at
            for shape in shapes
            for key, at in moments(shape, periods_of(shape, setup, now), setup, calendar, now).items()
        }
        for calendar in (seed, duties.calendar_with(changed, today, today + HORIZON))
    ]
    return _compared(*found)


def save(session: Session, setup: Setup, duty: Duty | None, after: Shape, me: Membership, now: datetime) -> Duty:
    """Put a duty into force as it is to be, from today on; what fell due before stays as it is."""
    today = setup.today(now)
    rule = after.profile.model_dump(mode="json")
    if duty is None:
        duty = Duty(campaign=setup.campaign.code, code=after.profile.code, starts_on=today, from_profile=False)
        session.add(duty)
    elif duty.rule != rule or has_ended(duty, today):
        duty.starts_on = today  # else units that owe it only from now on would be late at once
        duty.from_profile = duty.from_profile and duty.rule == rule
    duty.rule, duty.ended_on, duty.set_by_id, duty.set_at = rule, after.ended_on, me.id, now
    session.flush()
    obligations.plan_duty(session, setup, duty, now)
    return duty


def set_period(
    session: Session,
    setup: Setup,
    duty: Duty,
    period: str,
    change: tuple[date | None, str] | None,
    me: Membership,
    now: datetime,
) -> None:
    """Skip a period (day None) or move it to a day, with the reason; `change` None: it is due as the rule says."""
    if change is None:
        duties.clear_exception(session, duty.id, period)
    else:
        moved_to, reason = change
        row = DutyException(duty_id=duty.id, period=period, moved_to=moved_to, reason=reason)
        row.set_by_id, row.set_at = me.id, now
        duties.set_exception(session, row)
    obligations.plan_duty(session, setup, duty, now)


def set_days(
    session: Session, setup: Setup, days: Mapping[date, bool | None], note: str, me: Membership, now: datetime
) -> None:
    """Declare days off (True) or worked (False), or take back (None) what was declared of them."""
    for day, off in days.items():
        row = session.get(DayOff, (setup.campaign.code, day))
        if row is not None and off is None:
            session.delete(row)
        elif off is not None:
            row = row or DayOff(campaign=setup.campaign.code, day=day)
            row.off, row.note, row.set_by_id, row.set_at = off, note, me.id, now
            session.add(row)
    session.flush()


def has_ended(duty: Duty, today: date) -> bool:
    """Whether nothing of it is owed any more, so that a change of its end revives it."""
    return duty.ended_on is not None and duty.ended_on <= today


def ended(session: Session, setup: Setup, now: datetime, most: int) -> Sequence[Duty]:
    """The duties that have ended, the last one first."""
    today = setup.today(now)
    found = [duty for duty in ledger.duties(session, setup.campaign.code) if has_ended(duty, today)]
    return sorted(found, key=lambda duty: (duty.ended_on or date.min, duty.id), reverse=True)[:most]


def new_code(session: Session, campaign: str) -> str:
    """A code that no duty of the campaign has."""
    known = {duty.code for duty in ledger.duties(session, campaign)}
    return next(code for code in (f"own_{number}" for number in range(1, len(known) + 2)) if code not in known)


def _calendar(session: Session, setup: Setup, now: datetime) -> WorkingDays:
    today = setup.today(now)
    return duties.calendar(session, setup.campaign.code, today, today + HORIZON)


def _due(each: Occurrence | None) -> datetime | None:
    return each.due_at if each else None


def _figures(before: Occurrence | None, after: Occurrence) -> tuple[datetime, datetime] | None:
    if before is None or before.due_at != after.due_at or before.window_end == after.window_end:
        return None
    return before.window_end, after.window_end


def _first_hour(moved: Moved) -> datetime:
    return min(hour for hour in (moved.before, moved.after) if hour)


def _compared(before: Moments, after: Moments) -> Steps:
    both = before.keys() & after.keys()
    moved = sum(before[key] != after[key] for key in both)
    return Steps(moved, len(after.keys() - both), len(before.keys() - both))


def _owing(session: Session, setup: Setup, shape: Shape, now: datetime) -> int:
    found = obligations.units_that_owe(session, setup.campaign, shape.profile)
    return sum(ledger.alive_on(unit, setup.today(now)) for unit in found)
