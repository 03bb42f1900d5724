"""The ledger of what units owe, kept in step with the duties however often it is brought up to date."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.campaigns import Campaign, rule_of
from bot.campaigns import Duty as DutyProfile
from bot.domain.deadlines import DutyRule, Occurrence, occurrences
from bot.setup import Setup
from bot.storage import obligations
from bot.storage.models import Duty, ObligationState, Unit
from bot.storage.obligations import Kept

AHEAD = timedelta(days=62)
BEHIND = timedelta(days=62)  # as long as the bot may have been down; nothing is made for older periods


DayOf = Callable[[datetime], date]


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to change so that the ledger says what the duty says: by (unit, period), by row."""

    add: tuple[tuple[int, Occurrence], ...]
    change: tuple[tuple[Kept, Occurrence], ...]
    close: tuple[Kept, ...]

    def __len__(self) -> int:
        return len(self.add) + len(self.change) + len(self.close)


def seed(session: Session, campaign: Campaign, today: date, now: datetime) -> int:
    """Put in the profile's duties that are not there, and follow the profile where no coordinator changed it."""
    known = {duty.code: duty for duty in obligations.duties(session, campaign.code)}
    changed = 0
    for profile in campaign.owed:
        rule = profile.model_dump(mode="json")
        duty = known.get(profile.code)
        if duty is None:
            changed += 1
            session.add(
                Duty(
                    campaign=campaign.code, code=profile.code, rule=rule, from_profile=True, starts_on=today, set_at=now
                )
            )
        elif duty.from_profile and duty.rule != rule:
            duty.rule, duty.set_at = rule, now
            changed += 1
    session.flush()
    return changed


def plan(session: Session, setup: Setup, now: datetime) -> int:
    """Bring the ledger of all duties up to date; how much changed, so that a second run says 0."""
    return sum(plan_duty(session, setup, duty, now) for duty in obligations.duties(session, setup.campaign.code))


def plan_duty(session: Session, setup: Setup, duty: Duty, now: datetime) -> int:
    """Bring the ledger of one duty up to date."""
    today = setup.today(now)
    rule, profile = rule_for(duty), DutyProfile.model_validate(duty.rule)
    start = max(duty.starts_on, today - BEHIND)
    end = min(today + AHEAD, duty.ended_on or date.max)
    wanted = due_periods(session, setup, duty, rule, start, end)
    units = units_that_owe(session, setup.campaign, profile)
    periods = [each.period for each in wanted]
    existing = obligations.of_duty(session, duty.id, setup.midnight(start), periods)
    planned = reconcile(wanted, units, existing, setup.today)
    if planned:
        _carry_out(session, duty, planned, now)
    return len(planned)


def units_that_owe(session: Session, campaign: Campaign, duty: DutyProfile) -> list[Unit]:
    """The units that owe a duty, closed ones too."""
    named = obligations.units_of(session, campaign.code)
    return [unit for unit in named if campaign.owes(duty, unit.type, unit.name, unit.code)]


def due_periods(
    session: Session, setup: Setup, duty: Duty, rule: DutyRule, start: date, end: date
) -> tuple[Occurrence, ...]:
    """The duty's periods that are due on these days (`end` excluded), with its exceptions."""
    return occurrences(rule, start, end, obligations.exceptions(session, duty.id), setup.zone)


def rule_for(duty: Duty) -> DutyRule:
    """The pure rule of a duty."""
    return rule_of(DutyProfile.model_validate(duty.rule))


def reconcile(wanted: Sequence[Occurrence], units: Sequence[Unit], existing: Sequence[Kept], day_of: DayOf) -> Plan:
    """What is to be added, changed and closed. Only open rows change: what was filed or excused stays as it was."""
    alive: dict[str, set[int]] = defaultdict(set)
    for each in wanted:
        day = day_of(each.due_at)
        alive[each.period] = {unit.id for unit in units if obligations.alive_on(unit, day)}
    by_period = {each.period: each for each in wanted}
    known: Mapping[tuple[int, str], Kept] = {(row.unit_id, row.period): row for row in existing}
    add = [(unit, each) for each in wanted for unit in sorted(alive[each.period]) if (unit, each.period) not in known]
    change, close = [], []
    for row in existing:
        occurrence = by_period.get(row.period)
        owed = occurrence is not None and row.unit_id in alive[row.period]
        if row.state == ObligationState.OPEN and not owed:
            close.append(row)
        elif occurrence and owed and row.state in obligations.MAY_CHANGE and _differs(row, occurrence):
            change.append((row, occurrence))
    return Plan(tuple(add), tuple(change), tuple(close))


def _differs(row: Kept, occurrence: Occurrence) -> bool:
    there = (row.window_start, row.window_end, row.opens_at, row.due_at)
    said = (occurrence.window_start, occurrence.window_end, occurrence.opens_at, occurrence.due_at)
    return row.state == ObligationState.CLOSED or there != said


def _carry_out(session: Session, duty: Duty, planned: Plan, now: datetime) -> None:
    obligations.add(session, (_values(duty, unit_id, each) for unit_id, each in planned.add))
    moved = [row.id for row, each in planned.change if row.due_at != each.due_at]
    obligations.forget_reminders(session, moved)  # what was said of another day silences nothing
    obligations.change(session, [{"row": row.id, **_moments(each)} for row, each in planned.change])
    obligations.close(session, [row.id for row in planned.close], "not_owed", now)
    session.flush()
    session.expire_all()


def _values(duty: Duty, unit_id: int, each: Occurrence) -> dict[str, object]:
    return {
        "campaign": duty.campaign,
        "unit_id": unit_id,
        "duty_id": duty.id,
        "period": each.period,
        **_moments(each),
        "state": ObligationState.OPEN,
    }


def _moments(each: Occurrence) -> dict[str, object]:
    return {
        "window_start": each.window_start,
        "window_end": each.window_end,
        "opens_at": each.opens_at,
        "due_at": each.due_at,
    }
