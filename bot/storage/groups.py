"""Group chats that the bot was added to."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.messages import Address
from bot.storage.models import Group, OutboxRow, OutboxState, Unit
from bot.storage.queues import is_open


def remember(session: Session, chat: Address, title: str, now: datetime, *, present: bool) -> bool:
    """Note that the bot is or is no longer in a group; True if it has just come in."""
    group = session.scalar(select(Group).where(Group.channel == chat.channel, Group.chat == chat.chat))
    if group is None:
        session.add(Group(channel=chat.channel, chat=chat.chat, title=title, present=present, added_at=now))
        return present
    came = present and not group.present
    group.title, group.present = title, present
    return came


def campaign_of(session: Session, chat: Address) -> str | None:
    """The campaign of the unit to which a group is linked."""
    statement = select(Unit.campaign).join(Group, Group.unit_id == Unit.id)
    return session.scalar(statement.where(Group.channel == chat.channel, Group.chat == chat.chat))


def move(session: Session, old: Address, new_chat: str) -> None:
    """A group became a supergroup: what is kept, and what is still to be said, goes to its new id."""
    known = session.scalar(select(Group).where(Group.channel == old.channel, Group.chat == new_chat))
    before = session.scalar(select(Group).where(Group.channel == old.channel, Group.chat == old.chat))
    if before and known is None:
        before.chat = new_chat
    elif before and known:
        known.unit_id, known.linked_by_id, known.summaries = before.unit_id, before.linked_by_id, before.summaries
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.channel == old.channel, OutboxRow.chat == old.chat)
        .where(is_open(OutboxRow.state), OutboxRow.state == OutboxState.WAITING)
        .values(chat=new_chat)
    )
