"""Say a named text to somebody: render it in his language, sign its buttons, queue it in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import outbox
from bot.buttons import Row, wire
from bot.messages import Address, Attached, Outgoing, Priority
from bot.setup import Setup
from bot.storage import people
from bot.storage.models import Account
from bot.texts import render


def say(
    session: Session,
    setup: Setup,
    to: Address,
    language: str,
    template: str,
    now: datetime,
    *,
    rows: Sequence[Row] = (),
    edits: str | None = None,
    answers: str | None = None,
    file: Attached | None = None,
    picture: str | None = None,
    document: str | None = None,
    priority: Priority = Priority.REPLY,
    key: str | None = None,
    expires_at: datetime | None = None,
    passing: bool = False,
    asks_number: bool = False,
    **values: Any,
) -> bool:
    """Queue the message; False if one with this `key` was queued before. `Outgoing` says what the arguments mean."""
    message = replace(
        worded(setup, to, language, template, rows, **values),
        edits=edits,
        answers=answers,
        file=file,
        picture=picture,
        document=document,
        passing=passing,
        asks_number=asks_number,
    )
    return outbox.put(session, to, message, now, priority=priority, key=key, expires_at=expires_at)


def worded(
    setup: Setup, to: Address, language: str, template: str, rows: Sequence[Row] = (), **values: Any
) -> Outgoing:
    """The message that `say` would queue: for many, which `outbox.put_all` queues at once."""
    buttons = tuple(tuple(wire(button, to, language, setup.key, setup.mark) for button in row) for row in rows)
    return Outgoing(render(template, language, **values), buttons, language=language)


def say_to_account(
    session: Session,
    setup: Setup,
    account: Account,
    template: str,
    now: datetime,
    *,
    rows: Sequence[Row] = (),
    file: Attached | None = None,
    priority: Priority = Priority.REPLY,
    key: str | None = None,
    expires_at: datetime | None = None,
    **values: Any,
) -> bool:
    """The same to a person, in the language that he chose."""
    to, language = Address(account.channel, account.chat), account.person.language
    how: dict[str, Any] = {
        "rows": rows,
        "file": file,
        "priority": priority,
        "key": key,
        "expires_at": expires_at,
    }
    return say(session, setup, to, language, template, now, **how, **values)


def say_to_person(
    session: Session,
    setup: Setup,
    person_id: int | None,
    template: str,
    now: datetime,
    *,
    rows: Sequence[Row] = (),
    priority: Priority = Priority.REPLY,
    key: str | None = None,
    **values: Any,
) -> bool:
    """The same to a person at his address; False if there is none: he was erased."""
    accounts = people.accounts_of(session, person_id) if person_id else ()
    if not accounts:
        return False
    return say_to_account(session, setup, accounts[0], template, now, rows=rows, priority=priority, key=key, **values)
