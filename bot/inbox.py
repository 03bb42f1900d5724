"""The inbox: every update is kept once, then handled once, oldest first within a chat.

`receive` runs before the messenger is told that an update arrived; `handle_next` handles waiting updates so that what
one changes, what it says and the fact that it is done become true together or not at all: those of many chats in one
savepoint, and if one of them fails, each in its own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import structlog
from sqlalchemy import Select, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import ReturningInsert

from bot import metrics, watchdog
from bot.logs import failure
from bot.messages import RawUpdate
from bot.storage.models import InboxRow, InboxState
from bot.storage.queues import is_waiting
from bot.storage.trouble import is_trouble
from bot.storage.upserts import dialect_of, insert_into

log = structlog.get_logger()

# A failing update holds up its own chat only; a passing fault (a lock, a race for one key) is over within seconds.
RETRY_AFTER = (timedelta(0), timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30))
AS_MANY_AS_A_HANG = 3  # a try that hung counts like so many that only failed
IN_HAND = "in hand"
HUNG = "handling it hung more than once"
BATCH = 50  # sharing a commit pays up to here; more would keep finished sends waiting to be recorded

Handle = Callable[[Session, Sequence[RawUpdate], datetime], None]
GiveUp = Callable[[Session, RawUpdate, datetime], None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that waits to be handled, and how often that was tried."""

    id: int
    attempts: int
    update: RawUpdate


def receive(session: Session, updates: Iterable[RawUpdate], now: datetime) -> int:
    """Keep the updates that are not known yet; how many were new. A repeat is harmless."""
    return _keep(session, [{**_row(each, now), "payload": each.payload} for each in updates])


def leave(session: Session, updates: Iterable[RawUpdate], now: datetime) -> int:
    """Note updates that are not handled, without what they say: their sender was told. How many were new."""
    settled = {"payload": None, "state": InboxState.DONE, "handled_at": now}
    return _keep(session, [{**_row(each, now), **settled} for each in updates])


def _row(update: RawUpdate, now: datetime) -> dict[str, Any]:
    return {
        "channel": update.channel,
        "update_id": update.id,
        "chat": update.chat,
        "state": InboxState.WAITING,
        "attempts": 0,
        "not_before": now,
        "received_at": now,
    }


