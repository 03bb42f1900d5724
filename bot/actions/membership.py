"""Join a unit, with the approval of its admins where the campaign asks for it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.actions import tag_roster
from bot.buttons import Tap
from bot.setup import Setup
from bot.speech import say_to_account, say_to_person
from bot.storage import people, tags, units
from bot.storage.models import Account, Invitation, Membership, MembershipState, Role, TagKind, Unit

INVITATION_LASTS = timedelta(days=14)
CODE_BYTES = 9  # 12 characters in a link


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
    """A new membership: active at once if invited or if the campaign asks for no approval, else waiting."""
    active = invited or not setup.campaign.membership.approval
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
    for account in accounts:
        say_to_account(
            session,
            setup,
            account,
            "approval/request",
            now,
            rows=[(Tap("approval.yes", "approval.yes", (member.id,)), Tap("approval.no", "approval.no", (member.id,)))],
            key=f"approval:{member.id}:{account.id}",
            member=member,
            path=[unit.name for unit in units.path(member.unit)],
            kind=kind_name(setup, member.kind, account.person.language),
        )
    return len(accounts)


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
    for account in people.accounts_of(session, member.person_id) if member.person_id else ():
        say_to_account(session, setup, account, template, now, rows=rows, unit=member.unit.name)
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


def invite(session: Session, by: Membership, now: datetime) -> Invitation:
    """A join link's code for the admin's own unit."""
    invitation = Invitation(
        code=secrets.token_urlsafe(CODE_BYTES),
        unit=by.unit,
        created_by_id=by.id,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    session.add(invitation)
    session.flush()
    return invitation


def is_invited(session: Session, code: str | None, unit: Unit, now: datetime) -> bool:
    """Whether the code is a join link to this unit that has not run out."""
    invitation = session.get(Invitation, code) if code else None
    return invitation is not None and invitation.unit_id == unit.id and invitation.expires_at > now


def kind_name(setup: Setup, code: str, language: str) -> str:
    """The name of a kind of member."""
    for kind in setup.campaign.membership.kinds:
        if kind.code == code:
            return kind.vi if language == "vi" else kind.en
    return code


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
