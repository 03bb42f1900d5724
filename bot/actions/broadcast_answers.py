"""Answers to a broadcast: they reach who sent it, and he may answer back through the bot."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.actions import broadcast_files, broadcasts
from bot.buttons import Tap
from bot.messages import Address, Attached, Incoming
from bot.setup import Setup
from bot.speech import say, say_to_account
from bot.storage import people
from bot.storage.models import Account, Broadcast, Membership, MembershipState, Recipient

LONGEST = 3000
LONGEST_CAPTION = 800  # with the words around it, what goes under a picture or file


def pass_on(session: Session, setup: Setup, answered: Recipient, by: Membership, said: Incoming, now: datetime) -> bool:
    """Say to the broadcast's author what a member answered; False if nobody can be told.

    Where the author cannot be reached or left his unit, those who decide there hear it. What is attached goes along,
    on another messenger a little later, once it was fetched.
    """
    broadcast = session.get_one(Broadcast, answered.broadcast_id)
    back = (Tap("broadcasts.answer", "broadcast.answer", (answered.id,)),)
    accounts, here = _who_hears(session, broadcast), said.address.channel
    attached = bool(said.picture or said.document)
    for account in accounts:
        own = account.channel == here
        along = _attached(said) if own and len(said.text) <= LONGEST_CAPTION else {}
        to, language = Address(account.channel, account.chat), account.person.language
        known: dict[str, Any] = {"who": by.full_name, "unit": by.unit.name, "number": broadcast.id}
        known |= {"words": said.text[:LONGEST], "follows": attached and not along}
        say(session, setup, to, language, "broadcasts/answered", now, rows=[back], **along, **known)
        if own and attached and not along:
            known |= _attached(said) | {"missing": False}
            say(session, setup, to, language, "broadcasts/answered_file", now, **known)
    if attached and any(account.channel != here for account in accounts):
        broadcast_files.copy_answer(session, setup, answered, here, said.picture, said.document, now)
    return bool(accounts)


def pass_on_copy(
    session: Session, setup: Setup, answered: Recipient, channel: str, file: Attached | None, now: datetime
) -> None:
    """What came with an answer on `channel`, for those who hear of it elsewhere; that it could not be had, without."""
    broadcast = session.get_one(Broadcast, answered.broadcast_id)
    by = session.get_one(Membership, answered.membership_id)
    known: dict[str, Any] = {"who": by.full_name, "unit": by.unit.name, "number": broadcast.id}
    for account in _who_hears(session, broadcast):
        if account.channel != channel:
            known["missing"] = file is None
            say_to_account(session, setup, account, "broadcasts/answered_file", now, file=file, **known)


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


def _attached(said: Incoming) -> dict[str, Any]:
    return {"picture": said.picture, "document": said.document.reference if said.document else None}


def _who_hears(session: Session, broadcast: Broadcast) -> Sequence[Account]:
    account = broadcasts.author_account(session, broadcast)
    if account and account.reachable and broadcast.by.state == MembershipState.ACTIVE:
        return [account]
    return people.deciders_for(session, broadcast.unit)
