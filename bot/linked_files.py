"""A file that a channel cannot carry becomes a link to it; bot/storage/downloads.py keeps the links."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.channels.capabilities import Capabilities
from bot.messages import Address, Attached, FileKind, Outgoing
from bot.storage import downloads
from bot.storage.models import DownloadKind, StoredFile
from bot.texts import render

KILOBYTE = 1024


def with_links(
    session: Session, to: Address, message: Outgoing, capabilities: Capabilities, goes_at: datetime
) -> Outgoing:
    """The same message without what the channel cannot carry; a picture becomes its link, a document words with one."""
    if not capabilities.documents:
        message = replace(message, document=None)
    file = message.file
    if file is None:
        return message
    if file.kind is FileKind.PHOTO and capabilities.photos == "link":
        url = downloads.link(session, file.id, to, DownloadKind.PICTURE, goes_at)
        if url:
            return replace(message, file=None, picture=url)
        return _with_words(message, render("files/no_link", message.language, name=file.name))
    if file.kind is FileKind.DOCUMENT and not capabilities.documents:
        url = downloads.link(session, file.id, to, DownloadKind.PAGE, goes_at)
        words = _words(session, message.language, file, url) if url else None
        return _with_words(message, words or render("files/no_link", message.language, name=file.name))
    return message


def _with_words(message: Outgoing, words: str) -> Outgoing:
    return replace(message, file=None, text=f"{message.text}\n\n{words}".strip())


def _words(session: Session, language: str, file: Attached, url: str) -> str:
    size = session.scalar(select(func.length(StoredFile.content)).where(StoredFile.id == file.id)) or 0
    hours = downloads.LASTS[DownloadKind.PAGE].total_seconds() / 3600
    values = {"name": file.name, "size": -(-size // KILOBYTE), "hours": round(hours), "url": url}
    return render("files/link", language, **values)
