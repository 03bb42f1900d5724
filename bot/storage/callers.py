"""Who writes to the bot, read ahead: one question for all the chats of a transaction instead of some for each.

What was read ahead is as true as a query would be: rows are the session's own objects, and as soon as somebody comes,
goes or changes hands in this transaction, nothing read ahead counts any more.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, contains_eager

from bot.messages import Address
from bot.storage.models import Account, Conversation, Membership, Person

AHEAD = "callers read ahead"
KINDS = (Account, Conversation, Membership, Person)
TIES = {Account: ("person_id", "channel", "chat"), Membership: ("person_id",)}

# Built once: these run for every update, and building them costs more than running them. A messenger at a time: some
# databases find pairs of channel and chat by looking through all that there are.
CHANNEL: BindParameter[str] = bindparam("channel")
CHATS: BindParameter[Any] = bindparam("chats", expanding=True)
CALLERS = (
    select(Account, Membership)
    .join(Account.person)
    .outerjoin(Membership, Membership.person_id == Account.person_id)
    .outerjoin(Membership.unit)
    .options(contains_eager(Account.person), contains_eager(Membership.unit))
    .where(Account.channel == CHANNEL, Account.chat.in_(CHATS))
    .order_by(Membership.id.desc())
)
OPEN = select(Conversation.id).where(Conversation.channel == CHANNEL, Conversation.chat.in_(CHATS))


@dataclass(frozen=True, slots=True)
class Ahead:
    """Who is at each address that was asked for, at which step, and the memberships of each person, newest first."""

    accounts: dict[Address, Account | None]
    conversations: dict[Address, Conversation | None]
    memberships: dict[int, list[Membership]]


def read_ahead(session: Session, chats: Collection[Address]) -> None:
    """Read for these chats what is asked about whoever writes in them."""
    session.info.pop(AHEAD, None)
    found = Ahead(dict.fromkeys(chats), dict.fromkeys(chats), {})
    for channel in {each.channel for each in chats}:
        here = {"channel": channel, "chats": [each.chat for each in chats if each.channel == channel]}
        _read_callers(session, here, found)
        # Most are in the middle of nothing: to ask for objects that are not there costs as much as for those that are.
        for number in session.connection().execute(OPEN, here).scalars().all():
            step = session.get_one(Conversation, number)
            found.conversations[Address(step.channel, step.chat)] = step
    session.info[AHEAD] = found


def _read_callers(session: Session, here: Mapping[str, Any], found: Ahead) -> None:
    for account, member in session.execute(CALLERS, here):
        found.accounts[Address(account.channel, account.chat)] = account
        own = found.memberships.setdefault(account.person_id, [])
        if member and member not in own:  # it comes once for each account
            own.append(member)


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
