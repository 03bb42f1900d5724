"""What one may answer in a chat without buttons."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.messages import Address, Option
from bot.storage.models import ChatMenu, OutboxRow, OutboxState

LASTS = timedelta(hours=24)
MOST_AT_HAND = 20
UNSEEN = (OutboxState.WAITING, OutboxState.FAILED)


class Menu(NamedTuple):
    """The options of a message that was just queued: the row that shows them, and how the message begins."""

    row_id: int
    to: Address
    options: Sequence[Option]
    language: str
    about: str


def keep(session: Session, found: Sequence[Menu], now: datetime, goes_at: datetime) -> None:
    """Keep the options of messages that do not go before `goes_at`."""
    rows = [
        {
            "channel": each.to.channel,
            "chat": each.to.chat,
            "row_id": each.row_id,
            "language": each.language,
            "about": each.about,
            "options": [asdict(option) for option in each.options],
            "put_at": now,
            "expires_at": max(now, goes_at) + LASTS,
        }
        for each in found
    ]
    if rows:
        session.execute(insert(ChatMenu), rows)


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
