"""Small facts about this installation that outlive a restart."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.models import Installation


def signing_key(session: Session) -> bytes:
    """The key that signs buttons; made at the first start."""
    value = session.scalar(select(Installation.value).where(Installation.key == "signing_key"))
    if value is None:
        value = secrets.token_hex(32)
        session.add(Installation(key="signing_key", value=value))
        session.flush()
    return bytes.fromhex(value)
