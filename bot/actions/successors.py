"""Before a unit goes into others: who may say so, what the national table proposes, and what it would change."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.actions import roster, tag_roster
from bot.campaigns import Campaign, signs_by_name, tag_for
from bot.campaigns.reorganisation import Successor, proposed_successors
from bot.domain.hashtags import same
from bot.setup import Setup
from bot.storage import tags, unit_changes, units
from bot.storage.models import Membership, MembershipState, ReviewCase, Role, Tag, TagKind, Unit
from bot.storage.queues import is_undecided

TABLE_DAY = date(2025, 7, 1)  # the day from which the national table holds
TABLE_CODE = "m"  # before the statistics office's code, which an old unit of the campaign may have as well
EARLIEST = date(2000, 1, 1)
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Part:
    """A successor as it would be: a unit of the campaign (`unit_id`), or one that is still to be made.

    `code` is the national table's, `place` the new province by it or the unit above; `taken` is False for one that the
    coordinator leaves out.
    """

    name: str
    unit_id: int | None = None
    code: str | None = None
    place: str | None = None
    taken: bool = True


@dataclass(frozen=True, slots=True)
class DayFault:
    """Why a unit cannot go on a day, and the names of the units that are in the way."""

    code: Literal["far", "unit", "successors", "below"]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewTag:
    """The tag of a successor (None: its members sign by name), and the names of those who have the same one."""

    name: str
    tag: str | None
    clashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A unit that is to come under the one that closes: too late, or it is left under a closed one."""

    name: str
    day: date
    late: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a closing changes: active members, those of them with a role, undecided reviews, tags, planned moves.

    `last` is the last day on which the old tags count.
    """

    members: int
    admins: int
    cases: int
    old_tags: tuple[str, ...]
    last: date
    tags: tuple[NewTag, ...]
    arrivals: tuple[Arrival, ...]


def may_close(by: Membership, unit: Unit) -> bool:
    """Whether this coordinator stands above the unit; his own is the business of those above him."""
    return by.role == Role.COORDINATOR and unit.id != by.unit_id and units.is_within(unit, by.unit_id)


def propose(session: Session, setup: Setup, unit: Unit) -> list[Part]:
    """The successors that the national table names; those that are units of the campaign already are linked."""
    found = proposed_successors(tag_roster.names(unit))
    return [_part(session, setup.campaign, unit, each) for each in found if each.type == unit.type]


def out_of_reach(session: Session, by: Membership, unit: Unit, parts: Sequence[Part]) -> list[str]:
    """The names of successors that this coordinator does not stand over: nobody may be sent there by him.

    A unit that is to be made stands right under the campaign's top unit.
    """
    top = units.path(unit)[-1]
    places = [(part.name, session.get_one(Unit, part.unit_id) if part.unit_id else top) for part in parts]
    return [name for name, place in places if not units.is_within(place, by.unit_id)]


def day_fault(session: Session, unit: Unit, parts: Sequence[Part], day: date, today: date) -> DayFault | None:
    """What speaks against `day` as the first one without the unit; None if nothing does.

    Its successors live on that day, and whoever went into it did so before: nobody is ever sent round in a circle.
    """
    if not EARLIEST <= day <= today + FARTHEST:
        return DayFault("far")
    began = [unit.opened_on, *(each.closed_on for each in units.predecessors(session, unit.id))]
    if any(each >= day for each in began if each):
        return DayFault("unit")
    existing = [session.get_one(Unit, part.unit_id) for part in parts if part.unit_id]
    if absent := tuple(each.name for each in existing if not _lives(each, day)):
        return DayFault("successors", absent)
    below = tuple(each.name for each in units.living_below(session, unit.id, day))
    return DayFault("below", below) if below else None


def preview(session: Session, setup: Setup, unit: Unit, parts: Sequence[Part], day: date) -> Preview:
    """What closing the unit on this day would change."""
    active = (Membership.unit_id == unit.id, Membership.state == MembershipState.ACTIVE)
    roles = session.scalars(select(Membership.role).where(*active)).all()
    undecided = (ReviewCase.unit_id == unit.id, is_undecided(ReviewCase.state))
    old = [row for row in tags.of_unit(session, unit.id) if row.kind == TagKind.REQUIRED]
    return Preview(
        members=len(roles),
        admins=sum(role != Role.MEMBER for role in roles),
        cases=session.scalar(select(func.count(ReviewCase.id)).where(*undecided)) or 0,
        old_tags=tuple(row.tag for row in old if row.valid_until is None or row.valid_until > day),
        last=last_day(setup, day),
        tags=_new_tags(session, setup.campaign, unit, parts, day),
        arrivals=arrivals(session, unit, day),
    )


def arrivals(session: Session, unit: Unit, day: date) -> tuple[Arrival, ...]:
    """The moves planned under the unit that its closing on this day upsets; not those of units that end before."""
    rows = [(each, each.unit.closed_on or date.max) for each in unit_changes.under(session, unit.id)]
    upset = [each for each, ends in rows if ends > max(each.day, day)]
    return tuple(Arrival(place_of(each.unit), each.day, each.day >= day) for each in upset)


def last_day(setup: Setup, closed_on: date) -> date:
    """The last day on which the tag of a unit that is closed from `closed_on` on counts."""
    return closed_on + timedelta(days=setup.campaign.tag_grace_days - 1)


def place_of(unit: Unit) -> str:
    """The unit and the one above it: “Xã Tuyên Thạnh, Thị xã Kiến Tường”; a new unit often has the old one's name."""
    return ", ".join(each.name for each in units.path(unit)[:2])


