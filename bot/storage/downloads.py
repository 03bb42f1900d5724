"""Links to files, for messengers that carry none. Only hashes are kept: of a link's token, and of its opener's key."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
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
    token = secrets.token_urlsafe(TOKEN_BYTES)
    url = address(session, token, kind)
    if url is None:
        return None
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
    return url


def address(session: Session, token: str, kind: DownloadKind) -> str | None:
    """The link that holds this token, as people's browsers see it; None if the bot has no public address."""
    base = installation.value(session, PUBLIC_URL)
    return base + PATHS[kind] + token if base else None


def find(session: Session, token: str, kind: DownloadKind, now: datetime) -> Download | None:
    """The download behind a link's token, unless it has run out or is of another kind."""
    which = (Download.token == _hash(token), Download.kind == kind, Download.expires_at > now)
    return session.scalar(select(Download).where(*which))


def new_key() -> str:
    """What a browser is given to keep, by which a link that it opened knows it again."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def bind(session: Session, download: Download, key: str) -> bool:
    """Make the link that of the browser with this key, unless another was first; whether it is that one's now.

    Asked in one statement, so that of several at once exactly one gets it.
    """
    opener = _hash(key)
    free = or_(Download.opener.is_(None), Download.opener == opener)
    bound = update(Download).where(Download.id == download.id, free).values(opener=opener).returning(Download.id)
    return session.scalar(bound) is not None


def belongs_to(download: Download, key: str) -> bool:
    """Whether the browser with this key is the one that opened the link."""
    return download.opener == _hash(key)


def note_use(session: Session, download: Download, now: datetime) -> None:
    """Write down when the file was first handed out."""
    if download.used_at is None:
        download.used_at = now
        session.flush()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
