"""Links to files, for messengers that carry none. Only the hash of a link's token is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages import Address
from bot.storage import installation
from bot.storage.models import Download, DownloadKind

PUBLIC_URL = "public_url"
"""The key under which the installation keeps the address, without a slash at the end, that the paths hang on."""
PATHS = {DownloadKind.PAGE: "/tep/", DownloadKind.PICTURE: "/anh/"}
# A picture has to be there until the messenger fetched it: it may wait in the outbox, and be tried again for an hour.
LASTS = {DownloadKind.PAGE: timedelta(hours=24), DownloadKind.PICTURE: timedelta(hours=2)}
TOKEN_BYTES = 24


def keep_public_url(session: Session, address: str | None) -> None:
    """Keep the address of the bot's own pages, or that there is none."""
    if address:
        installation.keep(session, PUBLIC_URL, address)
    else:
        installation.forget(session, PUBLIC_URL)


def link(session: Session, file_id: int, to: Address, kind: DownloadKind, begins: datetime) -> str | None:
    """A new link to a stored file, which ends `LASTS` after it begins; None if the bot has no public address."""
    base = installation.value(session, PUBLIC_URL)
    if not base:
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        Download(
            token=_hash(token),
            file_id=file_id,
            channel=to.channel,
            chat=to.chat,
            kind=kind,
            expires_at=begins + LASTS[kind],
        )
    )
    session.flush()
    return base + PATHS[kind] + token


def find(session: Session, token: str, kind: DownloadKind, now: datetime) -> Download | None:
    """The download behind a link's token, unless it has run out or is of another kind."""
    which = (Download.token == _hash(token), Download.kind == kind, Download.expires_at > now)
    return session.scalar(select(Download).where(*which))


def note_use(session: Session, download: Download, now: datetime) -> None:
    """Write down when the file was first handed out."""
    if download.used_at is None:
        download.used_at = now
        session.flush()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
