"""The outbox: `put` is the only way to say something to anyone; bot/delivery sends what is here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from bot.channels.capabilities import capabilities_of
from bot.linked_files import with_links
from bot.messages import Address, Attached, FileKind, Outgoing, Priority
from bot.rendering import Rendered, beginning, render
from bot.storage import menus
from bot.storage.models import OutboxRow, OutboxState, StoredFile
from bot.storage.queues import is_open

# Built once: it runs for every message, and building it costs more than running it.
INSERT = insert(OutboxRow)
BODY: TypeAdapter[Outgoing] = TypeAdapter(Outgoing)


def put(
    session: Session,
    to: Address,
    message: Outgoing,
    now: datetime,
    *,
    priority: Priority = Priority.REPLY,
    key: str | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Queue a message in the caller's transaction, as its channel can say it; False if one with this `key` was before.

    It is not sent from `expires_at` on; `withdraw_expired` says which those are.
    """
    if key is not None and was_put(session, key):
        return False
    goes_at = not_before or now
    rendered = _rendered(session, to, message, goes_at)
    common = {"priority": priority, "not_before": goes_at, "expires_at": expires_at, "created_at": now}
    last = _add(session, [{**_values(to, each), **common} for each in rendered.messages], key)
    if last and rendered.options:
        menus.keep(session, [_menu(last, to, message, rendered)], now, goes_at)
    return True


def _add(session: Session, rows: Sequence[dict[str, Any]], key: str | None) -> int | None:
    """The first row has the key, the others follow it: what is known of the message, is known of its beginning.

    The last row's id. Past the session's objects, as nobody needs them here and they cost twice the time.
    """
    connection, first, last = session.connection(), None, None
    for row in rows:
        own_key = key if first is None else None
        put_as = connection.execute(INSERT, {**row, "key": own_key, "follows_id": first}).inserted_primary_key
        last = put_as[0] if put_as else None
        first = first or last
    return last


class _Ready(NamedTuple):
    key: str
    to: Address
    message: Outgoing
    rendered: Rendered


def put_all(
    session: Session,
    messages: Sequence[tuple[str, Address, Outgoing]],
    now: datetime,
    priority: Priority,
    expires_at: datetime | None = None,
) -> None:
    """Queue many messages at once, each as its channel can say it, under a key that was never used before."""
    found = (_Ready(*each, _rendered(session, each[1], each[2], now)) for each in messages)
    ready = [each for each in found if each.rendered.messages]
    _put_ready(session, ready, now, priority, expires_at)


def _put_ready(
    session: Session, ready: Sequence[_Ready], now: datetime, priority: Priority, expires_at: datetime | None
) -> None:
    common = {"priority": priority, "not_before": now, "expires_at": expires_at, "created_at": now}
    alone = [each for each in ready if len(each.rendered.messages) == 1 and not each.rendered.options]
    if alone:  # nobody asks for their numbers, which cost as much as all else
        session.connection().execute(INSERT, [{**common, **_part(each, 0), "key": each.key} for each in alone])
    ready = [each for each in ready if len(each.rendered.messages) > 1 or each.rendered.options]
    firsts = _insert(session, [{**common, **_part(each, 0), "key": each.key} for each in ready])
    lasts = list(firsts)
    for number in range(1, max((len(each.rendered.messages) for each in ready), default=0)):
        longer = [place for place, each in enumerate(ready) if len(each.rendered.messages) > number]
        rows = [{**common, **_part(ready[place], number), "follows_id": firsts[place]} for place in longer]
        for place, row_id in zip(longer, _insert(session, rows), strict=True):
            lasts[place] = row_id
    pairs = zip(lasts, ready, strict=True)
    options = [_menu(row_id, each.to, each.message, each.rendered) for row_id, each in pairs if each.rendered.options]
    menus.keep(session, options, now, now)


def _part(ready: _Ready, number: int) -> dict[str, Any]:
    return _values(ready.to, ready.rendered.messages[number])


def _rendered(session: Session, to: Address, message: Outgoing, goes_at: datetime) -> Rendered:
    capabilities = capabilities_of(to.channel)
    return render(with_links(session, to, message, capabilities, goes_at), capabilities)


def _values(to: Address, message: Outgoing) -> dict[str, Any]:
    body = BODY.dump_json(message, exclude_defaults=True).decode()
    file_id = message.file.id if message.file else None
    return {"channel": to.channel, "chat": to.chat, "body": body, "file_id": file_id}


def _menu(row_id: int, to: Address, message: Outgoing, rendered: Rendered) -> menus.Menu:
    return menus.Menu(row_id, to, rendered.options, message.language, beginning(message))


def _insert(session: Session, rows: Sequence[dict[str, Any]]) -> Sequence[int]:
    """Put the rows in; their ids in the same order."""
    if not rows:
        return ()
    return session.scalars(insert(OutboxRow).returning(OutboxRow.id, sort_by_parameter_order=True), rows).all()


def was_put(session: Session, key: str) -> bool:
    """Whether a message with this key was queued before."""
    return session.scalar(select(OutboxRow.id).where(OutboxRow.key == key)) is not None


def waiting(session: Session, priority: Priority, channel: str | None = None) -> int:
    """How many messages of this priority wait to be sent, on one channel or on all."""
    which = [is_open(OutboxRow.state), OutboxRow.state == OutboxState.WAITING, OutboxRow.priority == priority]
    if channel is not None:
        which.append(OutboxRow.channel == channel)
    return session.scalar(select(func.count()).select_from(OutboxRow).where(*which)) or 0


def withdraw_expired(session: Session, now: datetime) -> list[str]:
    """Take back what was not sent in time; the keys, which are free again."""
    late = is_open(OutboxRow.state), OutboxRow.state == OutboxState.WAITING, OutboxRow.expires_at <= now
    return [key for key in session.scalars(delete(OutboxRow).where(*late).returning(OutboxRow.key)) if key]


def keep_file(session: Session, name: str, content: bytes, kind: FileKind, now: datetime) -> Attached:
    """Store the bytes of a file that a message will carry."""
    file = StoredFile(name=name, content=content, created_at=now)
    session.add(file)
    session.flush()
    return Attached(file.id, name, kind)