def _keep(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    if not rows:
        return 0
    return len(session.connection().execute(_keep_statement(dialect_of(session)), rows).all())


@cache
def _keep_statement(dialect: str) -> ReturningInsert[int]:
    row = insert_into(dialect, InboxRow).on_conflict_do_nothing(index_elements=["channel", "update_id"])
    return row.returning(InboxRow.id)


def handle_next(session: Session, handle: Handle, give_up: GiveUp, now: datetime) -> int:
    """Handle waiting updates of different chats in this transaction; how many were tried.

    `give_up` speaks to the sender of an update that failed for the last time.
    """
    waiting = _waiting(session, NEXT_OF_EACH_CHAT, now)
    if waiting:
        metrics.TOGETHER.observe(len(waiting))
    fresh = len(waiting) > 1 and not any(each.attempts for each in waiting)
    if fresh and _went_together(session, waiting, handle, now):
        return len(waiting)
    for each in waiting:
        _handle_one(session, each, handle, give_up, now)
    return len(waiting)


def handle_at_once(session: Session, handle: Handle, give_up: GiveUp, now: datetime) -> int:
    """The same for what has just come, without a savepoint, which is a tenth of what a command costs.

    If one of them fails, so does the caller's transaction, and `handle_next` has to find out which.
    """
    waiting = _waiting(session, NEXT_OF_EACH_CHAT, now)
    if any(each.attempts for each in waiting):
        for each in waiting:
            _handle_one(session, each, handle, give_up, now)
    elif waiting:
        metrics.TOGETHER.observe(len(waiting))
        _handle_all(session, waiting, handle, now)
    return len(waiting)


def newest(session: Session) -> int:
    """The id of the update that was kept last; 0 if there never was one."""
    return session.scalar(select(func.max(InboxRow.id))) or 0


def note_try(session: Session, up_to: int, begun: datetime, give_up: GiveUp, now: datetime) -> int | None:
    """Choose the next waiting update up to this id, and note that it is tried, to be committed before it is.

    For what waited when the process started: it may be what the last one hung on. If it was noted before this one had
    `begun`, and so long ago, that counts, and what hangs again and again is given up. None if nothing more is due.
    """
    hangs_after = timedelta(seconds=watchdog.HANGS_AFTER)
    for each in _waiting(session, NEXT_OF_EACH_CHAT.where(InboxRow.id <= up_to), now):
        row = session.get_one(InboxRow, each.id)
        if row.error == IN_HAND and row.not_before < begun and now - row.not_before >= hangs_after:
            row.attempts += AS_MANY_AS_A_HANG
        if row.attempts <= len(RETRY_AFTER):
            row.error, row.not_before = IN_HAND, now
            return row.id
        _bury(session, replace(each, attempts=row.attempts), give_up, now, HUNG)
    return None


def handle_noted(session: Session, row_id: int, handle: Handle, give_up: GiveUp, now: datetime) -> None:
    """Handle an update alone whose try was noted."""
    still_there = select(*_COLUMNS).where(InboxRow.id == row_id, InboxRow.state == InboxState.WAITING)
    for each in _waiting(session, still_there.with_for_update(skip_locked=True), now):
        session.execute(update(InboxRow).where(InboxRow.id == row_id).values(error=None))
        _handle_one(session, each, handle, give_up, now)


_COLUMNS = (InboxRow.id, InboxRow.attempts, InboxRow.channel, InboxRow.update_id, InboxRow.chat, InboxRow.payload)


def _next_statement() -> Select[int, int, str, str, str, str | None]:
    earlier = aliased(InboxRow)
    blocked = exists().where(
        earlier.channel == InboxRow.channel,
        earlier.chat == InboxRow.chat,
        earlier.id < InboxRow.id,
        is_waiting(earlier.state),
    )
    # No wait is longer than the last: what would have to wait longer was written before the clock went back.
    due = or_(InboxRow.not_before <= bindparam("now"), InboxRow.not_before > bindparam("longest"))
    return (
        select(*_COLUMNS)
        .where(is_waiting(InboxRow.state), due, ~blocked)
        .order_by(InboxRow.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


# Built once: they run for every update, and building them costs more than running them.
NEXT_OF_EACH_CHAT = _next_statement()
SETTLE = (
    update(InboxRow)
    .where(InboxRow.id.in_(bindparam("ids", expanding=True)))
    .values(state=bindparam("to"), handled_at=bindparam("now"))
)
DONE = SETTLE.values(payload=None)


def _waiting(
    session: Session, statement: Select[int, int, str, str, str, str | None], now: datetime
) -> Sequence[Waiting]:
    found = session.connection().execute(statement, {"now": now, "longest": now + RETRY_AFTER[-1]})
    return [
        Waiting(row_id, attempts, RawUpdate(channel, update_id, chat, payload or "{}"))
        for row_id, attempts, channel, update_id, chat, payload in found
    ]


def _went_together(session: Session, waiting: Sequence[Waiting], handle: Handle, now: datetime) -> bool:
    """Handle all in one savepoint, which costs a tenth of one each; False, with nothing done, if one of them fails."""
    try:
        with session.begin_nested():
            _handle_all(session, waiting, handle, now)
    except Exception as error:
        if is_trouble(error):
            raise
        log.warning("updates failed together, will be handled one by one", error=failure(error), updates=len(waiting))
        return False
    return True


def _handle_all(session: Session, waiting: Sequence[Waiting], handle: Handle, now: datetime) -> None:
    first, *more = (each.update for each in waiting)
    with structlog.contextvars.bound_contextvars(**({} if more else _about(first))):
        handle(session, [first, *more], now)
        _settle(session, [each.id for each in waiting], InboxState.DONE, now)
        log.info("updates handled" if more else "update handled", updates=len(waiting))


def _about(update: RawUpdate) -> dict[str, str]:
    return {"update": update.id, "chat": update.chat, "channel": update.channel}


def _handle_one(session: Session, waiting: Waiting, handle: Handle, give_up: GiveUp, now: datetime) -> None:
    with structlog.contextvars.bound_contextvars(**_about(waiting.update)):
        try:
            with session.begin_nested():
                handle(session, [waiting.update], now)
        except Exception as error:
            if is_trouble(error):
                raise  # not this update's fault: all of this transaction is tried again
            _failed(session, waiting, give_up, now, error)
        else:
            _settle(session, [waiting.id], InboxState.DONE, now)
            log.info("update handled")


def _failed(session: Session, waiting: Waiting, give_up: GiveUp, now: datetime, error: Exception) -> None:
    attempts = waiting.attempts + 1
    if attempts > len(RETRY_AFTER):
        _bury(session, replace(waiting, attempts=attempts), give_up, now, failure(error))
        return
    log.warning("update failed, will be tried again", error=failure(error), attempt=attempts)
    metrics.HANDLED.labels("retried").inc()
    again_at = now + RETRY_AFTER[attempts - 1]
    statement = update(InboxRow).where(InboxRow.id == waiting.id)
    session.execute(statement.values(attempts=attempts, not_before=again_at, error=failure(error)))


def _bury(session: Session, waiting: Waiting, give_up: GiveUp, now: datetime, reason: str) -> None:
    log.error("update given up: please look into it", error=reason, attempt=waiting.attempts)
    _settle(session, [waiting.id], InboxState.DEAD, now, attempts=waiting.attempts, error=reason)
    try:
        with session.begin_nested():
            give_up(session, waiting.update, now)
    except Exception as second:
        log.error("could not tell the sender", error=failure(second))


def _settle(session: Session, ids: Sequence[int], state: InboxState, now: datetime, **values: object) -> None:
    statement = SETTLE.values(**values) if values else DONE
    session.connection().execute(statement, {"ids": ids, "to": state, "now": now})
    metrics.HANDLED.labels(state.value).inc(len(ids))
