"""Small facts about this installation that outlive a restart."""

import secrets

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.storage.models import Installation


def value(session: Session, key: str) -> str | None:
    """What is kept under a key."""
    return session.scalar(select(Installation.value).where(Installation.key == key))


def keep(session: Session, key: str, text: str) -> None:
    """Keep a text under a key, in place of the one before."""
    session.merge(Installation(key=key, value=text))
    session.flush()


def forget(session: Session, key: str) -> None:
    """Keep nothing under a key any more."""
    session.execute(delete(Installation).where(Installation.key == key))


def signing_key(session: Session) -> bytes:
    """The key that signs buttons; made at the first start."""
    known = value(session, "signing_key")
    if known is None:
        known = secrets.token_hex(32)
        keep(session, "signing_key", known)
    return bytes.fromhex(known)
