"""A unit gets another name, or goes under another unit, on a day to come: planned, taken back, done on the day."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from bot import outbox
from bot.actions import unit_changes
from bot.actions.roles import CLOCK
from bot.actions.successors import place_of
from bot.actions.tag_changes import TOLD_FROM
from bot.actions.unit_changes import MOST_TAGS, Change, Fault
from bot.buttons import Tap
from bot.messages import Address, Priority
from bot.setup import Setup
from bot.speech import worded
from bot.storage import audit, people, units
from bot.storage import unit_changes as rows
from bot.storage.models import Account, Membership, Unit, UnitChange
from bot.storage.tags import hold_still

AT_ONCE = 5  # each may change up to `MOST_TAGS` tags


def is_planned(session: Session, change: Change) -> bool:
    """Whether the unit is to be renamed, or put elsewhere, already: the one before has to be taken back first."""
    return any((row.name is None) == change.moves for row in rows.of_unit(session, change.unit.id))


def plan(session: Session, change: Change, by: Membership, now: datetime) -> None:
    """Have it done when its day comes. Ask `fault_of` and `may_make` of bot/actions/unit_changes.py first."""
    row = UnitChange(unit=change.unit, day=change.day, within_id=by.unit_id, by_id=by.id, set_at=now)
    if change.moves:
        row.parent = change.parent
    else:
        row.name = change.name
    session.add(row)
    session.flush()


def may_take_back(by: Membership, row: UnitChange) -> bool:
    """Whether this coordinator might have planned it: a move of his own unit is the business of those above him."""
    if row.parent is None:
        return unit_changes.may_change(by, row.unit)
    return unit_changes.may_move(by, row.unit, row.parent)


def take_back(session: Session, setup: Setup, row: UnitChange, by: Membership, now: datetime) -> None:
    """It is not done; who planned it is told if it was somebody else. Ask `may_take_back` first."""
    accounts = people.accounts_of(session, row.by.person_id or 0) if row.by_id != by.id else ()
    values = {**_values(row), "by": by.full_name}
    session.delete(row)
    session.flush()
    _tell(session, setup, accounts[:1], "units/recalled", now, row.unit, values)


def carry_out(session: Session, setup: Setup, now: datetime) -> int:
    """Do what this day brings, each exactly once; how many. What cannot be done any more ends, and is said to be so."""
    today, campaign = setup.today(now), setup.campaign.code
    if not rows.due(session, campaign, today, 1):
        return 0
    hold_still(session, campaign)  # whoever takes one back waits, or was first: then it is gone
    found = rows.due(session, campaign, today, AT_ONCE)
    with audit.acting(session, audit.Actor(campaign, None, CLOCK, "units.begin", now)):
        for row in found:
            _begin(session, setup, row, now)
    return len(found)


def _begin(session: Session, setup: Setup, row: UnitChange, now: datetime) -> None:
    unit, before, values = row.unit, row.unit.parent, _values(row)
    change = Change(unit, row.name or unit.name, row.parent or unit.parent, row.day)
    brings = unit_changes.effect(session, setup, change)
    fault = _fault(session, row, change) or ("many" if len(brings.tags) > MOST_TAGS else None)
    asker = people.accounts_of(session, row.by.person_id or 0)[:1]
    by, above, closes = row.by, people.deciders_for(session, before) if before else (), change.outlives
    session.delete(row)
    session.flush()
    if fault:
        _tell(session, setup, asker or above, "units/not_begun", now, unit, {**values, "fault": fault})
        return
    changed, left = unit_changes.save(session, setup, change, brings, by, now)
    new = people.deciders_for(session, unit.parent) if unit.parent else ()
    told = [*asker, *people.deciders_for(session, unit), *above, *new]
    values |= {"changed": changed, "left": left, "closes": closes}
    _tell(session, setup, told, "units/begun", now, unit, values)


def _fault(session: Session, row: UnitChange, change: Change) -> Fault | None:
    about = (row.unit, row.parent) if row.parent else (row.unit,)
    inside = all(units.is_within(each, row.within_id) for each in about)
    return unit_changes.fault_of(session, change) if inside else "outside"


def _values(row: UnitChange) -> dict[str, Any]:
    """What messages say of it: as it was before it is done."""
    parent = place_of(row.parent) if row.parent else None
    return {"unit": place_of(row.unit), "name": row.name, "parent": parent, "day": row.day}


def _tell(
    session: Session,
    setup: Setup,
    accounts: Iterable[Account],
    template: str,
    now: datetime,
    unit: Unit,
    values: dict[str, Any],
) -> None:
    """Tell each person once. In the morning: a day begins at midnight, and nobody is woken for it."""
    button = (Tap("units.unit", "units.show", (unit.id,), {"path": unit.name}),)
    morning = datetime.combine(setup.today(now), time(TOLD_FROM), setup.zone)
    for each in {account.person_id: account for account in accounts}.values():
        to, language = Address(each.channel, each.chat), each.person.language
        message = worded(setup, to, language, template, [button], **values)
        outbox.put(session, to, message, now, priority=Priority.REMINDER, not_before=max(now, morning))
