"""One person, several accounts: joined by a code that is shown on one and said on the other."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.actions.operators import hashed, new_code
from bot.messages import Address
from bot.setup import Setup
from bot.speech import say_to_account
from bot.storage import people
from bot.storage.models import Account, Consent, LinkCode, Person

CODE_LENGTH = 8
CODE_LASTS = timedelta(minutes=10)


class Joining(StrEnum):
    """What became of a code that was said."""

    JOINED = "joined"
    BAD = "bad"
    SAME = "same"  # it was said on an account that is the person's already
    TAKEN = "taken"  # the other account's person has been in a unit


def make_code(session: Session, setup: Setup, person_id: int, now: datetime) -> str:
    """A code for another account of this person; the one before works no more."""
    session.execute(delete(LinkCode).where((LinkCode.person_id == person_id) | (LinkCode.expires_at <= now)))
    code = new_code(CODE_LENGTH)
    session.add(LinkCode(code=hashed(setup, code), person_id=person_id, expires_at=now + CODE_LASTS))
    session.flush()
    return code


def join(session: Session, setup: Setup, code: str, at: Address, now: datetime) -> Joining:
    """Make the account at this address one of the person who was shown the code, and tell his others."""
    found = session.get(LinkCode, hashed(setup, code), with_for_update=True)
    if found is None or found.expires_at <= now:
        return Joining.BAD
    account = people.account_of(session, at)
    if account and account.person_id == found.person_id:
        return Joining.SAME
    if account and people.memberships_of(session, account.person_id):
        return Joining.TAKEN
    person = session.get_one(Person, found.person_id)
    before = people.accounts_of(session, person.id)
    session.delete(found)
    _take_along(session, setup, before, at)
    if account:
        _move_all(session, account.person, person)
    else:
        session.add(Account(channel=at.channel, chat=at.chat, created_at=now, used_at=now, person=person))
    session.flush()
    for each in before:
        say_to_account(session, setup, each, "accounts/joined_told", now, channel=at.channel)
    return Joining.JOINED


def drop(session: Session, account: Account) -> bool:
    """Take an account from its person; False for his last, which only an erasure may take."""
    if len(people.accounts_of(session, account.person_id)) < 2:
        return False
    session.delete(account)
    session.flush()
    return True


def consent_subject(key: bytes, at: Address) -> str:
    """The keyed hash under which the answers of an account are kept."""
    return hmac.new(key, f"consent|{at.channel}|{at.chat}".encode(), hashlib.sha256).hexdigest()


def _take_along(session: Session, setup: Setup, before: Sequence[Account], at: Address) -> None:
    """What the person agreed to holds on the new account as well."""
    subject = consent_subject(setup.key, at)
    for account in before[:1]:
        for each in people.consents_of(session, consent_subject(setup.key, Address(account.channel, account.chat))):
            kept = {"version": each.version, "language": each.language, "answer": each.answer}
            session.add(Consent(subject=subject, answered_at=each.answered_at, **kept))


def _move_all(session: Session, old: Person, to: Person) -> None:
    for each in people.accounts_of(session, old.id):
        each.person = to
    session.flush()
    session.delete(old)
