"""Who writes to the bot, read ahead: one question for all the chats of a transaction instead of some for each.

What was read ahead is as true as a query would be: rows are the session's own objects, and as soon as somebody comes,
goes or changes hands in this transaction, nothing read ahead counts any more.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, event, inspect, select, tuple_
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, contains_eager, joinedload

from bot.messages import Address
from bot.storage.models import Account, Conversation, Membership, Person

AHEAD = "callers read ahead"
KINDS = (Account, Conversation, Membership, Person)
TIES = {Account: ("person_id", "channel", "chat"), Membership: ("person_id",)}

# Built once: these run for every update, and building them costs more than running them.
KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
ACCOUNTS = select(Account).where(tuple_(Account.channel, Account.chat).in_(KEYS)).options(joinedload(Account.person))
CONVERSATIONS = select(Conversation).where(tuple_(Conversation.channel, Conversation.chat).in_(KEYS))
MEMBERSHIPS = (
    select(Membership)
    .join(Membership.unit)
    .options(contains_eager(Membership.unit))
    .where(Membership.person_id.in_(bindparam("persons", expanding=True)))
    .order_by(Membership.id.desc())
)


@dataclass(frozen=True, slots=True)
class Ahead:
    """Who is at each address that was asked for, at which step, and the memberships of each person, newest first."""

    accounts: dict[Address, Account | None]
    conversations: dict[Address, Conversation | None]
    memberships: dict[int, list[Membership]]


def read_ahead(session: Session, chats: Collection[Address]) -> None:
    """Read for these chats what is asked about whoever writes in them."""
    session.info.pop(AHEAD, None)
    keys = {"keys": [(each.channel, each.chat) for each in chats]}
    accounts = {Address(each.channel, each.chat): each for each in session.scalars(ACCOUNTS, keys)}
    steps = {Address(each.channel, each.chat): each for each in session.scalars(CONVERSATIONS, keys)}
    memberships: dict[int, list[Membership]] = {each.person_id: [] for each in accounts.values()}
    persons = {"persons": list(memberships)}
    for member in session.scalars(MEMBERSHIPS, persons) if memberships else ():
        memberships[member.person_id or 0].append(member)
    session.info[AHEAD] = Ahead(
        {each: accounts.get(each) for each in chats}, {each: steps.get(each) for each in chats}, memberships
    )


def ahead(session: Session) -> Ahead | None:
    """What was read ahead, if it is still true."""
    known: Ahead | None = session.info.get(AHEAD)
    if known and _pending(session):
        known = session.info.pop(AHEAD) and None
    return known


def _pending(session: Session) -> bool:
    if any(isinstance(each, KINDS) for each in (*session.new, *session.deleted)):
        return True
    return any(_changes_hands(each) for each in session.dirty)


def _changes_hands(row: Any) -> bool:
    return any(inspect(row).attrs[name].history.has_changes() for name in TIES.get(type(row), ()))


@event.listens_for(Session, "before_flush")
def _flushing(session: Session, _context: UOWTransaction, _instances: object) -> None:
    if AHEAD in session.info and _pending(session):
        del session.info[AHEAD]


@event.listens_for(Session, "do_orm_execute")
def _executing(state: ORMExecuteState) -> None:
    if AHEAD in state.session.info and not state.is_select:
        mapper = state.bind_mapper
        if mapper is None or mapper.class_ in KINDS:
            del state.session.info[AHEAD]


@event.listens_for(Session, "after_soft_rollback")
def _rolled_back(session: Session, _previous: object) -> None:
    session.info.pop(AHEAD, None)
