"""Copies of what is attached to broadcasts and answers: which are wanted, and what happens once one is there."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from bot import outbox
from bot.actions import broadcast_answers, broadcasts
from bot.copying import Due
from bot.messages import Attached, FileKind
from bot.setup import Setup
from bot.speech import say_to_account
from bot.storage import attachments
from bot.storage.models import Attachment, Broadcast, BroadcastState, Recipient
from bot.storage.models.broadcasts import ACTIVE

PNG = b"\x89PNG"
NOT_FETCHED = "not_fetched"


def next_due(session: Session, but: Collection[int]) -> Due | None:
    """The oldest file of which a copy is wanted, none of `but`."""
    found = attachments.next_wanted(session, but)
    return Due(found.id, found.channel, found.reference, found.wanted_at) if found else None


def settle(session: Session, setup: Setup, number: int, content: bytes | None, now: datetime) -> None:
    """Keep the copy, or say that there is none; what came with an answer goes on at once."""
    found = attachments.locked(session, number)
    if found is None or found.settled_at:
        return
    found.settled_at = now
    file = _keep(session, found, content, now) if content is not None else None
    found.fault = None if file else NOT_FETCHED
    if found.recipient_id:
        answered = session.get_one(Recipient, found.recipient_id)
        broadcast_answers.pass_on_copy(session, setup, answered, found.channel, file, now)
        session.delete(found)
    elif file is None:
        _tell(session, setup, session.get_one(Broadcast, found.broadcast_id), now)
    session.flush()


def _keep(session: Session, found: Attachment, content: bytes, now: datetime) -> Attached:
    if found.kind == FileKind.PHOTO:
        found.name = "anh.png" if content.startswith(PNG) else "anh.jpg"
    file = outbox.keep_file(session, found.name, content, FileKind(found.kind), now)
    found.file_id = file.id
    return file


def _tell(session: Session, setup: Setup, broadcast: Broadcast, now: datetime) -> None:
    account = broadcasts.author_account(session, broadcast)
    if account and broadcast.state in (BroadcastState.DRAFT, *ACTIVE):
        say_to_account(session, setup, account, "broadcasts/no_copy", now, number=broadcast.id)
