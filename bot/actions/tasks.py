"""Tasks of a plan: a unit's admin says that its task is done, a coordinator sets a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.actions import deadline_changes, obligations, roster
from bot.actions.deadline_changes import Shape
from bot.campaigns import Campaign, Task, duty_of
from bot.setup import Setup
from bot.storage import obligations as ledger
from bot.storage import reports, tasks, units
from bot.storage.models import Duty, Membership, Obligation, ObligationState, Unit

FARTHEST = timedelta(days=366)
DONE = (ObligationState.FILED, ObligationState.LATE)


@dataclass(frozen=True, slots=True)
class Draft:
    """A task as a coordinator wants it; `owners` are classes of units, and codes of single ones."""

    name: str
    owners: tuple[str, ...]
    day: date


def locked(session: Session, number: int, by: Membership) -> Obligation | None:
    """The task of the admin's own unit, locked; None if it is another unit's, or no task."""
    owed = reports.locked(session, number)
    if owed is None or owed.unit_id != by.unit_id:
        return None
    return owed if tasks.is_task(owed.duty) else None


def finish(owed: Obligation, by: Membership, now: datetime) -> bool:
    """The task is done, late if it was due before; False if it is not open."""
    if owed.state != ObligationState.OPEN:
        return False
    owed.state = ObligationState.LATE if now > owed.due_at else ObligationState.FILED
    owed.settled_at, owed.settled_by_id, owed.reason = now, by.id, None
    return True


def remark(owed: Obligation, words: str) -> bool:
    """A line about how it was done; False if it is not done."""
    if owed.state not in DONE:
        return False
    owed.reason = words
    return True


def reopen(owed: Obligation) -> bool:
    """It is not done after all; False if it was not said to be."""
    if owed.state not in DONE:
        return False
    owed.state, owed.settled_at, owed.settled_by_id, owed.reason = ObligationState.OPEN, None, None, None
    return True


def classes(campaign: Campaign) -> dict[str, tuple[str, str]]:
    """The classes of units that a task may be for: code → what they are called in Vietnamese and in English."""
    codes = dict.fromkeys([*(row.type for row in campaign.unit_types), *(row.peers for row in campaign.unit_types)])
    named = {code: campaign.class_named(code) for code in codes}
    return {code: (row.vi, row.en) for code, row in named.items() if row}


def outside(session: Session, setup: Setup, owners: Sequence[str], by: Membership) -> list[str]:
    """The owners whom this coordinator may give no task: all of a class are for those who stand at the top."""
    return [each for each in owners if not _may_give(session, setup, each, by)]


def owners_of(session: Session, setup: Setup, draft: Draft, today: date) -> list[Unit]:
    """The units that would have the task on its day."""
    wanted, campaign = duty_of(_task(draft, "new", today)), setup.campaign
    found = obligations.units_that_owe(session, campaign, wanted)
    return [unit for unit in found if ledger.alive_on(unit, draft.day)]


def add(session: Session, setup: Setup, draft: Draft, by: Membership, now: datetime) -> Duty:
    """Give the task to its owners. Ask `outside` first."""
    code = deadline_changes.new_code(session, setup.campaign.code)
    profile = duty_of(_task(draft, code, setup.today(now)))
    return deadline_changes.save(session, setup, None, Shape(profile, None, {}), by, now)


def _task(draft: Draft, code: str, today: date) -> Task:
    source = f"/nhiemvu {today:%d/%m/%Y}"
    return Task(code=code, vi=draft.name, en=draft.name, owners=draft.owners, date=draft.day, source=source)


def _may_give(session: Session, setup: Setup, owner: str, by: Membership) -> bool:
    if owner in classes(setup.campaign):
        return deadline_changes.may_change(by)
    unit = roster.unit_with_code(session, setup.campaign.code, owner)
    return unit is not None and units.is_within(unit, by.unit_id)
