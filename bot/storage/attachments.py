"""What is attached to broadcasts and to answers, and which copies of it are still to be fetched."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.storage.models import Attachment, Broadcast
from bot.storage.models.broadcasts import ACTIVE


def of_broadcast(session: Session, broadcast_id: int) -> Attachment | None:
    """The picture or file of a broadcast."""
    return session.scalar(select(Attachment).where(Attachment.broadcast_id == broadcast_id))


def forget_of_broadcast(session: Session, broadcast_id: int) -> None:
    """Nothing is attached to it any more."""
    session.execute(delete(Attachment).where(Attachment.broadcast_id == broadcast_id))


def next_wanted(session: Session, but: Collection[int]) -> Attachment | None:
    """The oldest whose copy is wanted, none of `but`."""
    statement = select(Attachment).where(Attachment.settled_at.is_(None), Attachment.id.not_in(but))
    return session.scalar(statement.order_by(Attachment.id).limit(1))


def locked(session: Session, number: int) -> Attachment | None:
    """The attachment as it is now; nobody else changes it before the caller's transaction ends."""
    return session.get(Attachment, number, with_for_update=True, populate_existing=True)


def let_go(session: Session, before: datetime) -> None:
    """Give up the copies that were wanted before then, of broadcasts that are not on their way."""
    active = select(Broadcast.id).where(Broadcast.state.in_(ACTIVE))
    old = (Attachment.wanted_at < before, Attachment.settled_at.is_not(None), Attachment.broadcast_id.not_in(active))
    session.execute(update(Attachment).where(*old).values(file_id=None).execution_options(synchronize_session=False))
