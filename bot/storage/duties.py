"""Duties that still go on, what of them comes next, and the campaign's days off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.campaigns.days_off import working_days
from bot.domain.deadlines import WorkingDays
from bot.storage import obligations, units
from bot.storage.models import DayOff, Duty, DutyException, Obligation, ObligationState


@dataclass(frozen=True, slots=True)
class Coming:
    """One period of a duty, and in how many units it stands how; `states` is by `ObligationState`."""

    duty: Duty
    period: str
    due_at: datetime
    states: Mapping[str, int]


def living(session: Session, campaign: str, day: date) -> Sequence[Duty]:
    """The duties that have not ended by this day, in the order in which they were made."""
    statement = select(Duty).where(Duty.campaign == campaign, or_(Duty.ended_on.is_(None), Duty.ended_on > day))
    return session.scalars(statement.order_by(Duty.id)).all()


def found(session: Session, campaign: str, duty_id: int, *, lock: bool = False) -> Duty | None:
    """The campaign's duty of this number, as it stands now; `lock` keeps others from changing it."""
    statement = select(Duty).where(Duty.campaign == campaign, Duty.id == duty_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalars(statement).one_or_none()


def overdue_of_unit(session: Session, unit_id: int, now: datetime) -> Sequence[Obligation]:
    """What a unit should have filed by now and has not, the latest due first."""
    statement = select(Obligation).where(
        Obligation.unit_id == unit_id, Obligation.due_at < now, Obligation.state == ObligationState.OPEN
    )
    return session.scalars(statement.order_by(Obligation.due_at.desc(), Obligation.id)).all()


def coming(session: Session, campaign: str, now: datetime, most: int, within: int | None = None) -> list[Coming]:
    """The next periods that units owe, the next due first; `within` counts only that unit and those below it."""
    columns = (Obligation.duty_id, Obligation.period, Obligation.due_at)
    wanted = [
        Obligation.campaign == campaign,
        Obligation.due_at >= now,
        Obligation.state != ObligationState.CLOSED,
    ]
    if within is not None:
        wanted.append(Obligation.unit_id.in_(units.below(within)))
    # A filed row keeps its due hour when the deadline moves, so the hour that most units have is the period's.
    statement = select(*columns, Obligation.state, func.count()).where(*wanted).group_by(*columns, Obligation.state)
    periods: dict[tuple[int, str], list[tuple[datetime, str, int]]] = {}
    for duty_id, period, due_at, state, count in session.execute(statement):
        periods.setdefault((duty_id, period), []).append((due_at, state, count))
    by_id = {duty.id: duty for duty in obligations.duties(session, campaign)}
    rows = [_coming(by_id[duty_id], period, lines) for (duty_id, period), lines in periods.items()]
    return sorted(rows, key=lambda each: (each.due_at, each.duty.id, each.period))[:most]


def set_exception(session: Session, row: DutyException) -> None:
    """From now on the period is skipped or moved as this row says."""
    clear_exception(session, row.duty_id, row.period)
    session.add(row)
    session.flush()


def clear_exception(session: Session, duty_id: int, period: str) -> None:
    """The period is due again as its duty's rule says."""
    statement = select(DutyException).where(DutyException.duty_id == duty_id, DutyException.period == period)
    for row in session.scalars(statement):
        session.delete(row)
    session.flush()


def calendar(session: Session, campaign: str, first: date, last: date) -> WorkingDays:
    """The working days of these days, both included: Vietnam's, with what coordinators declared."""
    return calendar_with(obligations.days_off(session, campaign), first, last)


def calendar_with(days: Mapping[date, bool], first: date, last: date) -> WorkingDays:
    """Vietnam's working days of these days, both included, with these days off (True) or worked (False)."""
    return working_days(first.year - 1, last.year + 1).amended(days)  # steps reach over the turn of the year


def declared(session: Session, campaign: str, first: date, last: date) -> Sequence[DayOff]:
    """What coordinators declared of these days, both included, in order."""
    statement = select(DayOff).where(DayOff.campaign == campaign, DayOff.day >= first, DayOff.day <= last)
    return session.scalars(statement.order_by(DayOff.day)).all()


def _coming(duty: Duty, period: str, lines: list[tuple[datetime, str, int]]) -> Coming:
    states: dict[str, int] = {}
    hours: dict[datetime, int] = {}
    for due_at, state, count in lines:
        states[state] = states.get(state, 0) + count
        hours[due_at] = hours.get(due_at, 0) + count
    return Coming(duty, period, max(hours, key=lambda hour: (hours[hour], hour)), states)
