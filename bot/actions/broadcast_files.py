"""What is attached to broadcasts and to answers: by its reference where it came from, as a copy on other messengers."""

from datetime import datetime
from typing import TypedDict

from sqlalchemy.orm import Session

from bot.messages import Attached, Document, FileKind
from bot.setup import Setup
from bot.storage import attachments
from bot.storage.models import Attachment, Broadcast, Recipient


class Carried(TypedDict, total=False):
    """How a message carries what is attached: the fields of `Outgoing`."""

    picture: str
    document: str
    file: Attached


def attach(
    session: Session,
    setup: Setup,
    broadcast: Broadcast,
    channel: str,
    picture: str | None,
    document: Document | None,
    now: datetime,
) -> None:
    """What came with a draft's words is attached to it, in place of what was; nothing, if there is neither."""
    attachments.forget_of_broadcast(session, broadcast.id)
    broadcast.picture, broadcast.document = picture, document.reference if document else None
    if picture or document:
        session.add(_new(setup, channel, picture, document, now, broadcast_id=broadcast.id))
    session.flush()


def attach_same(session: Session, setup: Setup, broadcast: Broadcast, before: Broadcast, now: datetime) -> None:
    """What an earlier broadcast carried is attached to a draft."""
    broadcast.picture, broadcast.document = before.picture, before.document
    found = attachments.of_broadcast(session, before.id)
    if found:
        known = {"kind": found.kind, "name": found.name, "channel": found.channel, "reference": found.reference}
        same = Attachment(broadcast_id=broadcast.id, file_id=found.file_id, wanted_at=now, **known)
        same.settled_at = now if found.file_id or not _needs_copy(setup, found.channel) else None
        session.add(same)
    session.flush()


def want_again(session: Session, setup: Setup, broadcast: Broadcast, now: datetime) -> None:
    """A draft that lay for long is sent: what is attached may have to be fetched once more."""
    found = attachments.of_broadcast(session, broadcast.id)
    if found and found.settled_at and not found.file_id and _needs_copy(setup, found.channel):
        found.settled_at, found.fault, found.wanted_at = None, None, now
        session.flush()


def carried(setup: Setup, found: Attachment | None, channel: str) -> Carried:
    """How a message on this channel carries it; empty if it cannot, or there is nothing."""
    if found is None:
        return {}
    own = found.channel == channel
    if found.file_id and not (own and setup.can(channel).photos == "upload"):
        return {"file": Attached(found.file_id, found.name, FileKind(found.kind))}
    if own:
        return {"picture": found.reference} if found.kind == FileKind.PHOTO else {"document": found.reference}
    return {}


def is_awaited(setup: Setup, found: Attachment | None, channel: str) -> bool:
    """Whether a message on this channel had better wait until the copy is there."""
    own = found is not None and found.channel == channel and setup.can(channel).photos == "upload"
    return found is not None and found.settled_at is None and not own


def copy_answer(
    session: Session,
    setup: Setup,
    answered: Recipient,
    channel: str,
    picture: str | None,
    document: Document | None,
    now: datetime,
) -> None:
    """Fetch what came with an answer, to be said on other messengers."""
    row = _new(setup, channel, picture, document, now, recipient_id=answered.id)
    row.settled_at = None
    session.add(row)
    session.flush()


def _new(
    setup: Setup,
    channel: str,
    picture: str | None,
    document: Document | None,
    now: datetime,
    *,
    broadcast_id: int | None = None,
    recipient_id: int | None = None,
) -> Attachment:
    row = Attachment(broadcast_id=broadcast_id, recipient_id=recipient_id, channel=channel, wanted_at=now)
    row.kind = FileKind.PHOTO if picture else FileKind.DOCUMENT
    row.name = (document.name if document else "") or ("anh.jpg" if picture else "tep")
    row.reference = picture or (document.reference if document else "")
    row.settled_at = None if _needs_copy(setup, channel) else now
    return row


def _needs_copy(setup: Setup, channel: str) -> bool:
    """Whether somebody is told on another messenger, or what lies on this one does not last."""
    return any(other != channel for other in setup.bots) or setup.can(channel).photos == "link"
