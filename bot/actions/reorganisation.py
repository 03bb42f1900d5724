"""A unit goes into others: the closing, its undoing, and the way of its members on the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.actions import group_links, roster, tag_roster, tags
from bot.actions.dissolution import REASON
from bot.actions.successors import TABLE_CODE, Part, family, last_day, place_of
from bot.actions.tag_changes import TOLD_FROM
from bot.buttons import Copy, Row, Tap
from bot.campaigns import Campaign, tag_for
from bot.domain.hashtags import same
from bot.messages import Priority
from bot.setup import Setup
from bot.speech import say_to_person
from bot.storage import tags as tag_rows
from bot.storage import unit_changes, units
from bot.storage.models import Invitation, Membership, Tag, TagKind, Unit, UnitSuccessor

AT_ONCE = 200
ASK_AGAIN = (0, 7, 30)  # days after the closing
# The outbox forgets what was sent a week ago, and with it that somebody was asked: asking lasts no longer.
ASKING_LASTS = 7


@dataclass(frozen=True, slots=True)
class Closing:
    """The successors, the main one first, and whether `undo` can bring back all as it was."""

    successors: tuple[Unit, ...]
    reversible: bool


def close(
    session: Session, setup: Setup, unit: Unit, parts: Sequence[Part], day: date, by: Membership, now: datetime
) -> Closing:
    """From `day` on the unit is these parts, the first of them mainly. Its members follow by `move_members`.

    Without parts nobody takes it over: its members go by `let_members_go` of bot/actions/dissolution.py.
    Ask `may_close`, `out_of_reach` and `day_fault` of bot/actions/successors.py first.
    """
    unit.closed_on = day
    rows = _tags_in(session, unit)
    if setup.campaign.tag_rule and not rows:
        rows = [tag_roster.propose_unit(session, setup.campaign, unit)]
    reversible = all(row.valid_until != day and not _ends_for_good(row, day) for row in rows)
    for row in rows:
        _end(session, row, day, by, now)
    session.flush()
    found = [_successor(session, setup.campaign, unit, part, day) for part in parts]
    session.add_all(UnitSuccessor(unit_id=unit.id, successor_id=each.id, main=each is found[0]) for each in found)
    session.flush()
    for each in found:
        _give_tag(session, setup.campaign, each)
    return Closing(tuple(found), reversible)


def people_in(session: Session, unit: Unit) -> int:
    """How many memberships of any state the unit has, locked: by the number `undo` sees whether anybody was moved."""
    statement = select(Membership.id).where(Membership.unit_id == unit.id).order_by(Membership.id)
    return len(session.scalars(statement.with_for_update()).all())


def undo(session: Session, unit: Unit, people_then: int) -> bool:
    """Take a reversible closing back; False if anybody was moved, let go or joined a new unit, an old tag found an
    owner, a new unit is to be changed or has units below it, or the unit above closes as well."""
    made = [each for each in units.successors(session, unit.id) if _was_made_for(session, unit, each)]
    ended = [row for row in _tags_in(session, unit) if row.valid_until == unit.closed_on]
    if people_in(session, unit) != people_then or any(people_in(session, each) for each in made):
        return False
    numbers = [each.id for each in made]
    if _were_let_go(session, unit) or group_links.hold(session, numbers) or unit_changes.hold(session, numbers):
        return False
    if (unit.parent and unit.parent.closed_on) or _stand_above(session, numbers):
        return False
    if any(_has_new_owner(session, row, numbers) for row in ended):
        return False
    for row in [*session.scalars(select(UnitSuccessor).where(UnitSuccessor.unit_id == unit.id)), *made]:
        session.delete(row)
        session.flush()
    for tag in ended:
        tag.valid_until = None
        if tag.proposed:
            tag.set_by_id, tag.set_at = None, tag_roster.NO_TIME
    unit.closed_on = None
    session.flush()
    return True


def choices(session: Session, member: Membership, day: date) -> Sequence[Unit]:
    """The units that the member has to choose from, as his own was divided by this day."""
    closed_on = member.unit.closed_on
    found = units.successors(session, member.unit_id) if closed_on and closed_on <= day else ()
    return found if len(found) > 1 else ()


def rows_to_choose(session: Session, member: Membership, day: date) -> list[Row]:
    """A button for each of them."""
    return [
        (Tap("reorganise.choose", "reorganise.choose", (member.unit_id, each.id), {"name": each.name}),)
        for each in choices(session, member, day)
    ]


def move(session: Session, setup: Setup, member: Membership, to: Unit, now: datetime) -> dict[str, Any]:
    """The member goes on in a successor of his unit, in the role that he has; what “reorganise/moved” says of it.

    What he handed in stays with the old unit.
    """
    old, today = member.unit, setup.today(now)
    closed_on = old.closed_on or today
    before = tags.required_tag(session, setup, member, closed_on - timedelta(days=1))
    member.unit = to
    session.flush()
    if tag_roster.signs(setup.campaign, to):
        _give_own_tag(session, setup.campaign, member)
    force, last = tags.in_force(session, setup, member, today), last_day(setup, closed_on)
    return {
        "unit": place_of(old),
        "successor": to.name,
        "tag": force.required,
        "changed": same(force.required) != same(before),
        "settled": force.settled,
        "last": last,
        "still": last >= today,
    }


def move_members(session: Session, setup: Setup, now: datetime) -> int:
    """Bring members of closed units into the one successor, or ask which of several is theirs; groups follow as well.

    How many heard of it. In the morning: a unit ends at midnight, and nobody is woken for it.
    """
    if setup.local(now).hour < TOLD_FROM:
        return 0
    today, campaign = setup.today(now), setup.campaign.code
    moving = units.left_in_closed(session, campaign, today, several=False, most=AT_ONCE)
    for member in moving:
        _move_and_tell(session, setup, member, now)
    undecided = units.left_in_closed(session, campaign, today, several=True)
    keys = {unit.id: _key_of_asking(session, setup, unit, now) for unit in {member.unit for member in undecided}}
    groups = group_links.follow(session, setup, now)
    return groups + len(moving) + sum(_ask(session, setup, member, keys[member.unit_id], now) for member in undecided)


def follow(session: Session, invitation: Invitation, day: date) -> bool:
    """Make a join link into a closed unit lead to its one successor; False if there is not just one."""
    while (closed_on := invitation.unit.closed_on) and closed_on <= day:
        found = units.successors(session, invitation.unit_id)
        if len(found) != 1:
            return False
        invitation.unit = found[0]
        session.flush()
    return True


def _tags_in(session: Session, unit: Unit) -> Sequence[Tag]:
    """The unit's tags, and those of its members who sign by name."""
    return session.scalars(select(Tag).where(Tag.unit_id == unit.id).order_by(Tag.id)).all()


