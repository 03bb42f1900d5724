"""Where a chat stands in a conversation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages import Address
from bot.storage.callers import ahead
from bot.storage.models import Conversation


def current(session: Session, chat: Address, now: datetime) -> Conversation | None:
    """The chat's conversation, unless it has run out; the scheduler says so and removes it."""
    found = _of(session, chat)
    return found if found and found.expires_at > now else None


def set_step(
    session: Session, chat: Address, step: str, data: dict[str, Any], language: str, expires_at: datetime
) -> Conversation:
    """Put the chat at a step; what it was at before is forgotten."""
    found = _of(session, chat)
    if found is None:
        found = Conversation(channel=chat.channel, chat=chat.chat)
        session.add(found)
    found.step, found.data, found.language, found.expires_at = step, data, language, expires_at
    session.flush()
    return found


def end(session: Session, conversation: Conversation) -> None:
    """Forget the conversation."""
    session.delete(conversation)
    session.flush()


def run_out(session: Session, now: datetime, most: int) -> Sequence[Conversation]:
    """Conversations that were left for too long."""
    statement = select(Conversation).where(Conversation.expires_at <= now).order_by(Conversation.id).limit(most)
    return session.scalars(statement.with_for_update(skip_locked=True)).all()


def _of(session: Session, chat: Address) -> Conversation | None:
    known = ahead(session)
    if known and chat in known.conversations:
        return known.conversations[chat]
    statement = select(Conversation).where(Conversation.channel == chat.channel, Conversation.chat == chat.chat)
    return session.scalar(statement)
