"""Who filed and who did not: numbers for a part of the tree, and excusing a unit with a reason."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.documents.completeness import Completeness, Filing
from bot.documents.forms import Letterhead
from bot.setup import Setup
from bot.speech import say_to_person
from bot.storage import people, reports
from bot.storage.models import Membership, Obligation, ObligationState, Unit
from bot.storage.reports import Standing

PERIODS = 3
"""How many periods of a duty are shown: the one that is owed next, and those before it."""

LAST = timedelta(days=92)
"""The time that the table of filings covers."""


def overview(session: Session, setup: Setup, root: Unit, now: datetime) -> list[Standing]:
    """Of the unit and all below it: the latest periods of each duty, those that are due first above."""
    found: defaultdict[int, list[Standing]] = defaultdict(list)
    for each in reports.standings(session, setup.campaign.code, root.id, now - 4 * LAST, now):
        found[each.duty.id].append(each)
    return [each for duty in sorted(found) for each in found[duty][:PERIODS]]


def table(session: Session, setup: Setup, root: Unit, now: datetime) -> Completeness:
    """How each unit kept each duty over the last three months."""
    rows = reports.kept(session, setup.campaign.code, root.id, now - LAST, now)
    numbers: defaultdict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for unit, duty, state, number in rows:
        numbers[unit.id, duty.id][state] = number
    both = {(unit.id, duty.id): (unit, duty) for unit, duty, _, _ in rows}
    filings = tuple(
        _filing(unit.name, _type_name(setup, unit), duty.rule["vi"], numbers[key]) for key, (unit, duty) in both.items()
    )
    today = setup.today(now)
    return Completeness(Letterhead(root.name, today), root.name, today - LAST, today, filings)


def _type_name(setup: Setup, unit: Unit) -> str:
    fits = (row.vi for row in setup.campaign.unit_types if row.fits(unit.type, unit.name))
    return next(fits, unit.type)


def _filing(unit: str, type_: str, duty: str, number: dict[str, int]) -> Filing:
    on_time, late = number.get(ObligationState.FILED, 0), number.get(ObligationState.LATE, 0)
    return Filing(unit, type_, duty, sum(number.values()), on_time, late, number.get(ObligationState.EXCUSED, 0))


def excuse(session: Session, owed: Obligation, by: Membership, reason: str, now: datetime) -> bool:
    """The unit need not file it; False if it is not owed any more. The caller holds the obligation locked."""
    if owed.state != ObligationState.OPEN:
        return False
    owed.state, owed.reason, owed.settled_at, owed.settled_by_id = ObligationState.EXCUSED, reason, now, by.id
    session.flush()
    return True


def tell_excused(session: Session, setup: Setup, owed: Obligation, by: Membership, now: datetime) -> int:
    """The unit's admins hear that they need not file it; how many there were."""
    due = setup.local(owed.due_at)
    values: dict[str, Any] = {"duty": owed.duty.rule, "due": due, "reason": owed.reason, "by": by.unit.name}
    admins = people.deciders_in(session, owed.unit)
    return sum(say_to_person(session, setup, each.person_id, "reports/excused", now, **values) for each in admins)