def _ends_for_good(row: Tag, day: date) -> bool:
    """Whether the end on `day` cannot be taken back: the tag has another end later, or never begins and so goes."""
    ends_later = row.valid_until is not None and row.valid_until > day
    return ends_later or (row.valid_from is not None and row.valid_from >= day)


def _end(session: Session, row: Tag, day: date, by: Membership, now: datetime) -> None:
    """A tag counts no more from this day on; a clash ends as well, and is its holder's no more."""
    if row.valid_from is not None and row.valid_from >= day:
        session.delete(row)
    elif row.valid_until is None or row.valid_until > day:
        row.valid_until, row.set_by_id, row.set_at = day, by.id, now


def _successor(session: Session, campaign: Campaign, unit: Unit, part: Part, day: date) -> Unit:
    if part.unit_id:
        return session.get_one(Unit, part.unit_id)
    coded = roster.unit_with_code(session, campaign.code, TABLE_CODE + part.code) if part.code else None
    if coded and coded.closed_on is None:
        return coded  # made since it was proposed
    made = Unit(
        campaign=campaign.code,
        code=TABLE_CODE + part.code if part.code and not coded else _free_code(session, campaign.code),
        type=unit.type,
        name=part.name,
        parent=units.path(unit)[-1],
        opened_on=day,
    )
    session.add(made)
    session.flush()
    return made


