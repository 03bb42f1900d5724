"""Persons, their accounts, consents and memberships."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from bot.messages import Address
from bot.storage.callers import ahead
from bot.storage.models import Account, Consent, Membership, MembershipState, Person, Role, Unit

# A deputy whose time is over stays here until `end_deputies` sees him, for seconds; he himself is a member at once.
ROLES_THAT_DECIDE = (Role.DEPUTY, Role.UNIT_ADMIN, Role.COORDINATOR)

WAS_HERE = update(Account).where(Account.id == bindparam("account")).values(used_at=bindparam("now"))


def role_at(member: Membership, now: datetime) -> Role:
    """The role that counts at this moment: from `role_until` on a deputy is a member."""
    over = member.role == Role.DEPUTY and (member.role_until is None or member.role_until <= now)
    return Role.MEMBER if over else Role(member.role)


def account_of(session: Session, at: Address) -> Account | None:
    """The account at this address, if its person gave consent."""
    known = ahead(session)
    if known and at in known.accounts:
        return known.accounts[at]
    return session.scalar(select(Account).where(Account.channel == at.channel, Account.chat == at.chat))


def add_person(session: Session, at: Address, language: str, now: datetime) -> Account:
    """A person who just gave consent."""
    account = Account(channel=at.channel, chat=at.chat, created_at=now, reachable=True)
    account.person = Person(language=language, created_at=now)
    session.add(account)
    session.flush()
    return account


def consents_of(session: Session, subject: str) -> Sequence[Consent]:
    """All answers to the consent text of one account, oldest first."""
    return session.scalars(select(Consent).where(Consent.subject == subject).order_by(Consent.id)).all()


def active_membership(session: Session, person_id: int, campaign: str) -> Membership | None:
    """The membership under which a person acts in a campaign."""
    known = ahead(session)
    if known and person_id in known.memberships:
        mine = known.memberships[person_id]
        return next((each for each in mine if _acts_in(each, campaign)), None)
    return _membership(session, person_id, campaign, MembershipState.ACTIVE)


def active_memberships(session: Session, person_id: int | None) -> Sequence[Membership]:
    """All memberships under which a person may act, the newest first."""
    statement = select(Membership).where(Membership.person_id == person_id, Membership.state == MembershipState.ACTIVE)
    return session.scalars(statement.order_by(Membership.id.desc())).all()


def pending_membership(session: Session, person_id: int, campaign: str) -> Membership | None:
    """The registration of a person that still waits for approval."""
    return _membership(session, person_id, campaign, MembershipState.PENDING)


def memberships_of(session: Session, person_id: int) -> Sequence[Membership]:
    """All memberships of a person, oldest first."""
    return session.scalars(select(Membership).where(Membership.person_id == person_id).order_by(Membership.id)).all()


def was_here(session: Session, account: Account, now: datetime) -> None:
    """The person said something from this account. Past the session, as it happens all the time."""
    session.connection().execute(WAS_HERE, {"account": account.id, "now": now})
    set_committed_value(account, "used_at", now)


def accounts_of(session: Session, person_id: int) -> Sequence[Account]:
    """The addresses of a person: those where he can be reached first, of these the one that he used last."""
    order = (Account.reachable.desc(), Account.used_at.desc().nulls_last(), Account.id)
    return session.scalars(select(Account).where(Account.person_id == person_id).order_by(*order)).all()


def deciders_for(session: Session, unit: Unit) -> Sequence[Account]:
    """Who approves members of a unit: its admins; if none can be reached, those of the next unit above. Each once."""
    above: Unit | None = unit
    while above is not None:
        accounts = session.scalars(
            select(Account)
            .join(Membership, Membership.person_id == Account.person_id)
            .where(
                Membership.unit_id == above.id,
                Membership.state == MembershipState.ACTIVE,
                Membership.role.in_(ROLES_THAT_DECIDE),
                Account.reachable,
            )
            .order_by(Account.used_at.desc().nulls_last(), Account.id)
        ).all()
        if accounts:
            return list({each.person_id: each for each in reversed(accounts)}.values())[::-1]
        above = above.parent
    return []


def reviewers(session: Session, campaign: str) -> Sequence[Membership]:
    """All admins and coordinators of a campaign."""
    statement = select(Membership).join(Membership.unit).where(Unit.campaign == campaign)
    deciding = (Membership.state == MembershipState.ACTIVE, Membership.role.in_(ROLES_THAT_DECIDE))
    return session.scalars(statement.where(*deciding).order_by(Membership.id)).all()


def deciders_in(session: Session, unit: Unit) -> Sequence[Membership]:
    """Admins and coordinators of this very unit who can be reached."""
    statement = select(Membership).join(Account, Account.person_id == Membership.person_id)
    here = (Membership.unit_id == unit.id, Membership.state == MembershipState.ACTIVE)
    return session.scalars(statement.where(*here, Membership.role.in_(ROLES_THAT_DECIDE), Account.reachable)).all()


def _acts_in(member: Membership, campaign: str) -> bool:
    return member.state == MembershipState.ACTIVE and member.unit.campaign == campaign


def _membership(session: Session, person_id: int, campaign: str, state: MembershipState) -> Membership | None:
    return session.scalar(
        select(Membership)
        .join(Membership.unit)
        .options(contains_eager(Membership.unit))
        .where(Membership.person_id == person_id, Membership.state == state, Unit.campaign == campaign)
        .order_by(Membership.id.desc())
        .limit(1)
    )
