"""Answers to a broadcast: they reach who sent it, and he may answer back through the bot."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.actions import broadcasts
from bot.buttons import Tap
from bot.messages import Address
from bot.setup import Setup
from bot.speech import say
from bot.storage import people
from bot.storage.models import Account, Broadcast, Membership, MembershipState, Recipient

LONGEST = 3000


def pass_on(
    session: Session, setup: Setup, answered: Recipient, by: Membership, words: str, picture: str | None, now: datetime
) -> bool:
    """Say to the broadcast's author what a member answered; False if nobody can be told.

    Where the author cannot be reached or left his unit, those who decide there hear it.
    """
    broadcast = session.get_one(Broadcast, answered.broadcast_id)
    back = (Tap("broadcasts.answer", "broadcast.answer", (answered.id,)),)
    accounts = _who_hears(session, broadcast)
    for account in accounts:
        say(
            session,
            setup,
            Address(account.channel, account.chat),
            account.person.language,
            "broadcasts/answered",
            now,
            rows=[back],
            picture=picture if account.channel == answered.channel else None,
            who=by.full_name,
            unit=by.unit.name,
            number=broadcast.id,
            words=words[:LONGEST],
        )
    return bool(accounts)


def answer_back(session: Session, setup: Setup, answered: Recipient, by: Membership, words: str, now: datetime) -> bool:
    """Say the author's answer to the member; False if he cannot be told any more."""
    if answered.channel is None or answered.chat is None or answered.person_id is None:
        return False
    to = Address(answered.channel, answered.chat)
    account = people.account_of(session, to)
    if account is None or not account.reachable:
        return False
    ask = (Tap("broadcasts.ask", "broadcast.ask", (answered.id,)),)
    known: dict[str, Any] = {"who": by.full_name, "unit": by.unit.name, "words": words[:LONGEST]}
    return say(session, setup, to, account.person.language, "broadcasts/answer", now, rows=[ask], **known)


def _who_hears(session: Session, broadcast: Broadcast) -> Sequence[Account]:
    account = broadcasts.author_account(session, broadcast)
    if account and account.reachable and broadcast.by.state == MembershipState.ACTIVE:
        return [account]
    return people.deciders_for(session, broadcast.unit)
