"""Join a unit, with the approval of its admins where the campaign asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.actions import claims, invitations, tag_roster
from bot.buttons import Row, Tap
from bot.setup import Setup
from bot.speech import say_to_account, say_to_person
from bot.storage import people, tags, units
from bot.storage.models import Account, Invitation, Membership, MembershipState, Role, TagKind, Unit

MOST_LISTED = 5  # rows of the roster that an approval offers


@dataclass(frozen=True, slots=True)
class Application:
    """What a person says of himself when he joins; rank, position and Facebook name may be left out."""

    full_name: str
    unit: Unit
    kind: str
    rank: str | None
    position: str | None
    facebook_name: str | None


def join(
    session: Session, setup: Setup, account: Account, application: Application, now: datetime, *, invited: bool
) -> Membership:
    """A new membership: active at once if invited or if the campaign asks for no approval, else waiting.

    If it is active and the roster has just one row of this name in the unit, it is that row, which is claimed by it.
    """
    active = invited or not setup.campaign.membership.approval
    listed = claims.candidates(session, application.unit, application.full_name)
    if active and len(listed) == 1:
        claims.fill(listed[0], application.rank, application.position, application.facebook_name)
        claims.take(session, setup, listed[0], account.person_id, now)
        return listed[0]
    member = Membership(
        person=account.person,
        unit=application.unit,
        full_name=application.full_name,
        kind=application.kind,
        rank=application.rank,
        position=application.position,
        facebook_name=application.facebook_name,
        role=Role.MEMBER,
        state=MembershipState.ACTIVE if active else MembershipState.PENDING,
        created_at=now,
        decided_at=now if active else None,
    )
    session.add(member)
    session.flush()
    if not active:
        ask_for_approval(session, setup, member, now)
    elif others := _propose_tag(session, setup, member, now):
        _tell_of_clash(session, setup, member, others, now)
    return member


def ask_for_approval(session: Session, setup: Setup, member: Membership, now: datetime) -> int:
    """Ask those who decide for the unit; how many were asked. One question a person, however often this runs."""
    accounts = people.deciders_for(session, member.unit)
    listed = _listed(session, member)
    for account in accounts:
        say_to_account(
            session,
            setup,
            account,
            "approval/request",
            now,
            rows=answers(session, member),
            key=f"approval:{member.id}:{account.id}",
            member=member,
            path=[unit.name for unit in units.path(member.unit)],
            kind=kind_name(setup, member.kind, account.person.language),
            listed=[(number, row.rank, row.position) for number, row in enumerate(listed, 1)],
        )
    return len(accounts)


def tie(session: Session, setup: Setup, member: Membership, row: Membership, by: Membership, now: datetime) -> bool:
    """Approve a waiting member as this row of the roster, and tell him; False if it cannot be."""
    if not claims.tie(session, setup, member, row, by, now):
        return False
    rows = [(Tap("tag.show", "tag.show"),)]
    say_to_person(session, setup, row.person_id, "approval/approved", now, rows=rows, unit=row.unit.name)
    return True


def decide(
    session: Session, setup: Setup, member: Membership, by: Membership, now: datetime, *, approved: bool
) -> bool:
    """Approve or refuse a waiting member and tell him; False if it was decided before."""
    if member.state != MembershipState.PENDING:
        return False
    member.state = MembershipState.ACTIVE if approved else MembershipState.REFUSED
    member.decided_at, member.decided_by_id = now, by.id
    template = "approval/approved" if approved else "approval/refused"
    again = Tap("register.begin", "register.begin")
    rows = [(Tap("tag.show", "tag.show"),)] if approved else [(again,)]
    say_to_person(session, setup, member.person_id, template, now, rows=rows, unit=member.unit.name)
    if approved:
        _propose_tag(session, setup, member, now)
    return True


def namesakes(session: Session, setup: Setup, member: Membership) -> list[str]:
    """Who else has the tag of a member who signs by name, as long as that is not settled."""
    rows = tags.of_member(session, member.id)
    clash = next((row for row in rows if row.kind == TagKind.CLASH and row.valid_until is None), None)
    if clash is None:
        return []
    holder, campaign = tag_roster.holder_of(clash), setup.campaign
    return [
        tag_roster.holder_of(row).name for row in tag_roster.twins(session, campaign, holder, clash.tag, None, None)
    ]


def may_decide(by: Membership, member: Membership) -> bool:
    """Whether this admin or coordinator stands over the member's unit."""
    return by.role in people.ROLES_THAT_DECIDE and units.is_within(member.unit, by.unit_id)


def invited_by(session: Session, code: str | None, unit: Unit, now: datetime) -> Invitation | None:
    """The invitation to this unit with this code, if it works."""
    invitation = invitations.usable(session, code, now)
    return invitation if invitation and invitation.unit_id == unit.id else None


def kind_name(setup: Setup, code: str, language: str) -> str:
    """The name of a kind of member."""
    for kind in setup.campaign.membership.kinds:
        if kind.code == code:
            return kind.vi if language == "vi" else kind.en
    return code


def answers(session: Session, member: Membership) -> list[Row]:
    """Approve as one of the roster's rows if there are any, as somebody else, or not at all."""
    listed = _listed(session, member)
    yes, no = (member.id,), Tap("approval.no", "approval.no", (member.id,), solemn=True)
    if not listed:
        return [(Tap("approval.yes", "approval.yes", yes, solemn=True), no)]
    rows: list[Row] = [
        (Tap("approval.row", "approval.row", (member.id, row.id), {"number": number}, solemn=True),)
        for number, row in enumerate(listed, 1)
    ]
    return [*rows, (Tap("approval.other", "approval.yes", yes, solemn=True),), (no,)]


def _listed(session: Session, member: Membership) -> Sequence[Membership]:
    return claims.candidates(session, member.unit, member.full_name)[:MOST_LISTED]


def _propose_tag(session: Session, setup: Setup, member: Membership, now: datetime) -> list[str]:
    """Propose the tag of a member who signs by name; if others have it, who, and he is told that people look."""
    if not tag_roster.signs(setup.campaign, member.unit):
        return []
    for each in tags.members_without(session, member.unit_id, MembershipState.ACTIVE):
        tag_roster.propose_member(session, setup.campaign, each)
    others = namesakes(session, setup, member)
    if others:
        tag, unit = tag_roster.rule_tag(setup.campaign, tag_roster.Holder(member.unit, member)), member.unit.name
        say_to_person(session, setup, member.person_id, "tags/yours_clashes", now, tag=tag, unit=unit)
    return others


def _tell_of_clash(session: Session, setup: Setup, member: Membership, others: list[str], now: datetime) -> None:
    """Nobody approves a member who came by a join link: his admins hear of the clash here."""
    button = Tap("tags.show", "tags.show", (f"m{member.id}",), {"name": member.full_name})
    name = tag_roster.Holder(member.unit, member).name
    for account in people.deciders_for(session, member.unit):
        say_to_account(session, setup, account, "tags/member_clashes", now, rows=[(button,)], name=name, others=others)
