"""What one may answer in a chat without buttons."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages import Address, Option
from bot.storage.models import ChatMenu, OutboxRow, OutboxState

LASTS = timedelta(hours=24)
MOST_AT_HAND = 20
UNSEEN = (OutboxState.WAITING, OutboxState.FAILED)


def keep(
    session: Session, row: OutboxRow, options: Sequence[Option], language: str, about: str, now: datetime
) -> ChatMenu:
    """Keep the options of a message that was just queued."""
    menu = ChatMenu(
        channel=row.channel,
        chat=row.chat,
        row_id=row.id,
        language=language,
        about=about,
        options=[asdict(each) for each in options],
        put_at=now,
        expires_at=max(now, row.not_before) + LASTS,
    )
    session.add(menu)
    session.flush()
    return menu


def seen(session: Session, chat: Address) -> Sequence[ChatMenu]:
    """The menus of this chat that people can have read, newest first: nobody answers what was not sent yet."""
    statement = (
        select(ChatMenu)
        .join(OutboxRow, OutboxRow.id == ChatMenu.row_id)
        .where(ChatMenu.channel == chat.channel, ChatMenu.chat == chat.chat, OutboxRow.state.not_in(UNSEEN))
        .order_by(ChatMenu.id.desc())
        .limit(MOST_AT_HAND)
    )
    return session.scalars(statement).all()


def options_of(menu: ChatMenu) -> tuple[Option, ...]:
    """The options as they were kept."""
    return tuple(Option(**each) for each in menu.options)
