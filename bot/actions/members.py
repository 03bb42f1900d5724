"""What admins do with members of their part of the tree: correct what is kept, move them, let them go, bring back."""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from bot.actions import tag_roster, tags
from bot.actions.tag_roster import Holder, Taken
from bot.buttons import Copy, Tap
from bot.setup import Setup
from bot.speech import say_to_person
from bot.storage import people, units
from bot.storage import tags as tag_rows
from bot.storage.audit import Actor
from bot.storage.models import AuditRow, Membership, MembershipState, Role, Tag, TagKind, Unit

LONGEST_REASON = 200
DETAILS = ("name", "rank", "position")
_RANKS = tuple(Role)  # from the least to the most
_MAY_LEAVE = (MembershipState.ACTIVE, MembershipState.LISTED)

Back = Literal["ok", "elsewhere", "not_left", "closed"]


def may_see(by: Membership, member: Membership) -> bool:
    """Whether the member is in this admin's part of the tree, and there is something left to see."""
    return member.full_name is not None and units.is_within(member.unit, by.unit_id)


def may_see_phone(by: Membership) -> bool:
    """Whether telephone numbers are his to see: an admin's of the unit or above; who only stands in sees none."""
    return by.role in (Role.UNIT_ADMIN, Role.COORDINATOR)


def may_send_away(by: Membership, member: Membership) -> bool:
    """Whether he may move the member or let him go: never himself, nor one of his own unit with as high a role."""
    below = member.unit_id != by.unit_id or _RANKS.index(Role(member.role)) < _RANKS.index(Role(by.role))
    return may_see(by, member) and member.id != by.id and below


def set_kind(member: Membership, kind: str) -> None:
    """Another kind of member."""
    member.kind = kind


def set_detail(
    session: Session, setup: Setup, member: Membership, what: str, value: str | None, by: Membership, now: datetime
) -> None:
    """Another name, rank or position. With the name goes the tag of a member who signs by it, who is told."""
    if what == "rank":
        member.rank = value
    elif what == "position":
        member.position = value
    elif what == "name" and value:
        member.full_name = value
        session.flush()
        if member.state == MembershipState.ACTIVE and tag_roster.signs(setup.campaign, member.unit):
            _give_own_tag(session, setup, member, by, now)


def tag_after(session: Session, setup: Setup, member: Membership, to: Unit, today: date) -> str:
    """The tag that the member would have to use in the unit `to`, "" for none; nothing is changed."""
    if setup.campaign.tag_rule is None:
        return ""
    holder = Holder(to)
    if tag_roster.signs(setup.campaign, to):
        return tag_roster.rule_tag(setup.campaign, Holder(to, member))
    rows = [row for row in holder.rows(session) if row.kind != TagKind.ACCEPTED and tags.holds(row, today)]
    return rows[0].tag if rows else tag_roster.rule_tag(setup.campaign, holder)


def move(session: Session, setup: Setup, member: Membership, to: Unit, by: Membership, now: datetime) -> dict[str, Any]:
    """The member goes on in another unit, as a plain member, and is told; what “members/moved_you” says of it.

    What he handed in stays with the old unit. A tag of his own ends, and counts for the campaign's grace.
    """
    old, today = member.unit, setup.today(now)
    for row in tag_rows.of_member(session, member.id):
        _end(session, row, today)
    member.unit, member.role, member.role_until = to, Role.MEMBER, None
    session.flush()
    if tag_roster.signs(setup.campaign, to):
        _give_own_tag(session, setup, member, by, now)
    values: dict[str, Any] = {"old": old.name, "unit": to.name, "tag": None}
    if member.state == MembershipState.ACTIVE:
        values["tag"] = tags.required_tag(session, setup, member, today)
        rows = [(Copy("tag.copy", values["tag"]),)] if values["tag"] else []
        say_to_person(session, setup, member.person_id, "members/moved_you", now, rows=rows, **values)
    return values


def let_go(session: Session, setup: Setup, member: Membership, reason: str, now: datetime) -> bool:
    """The member is one no more, and is told why; False if he was none."""
    if member.state not in _MAY_LEAVE:
        return False
    member.state, member.left_at, member.left_reason = MembershipState.LEFT, now, reason
    rows = [(Tap("register.begin", "register.begin"),)]
    unit = member.unit.name
    say_to_person(session, setup, member.person_id, "members/gone_you", now, rows=rows, unit=unit, reason=reason)
    return True


def bring_back(session: Session, setup: Setup, member: Membership, now: datetime) -> Back:
    """The member is one again, as he was before, and is told; or why that cannot be."""
    if member.state != MembershipState.LEFT:
        return "not_left"
    if member.unit.closed_on and member.unit.closed_on <= setup.today(now):
        return "closed"
    campaign = member.unit.campaign
    if member.person_id and (
        people.active_membership(session, member.person_id, campaign)
        or people.pending_membership(session, member.person_id, campaign)
    ):
        return "elsewhere"
    member.state = MembershipState.ACTIVE if member.person_id else MembershipState.LISTED
    member.left_at = member.left_reason = None
    rows = [(Tap("tag.show", "tag.show"),)]
    say_to_person(session, setup, member.person_id, "members/back_you", now, rows=rows, unit=member.unit.name)
    return "ok"


def note_export(session: Session, actor: Actor, unit: Unit, what: str) -> None:
    """Write down in the audit log that somebody took a list of people along."""
    session.add(
        AuditRow(
            at=actor.now,
            campaign=actor.campaign,
            unit_id=unit.id,
            by_id=actor.membership_id,
            channel=actor.channel,
            act=actor.act,
            subject="exports",
            subject_id=str(unit.id),
            before={},
            after={"export": what},
        )
    )


def _end(session: Session, row: Tag, today: date) -> None:
    if row.kind == TagKind.CLASH or (row.valid_from is not None and row.valid_from >= today):
        session.delete(row)
    elif row.valid_until is None or row.valid_until > today:
        row.valid_until = today


def _give_own_tag(session: Session, setup: Setup, member: Membership, by: Membership, now: datetime) -> None:
    """The rule's tag for a member who signs by name in his new unit; if somebody else has it, people look."""
    holder, today = Holder(member.unit, member), setup.today(now)
    tag = tag_roster.rule_tag(setup.campaign, holder)
    try:
        tag_roster.require(session, setup.campaign, holder, tag, today, by, now)
    except Taken:
        tag_roster.propose_member(session, setup.campaign, member)
