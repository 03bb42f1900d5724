"""Who looks after the installation, and what they see of its health."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot.messages import Address
from bot.storage import installation
from bot.storage.models import (
    InboxRow,
    InboxState,
    Installation,
    Membership,
    MembershipState,
    Operator,
    OutboxRow,
    OutboxState,
    Unit,
)
from bot.storage.queues import is_dead

RAN = "ran:"  # before the name of a job, the key under which its last run is kept
NOTED_EVERY = timedelta(minutes=5)
APPOINTABLE = (MembershipState.ACTIVE, MembershipState.PENDING)


@dataclass(frozen=True, slots=True)
class Health:
    """Numbers of rows: updates by state, messages by state; the database's size in bytes; when each job last ran."""

    inbox: Mapping[str, int]
    outbox: Mapping[str, int]
    size: int
    ran: Sequence[tuple[str, datetime]]


def is_operator(session: Session, at: Address) -> bool:
    """Whether this account may look after the installation."""
    return session.get(Operator, (at.channel, at.chat)) is not None


def all_of_them(session: Session) -> Sequence[Operator]:
    """The operators, the first one first."""
    return session.scalars(select(Operator).order_by(Operator.since, Operator.channel, Operator.chat)).all()


def address(operator: Operator) -> Address:
    """Where the operator is spoken to."""
    return Address(operator.channel, operator.chat)


def add(session: Session, at: Address, now: datetime, *, by_code: bool) -> None:
    """One more operator."""
    session.add(Operator(channel=at.channel, chat=at.chat, since=now, by_code=by_code))
    session.flush()


def follow_settings(session: Session, named: Collection[Address], now: datetime) -> None:
    """Operators are those whom the settings name and those who came by a code."""
    known = {address(each): each for each in all_of_them(session)}
    for at, each in known.items():
        if not each.by_code and at not in named:
            session.delete(each)
    for at in named:
        if at not in known:
            add(session, at, now, by_code=False)
    session.flush()


def dead_updates(session: Session, most: int) -> Sequence[InboxRow]:
    """Updates that were given up and that the operators did not hear of, the oldest first; locked."""
    statement = select(InboxRow).where(is_dead(InboxRow.state), ~InboxRow.alerted).order_by(InboxRow.id)
    return session.scalars(statement.limit(most).with_for_update(skip_locked=True)).all()


def note_run(session: Session, job: str, now: datetime) -> None:
    """Remember that a job came to its end, to within five minutes."""
    before = installation.value(session, RAN + job)
    if before is None or now - datetime.fromisoformat(before) >= NOTED_EVERY:
        installation.keep(session, RAN + job, now.isoformat())


def health(session: Session) -> Health:
    """How the installation is by its tables."""
    inbox = select(InboxRow.state, func.count()).where(InboxRow.state != InboxState.DONE).group_by(InboxRow.state)
    outbox = select(OutboxRow.state, func.count()).where(OutboxRow.state != OutboxState.SENT).group_by(OutboxRow.state)
    return Health(
        {row[0]: row[1] for row in session.execute(inbox)},
        {row[0]: row[1] for row in session.execute(outbox)},
        size(session),
        runs(session),
    )


def runs(session: Session) -> Sequence[tuple[str, datetime]]:
    """When each job last came to its end, the longest ago first."""
    jobs = select(Installation).where(Installation.key.startswith(RAN))
    found = [(row.key.removeprefix(RAN), datetime.fromisoformat(row.value)) for row in session.scalars(jobs)]
    return sorted(found, key=lambda each: (each[1], each[0]))


def in_roots(session: Session, campaign: str) -> Sequence[Membership]:
    """Who is registered, or waits, in a unit at the top of a campaign, and has agreed that we keep data about him."""
    statement = select(Membership).join(Membership.unit)
    top = (Unit.campaign == campaign, Unit.parent_id.is_(None), Membership.person_id.is_not(None))
    there = (Membership.state.in_(APPOINTABLE), Membership.full_name.is_not(None))
    return session.scalars(statement.where(*top, *there).order_by(Membership.id)).all()


def size(session: Session) -> int:
    """The database's size in bytes."""
    if session.get_bind().dialect.name == "postgresql":
        statement = "SELECT pg_database_size(current_database())"
    else:
        statement = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    return int(session.execute(text(statement)).scalar_one())
