"""A unit as its admins see it: where it stands, who is in it, its hashtag, what it owes, and the units below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from bot.actions import tag_overview, tag_roster
from bot.actions.tag_roster import Holder
from bot.setup import Setup
from bot.storage import members, obligations, unit_changes, units
from bot.storage.models import Membership, Obligation, Tag, TagKind, Unit, UnitChange

MOST_DUE = 5


@dataclass(frozen=True, slots=True)
class Card:
    """`numbers` are the unit's own members by `members.Which`, `below` the active ones of the unit and all below it.

    `tag` is the one to come if there is none yet, None where members sign by name or none is asked for; `twins` are
    those who have the same one. `due` is at most `MOST_DUE` of the `owed` reports.
    """

    numbers: Mapping[str, int]
    below: int
    admins: Sequence[Membership]
    tag: Tag | None
    twins: Sequence[str]
    due: Sequence[Obligation]
    owed: int
    living: int
    closed: int
    successors: Sequence[Unit]
    planned: Sequence[UnitChange]


def card(session: Session, setup: Setup, unit: Unit, now: datetime) -> Card:
    """All of it as it stands now."""
    today = setup.today(now)
    due = obligations.still_due(session, setup.campaign.code, [unit.id], now)
    none = setup.campaign.tag_rule is None or tag_roster.signs(setup.campaign, unit)
    found = None if none else tag_overview.overview(session, setup, Holder(unit), today)
    return Card(
        numbers=members.numbers(session, unit.id),
        below=members.number_below(session, unit.id),
        admins=members.with_roles(session, unit.id),
        tag=(found.required or next(iter(found.upcoming), None)) if found else None,
        twins=tag_roster.names_of(found.twins) if found else (),
        due=due[:MOST_DUE],
        owed=len(due),
        living=_count(session, unit.id, today, closed=False),
        closed=_count(session, unit.id, today, closed=True),
        successors=units.successors(session, unit.id) if unit.closed_on else (),
        planned=unit_changes.of_unit(session, unit.id),
    )


def is_clash(card_: Card) -> bool:
    """Whether the unit's tag is nobody's yet."""
    return card_.tag is not None and card_.tag.kind == TagKind.CLASH


def children(session: Session, unit_id: int, today: date, page: int, most: int, *, closed: bool) -> Sequence[Unit]:
    """One page of the units right under this one: those that live or will, or the closed ones; by name."""
    statement = select(Unit).where(Unit.parent_id == unit_id, _standing(today, closed=closed))
    statement = statement.order_by(Unit.folded, Unit.id).offset(page * most).limit(most)
    return session.scalars(statement).all()


def _count(session: Session, unit_id: int, today: date, *, closed: bool) -> int:
    statement = select(func.count()).select_from(Unit).where(Unit.parent_id == unit_id)
    return session.scalars(statement.where(_standing(today, closed=closed))).one()


def _standing(today: date, *, closed: bool) -> ColumnElement[bool]:
    gone = and_(Unit.closed_on.is_not(None), Unit.closed_on <= today)
    return gone if closed else ~gone
