"""For messengers without buttons and files: what one may answer, and links to files."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.models.base import Table


class ChatMenu(Table):
    """The options of a message, by which an answer is understood. It goes with the message's row in the outbox.

    `options` are those of bot.messages.Option; `about` is how the message begins, so that it can be recognised.
    """

    __tablename__ = "chat_menus"
    id: Mapped[int] = mapped_column(primary_key=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str]
    chat: Mapped[str]
    language: Mapped[str]
    about: Mapped[str]
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    put_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    __table_args__ = (Index("ix_chat_menus_chat", "channel", "chat", "id"),)


class DownloadKind(StrEnum):
    """How a link hands its file out."""

    PAGE = "page"
    PICTURE = "picture"


class Download(Table):
    """A link to a file: by a page for one person, who presses a button there, or as a picture that a messenger fetches.

    `token` is the hash of what the link holds; `opener` that of what the browser keeps in which the button was first
    pressed; `used_at` is when the file was first handed out.
    """

    __tablename__ = "downloads"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str]
    chat: Mapped[str]
    kind: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    opener: Mapped[str | None]