def _free_code(session: Session, campaign: str) -> str:
    """A code for a unit that the table does not know."""
    number = (session.scalar(select(func.max(Unit.id))) or 0) + 1
    while roster.unit_with_code(session, campaign, f"{TABLE_CODE}-{number}"):
        number += 1
    return f"{TABLE_CODE}-{number}"


def _give_tag(session: Session, campaign: Campaign, unit: Unit) -> None:
    """The rule's tag for a new unit; it may be that of the units that went into it."""
    if campaign.tag_rule is None or tag_rows.of_unit(session, unit.id):
        return
    row = tag_roster.propose_unit(session, campaign, unit)
    alike = tag_rows.written_as(session, campaign.code, [row.folded])
    if {each.unit_id for each in alike} <= family(session, unit.id):
        row.kind = TagKind.REQUIRED
        session.flush()


def _give_own_tag(session: Session, campaign: Campaign, member: Membership) -> None:
    """The rule's tag for a member who signs by name in his new unit, unless it is the one that he had."""
    unit = member.unit
    tag = tag_for(campaign, tag_roster.names(unit), member.full_name, day=unit.opened_on)
    if same(tag) not in {row.folded for row in tag_rows.of_member(session, member.id)}:
        tag_roster.propose_member(session, campaign, member)


def _was_made_for(session: Session, unit: Unit, successor: Unit) -> bool:
    """Whether the closing of this unit, and of no other, made the successor."""
    alone = family(session, successor.id) == {successor.id, unit.id}
    return alone and successor.code.startswith(TABLE_CODE) and successor.opened_on == unit.closed_on


def _were_let_go(session: Session, unit: Unit) -> bool:
    gone = (Membership.unit_id == unit.id, Membership.left_reason == REASON)
    return session.scalar(select(Membership.id).where(*gone).limit(1)) is not None


def _stand_above(session: Session, unit_ids: Sequence[int]) -> bool:
    return session.scalar(select(Unit.id).where(Unit.parent_id.in_(unit_ids)).limit(1)) is not None


def _has_new_owner(session: Session, row: Tag, made: Sequence[int]) -> bool:
    alike = tag_rows.written_as(session, row.campaign, [row.folded])
    open_ones = [each for each in alike if each.kind == TagKind.REQUIRED and each.valid_until is None]
    return row.kind == TagKind.REQUIRED and any(each.unit_id not in made for each in open_ones)


def _move_and_tell(session: Session, setup: Setup, member: Membership, now: datetime) -> None:
    old, [to] = member.unit_id, units.successors(session, member.unit_id)
    values = move(session, setup, member, to, now)
    say_to_person(
        session,
        setup,
        member.person_id,
        "reorganise/moved",
        now,
        rows=[(Copy("tag.copy", values["tag"]),)] if values["tag"] else (),
        priority=Priority.REMINDER,
        key=f"moved:{member.id}:{old}:{to.id}",
        **values,
    )


def _key_of_asking(session: Session, setup: Setup, unit: Unit, now: datetime) -> str | None:
    """What the question of today is known by, if members of the unit are asked today."""
    ended = [row.set_at for row in _tags_in(session, unit) if row.valid_until == unit.closed_on]
    recorded = max(ended, default=tag_roster.NO_TIME)  # a closing may have been written down long after its day
    since = max(unit.closed_on or date.min, setup.today(recorded))
    age = (setup.today(now) - since).days
    due = next((days for days in ASK_AGAIN if days <= age < days + ASKING_LASTS), None)
    return None if due is None else f"{unit.id}:{int(recorded.timestamp())}:{due}"


def _ask(session: Session, setup: Setup, member: Membership, key: str | None, now: datetime) -> bool:
    """Ask the member once which unit is his."""
    key_of_member = f"choose:{member.id}:{key}"
    if key is None or outbox.was_put(session, key_of_member):
        return False
    day = member.unit.closed_on or setup.today(now)
    return say_to_person(
        session,
        setup,
        member.person_id,
        "reorganise/choose",
        now,
        rows=rows_to_choose(session, member, setup.today(now)),
        priority=Priority.REMINDER,
        key=key_of_member,
        unit=member.unit.name,
        day=day,
        last=last_day(setup, day),
    )
