"""The inbox: every update is kept once, then handled once, oldest first within a chat.

`receive` runs before the messenger is told that an update arrived; `handle_next` runs each update in a savepoint, so
that what it changes, what it says and the fact that it is done become true together or not at all.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, bindparam, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from bot.logs import failure
from bot.messages import RawUpdate
from bot.storage.models import InboxRow, InboxState

log = structlog.get_logger()

# A failing update holds up its own chat only; a passing fault (a lock, a race for one key) is over within seconds.
RETRY_AFTER = (timedelta(0), timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30))
BATCH = 10  # sharing a commit pays up to here; more would keep finished sends waiting to be recorded

Handle = Callable[[Session, RawUpdate, datetime], None]


def receive(session: Session, updates: Iterable[RawUpdate], now: datetime) -> int:
    """Keep the updates that are not known yet; how many were new. A repeat is harmless."""
    rows = [
        {
            "channel": each.channel,
            "update_id": each.id,
            "chat": each.chat,
            "payload": each.payload,
            "state": InboxState.WAITING,
            "attempts": 0,
            "not_before": now,
            "received_at": now,
        }
        for each in updates
    ]
    if not rows:
        return 0
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(InboxRow).on_conflict_do_nothing(index_elements=["channel", "update_id"])
    return len(session.scalars(statement.returning(InboxRow.id), rows).all())


def handle_next(session: Session, handle: Handle, give_up: Handle, now: datetime) -> int:
    """Handle waiting updates of different chats in this transaction; how many were tried.

    `give_up` speaks to the sender of an update that failed for the last time.
    """
    rows = session.scalars(NEXT_OF_EACH_CHAT, {"now": now}).all()
    for row in rows:
        _handle_one(session, row, handle, give_up, now)
    return len(rows)


def _next_statement() -> Select[InboxRow]:
    earlier = aliased(InboxRow)
    blocked = exists().where(
        earlier.channel == InboxRow.channel,
        earlier.chat == InboxRow.chat,
        earlier.id < InboxRow.id,
        earlier.state == InboxState.WAITING,
    )
    return (
        select(InboxRow)
        .where(InboxRow.state == InboxState.WAITING, InboxRow.not_before <= bindparam("now"), ~blocked)
        .order_by(InboxRow.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


# Built once: it runs for every update, and building it costs more than running it.
NEXT_OF_EACH_CHAT = _next_statement()


def _handle_one(session: Session, row: InboxRow, handle: Handle, give_up: Handle, now: datetime) -> None:
    raw = RawUpdate(row.channel, row.update_id, row.chat, row.payload or "{}")
    with structlog.contextvars.bound_contextvars(update=row.update_id, chat=row.chat, channel=row.channel):
        try:
            with session.begin_nested():
                handle(session, raw, now)
        except Exception as error:
            _failed(session, row, raw, give_up, now, error)
        else:
            _settle(session, row.id, InboxState.DONE, now, payload=None)
            log.info("update handled")


def _failed(session: Session, row: InboxRow, raw: RawUpdate, give_up: Handle, now: datetime, error: Exception) -> None:
    attempts = row.attempts + 1
    if attempts <= len(RETRY_AFTER):
        log.warning("update failed, will be tried again", error=failure(error), attempt=attempts)
        session.execute(
            update(InboxRow)
            .where(InboxRow.id == row.id)
            .values(attempts=attempts, not_before=now + RETRY_AFTER[attempts - 1], error=failure(error))
        )
        return
    log.error("update given up: please look into it", error=failure(error), attempt=attempts)
    _settle(session, row.id, InboxState.DEAD, now, attempts=attempts, error=failure(error))
    try:
        with session.begin_nested():
            give_up(session, raw, now)
    except Exception as second:
        log.error("could not tell the sender", error=failure(second))


def _settle(session: Session, row_id: int, state: InboxState, now: datetime, **values: object) -> None:
    statement = update(InboxRow).where(InboxRow.id == row_id)
    session.execute(statement.values(state=state, handled_at=now, **values))
