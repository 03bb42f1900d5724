"""What members are asked to read: who confirmed it, kept as the answers to the consent text are."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.actions.accounts import consent_subject
from bot.campaigns import Campaign, Guidance
from bot.messages import Address
from bot.setup import Setup
from bot.storage.models import Account, Consent, Membership, MembershipState
from bot.storage.units import below


def version_of(campaign: Campaign, guidance: Guidance) -> str:
    """Which text in which version somebody confirmed."""
    return f"{campaign.code} {guidance.code} {guidance.version}"


def has_read(session: Session, setup: Setup, at: Address, guidance: Guidance) -> bool:
    """Whether it was confirmed from this account."""
    subject, version = consent_subject(setup.key, at), version_of(setup.campaign, guidance)
    known = select(Consent.id).where(Consent.subject == subject, Consent.version == version)
    return session.scalar(known.limit(1)) is not None


def confirm(session: Session, setup: Setup, at: Address, guidance: Guidance, language: str, now: datetime) -> bool:
    """Write down that it was read; False if that was done before."""
    if has_read(session, setup, at, guidance):
        return False
    subject, version = consent_subject(setup.key, at), version_of(setup.campaign, guidance)
    session.add(Consent(subject=subject, version=version, language=language, answer=True, answered_at=now))
    session.flush()
    return True


def readers(session: Session, setup: Setup, root_id: int, guidance: Guidance) -> tuple[int, int]:
    """How many active members of the unit and all below it confirmed it, and how many there are.

    What is asked of all members, such as to follow pages, is held against those who are only in the roster, too.
    """
    version = version_of(setup.campaign, guidance)
    read = set(session.scalars(select(Consent.subject).where(Consent.version == version)))
    unit = Membership.unit_id.in_(below(root_id))
    here = (unit, Membership.state == MembershipState.ACTIVE)
    accounts = select(Account.person_id, Account.channel, Account.chat)
    rows = session.execute(accounts.join(Membership, Membership.person_id == Account.person_id).where(*here)).all()
    known = {person for person, channel, chat in rows if consent_subject(setup.key, Address(channel, chat)) in read}
    unclaimed = select(func.count()).where(unit, Membership.state == MembershipState.LISTED)
    others = session.scalar(unclaimed) or 0 if guidance.asks == "follow" else 0
    return len(known), len({person for person, _, _ in rows}) + others


def target_of(campaign: Campaign, guidance: Guidance) -> int | None:
    """How many per cent of the members are to confirm it, if the campaign says so."""
    return campaign.pages.linked_percent if guidance.asks == "follow" else None
