"""The units that a roster asks for: added before its people, closed again when it is undone and nobody needs them."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import group_links, reorganisation, unit_changes
from bot.domain.rosters.spelling import spelled
from bot.setup import Setup
from bot.storage import tags, units
from bot.storage.models import ImportBatch, Membership, MembershipState, Unit


def are_due(batch: ImportBatch) -> bool:
    """Whether they are wanted and not there yet."""
    return bool(batch.figures.get("with_units")) and "added" not in batch.figures


def add(session: Session, setup: Setup, batch: ImportBatch, now: datetime) -> None:
    """Add them; one that came to be since is taken as it is. `made` in the figures are those that are new.

    Under one that closes, now or later, there comes none (None in `added`): its rows are passed over.
    """
    tags.hold_still(session, setup.campaign.code)
    added: list[int | None] = []
    made: list[int] = []
    for each in batch.units:
        parent, day = session.get_one(Unit, each["parent"]), setup.today(now)
        named = units.named(session, parent.id, each["name"])
        unit = next((unit for unit in named if spelled(unit.name) == spelled(each["name"])), None)
        if unit is None and parent.closed_on is None:
            opened = date.fromisoformat(each["opened_on"]) if each["opened_on"] else day
            unit = unit_changes.add(session, setup, parent, each["type"], each["name"], opened)
            made.append(unit.id)
        added.append(unit.id if unit else None)
    batch.figures = {**batch.figures, "added": added, "made": made}


def close_empty(session: Session, setup: Setup, batch: ImportBatch, now: datetime) -> tuple[int, int]:
    """Close those that are new and in which nobody and nothing is; how many, and how many stay.

    A unit that opens today or later never was.
    """
    made = [session.get_one(Unit, each) for each in batch.figures.get("made", [])]
    living = [each for each in made if each.closed_on is None]
    closed = 0
    for unit in reversed(living):
        if _is_empty(session, unit):
            day = max(setup.today(now), unit.opened_on or date.min)
            reorganisation.close(session, setup, unit, (), day, batch.by, now)
            closed += 1
    return closed, len(living) - closed


def _is_empty(session: Session, unit: Unit) -> bool:
    there = select(Membership.id).where(Membership.unit_id == unit.id, Membership.state != MembershipState.ERASED)
    if session.scalar(there.limit(1)) is not None or group_links.hold(session, [unit.id]):
        return False
    return not units.living_below(session, unit.id, date.max)