def family(session: Session, unit_id: int) -> set[int]:
    """The unit and those that went into it: a tag that only these have is nobody else's."""
    return {unit_id, *(each.id for each in units.predecessors(session, unit_id))}


def _part(session: Session, campaign: Campaign, unit: Unit, found: Successor) -> Part:
    coded = roster.unit_with_code(session, campaign.code, TABLE_CODE + found.code)
    namesakes = [
        each
        for each in units.named(session, units.path(unit)[-1].id, found.name)
        if _letters(each.name) == _letters(found.name) and each.id != unit.id
    ]
    known = coded if coded and not coded.closed_on else next(iter(namesakes), None)
    return Part(known.name if known else found.name, known.id if known else None, found.code, found.province)


def _new_tags(session: Session, campaign: Campaign, unit: Unit, parts: Sequence[Part], day: date) -> tuple[NewTag, ...]:
    if campaign.tag_rule is None:
        return ()
    found = [_new_tag(session, campaign, unit, part, day) for part in parts]
    return tuple(
        NewTag(each.name, each.tag, (*each.clashes, *(other.name for other in found if _twins(each, other))))
        for each in found
    )


def _new_tag(session: Session, campaign: Campaign, unit: Unit, part: Part, day: date) -> NewTag:
    path = [(unit.type, part.name), *tag_roster.names(units.path(unit)[-1])]
    own, row = {unit.id}, None
    if part.unit_id:
        path = tag_roster.names(session.get_one(Unit, part.unit_id))
        own |= family(session, part.unit_id)
        row = _required(session, part.unit_id)
    if signs_by_name(campaign, path):
        return NewTag(part.name, None, ())
    tag = row.tag if row else tag_for(campaign, path, day=day)
    settled = row is not None and row.kind == TagKind.REQUIRED
    others = [] if settled else tags.written_as(session, campaign.code, [same(tag)])
    return NewTag(part.name, tag, tuple(tag_roster.names_of(each for each in others if each.unit_id not in own)))


def _required(session: Session, unit_id: int) -> Tag | None:
    rows = [row for row in tags.of_unit(session, unit_id) if row.kind != TagKind.ACCEPTED and row.valid_until is None]
    return next(iter(rows), None)


def _twins(one: NewTag, other: NewTag) -> bool:
    return one is not other and one.tag is not None and other.tag is not None and same(one.tag) == same(other.tag)


def _lives(unit: Unit, day: date) -> bool:
    return (unit.opened_on is None or unit.opened_on <= day) and (unit.closed_on is None or unit.closed_on > day)


def _letters(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
