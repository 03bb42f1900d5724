"""How far a broadcast is: one message in its author's chat, changed in place; a word when it is over."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.actions import broadcast_running, broadcasts
from bot.buttons import Row, Tap
from bot.messages import Address
from bot.setup import Setup
from bot.speech import say, say_to_account
from bot.storage import recipients
from bot.storage.models import Account, Broadcast, BroadcastState, OutboxRow, RecipientState

CELLS = 10
# An edit that waits for longer shows what is not so any more.
HELPS_FOR = timedelta(seconds=10)
# Whoever looks at the chat sees the end for himself.
WORTH_A_WORD = timedelta(minutes=1)
SHOWN_AFTER = timedelta(minutes=1)


def show(session: Session, setup: Setup, now: datetime) -> int:
    """Bring the messages up to date; nothing is ever left to do at once."""
    states = (BroadcastState.RUNNING, BroadcastState.PAUSED, BroadcastState.STOPPED, BroadcastState.DONE)
    statement = select(Broadcast).where(Broadcast.campaign == setup.campaign.code, Broadcast.state.in_(states))
    lately = Broadcast.ended_at.is_(None) | (Broadcast.ended_at > now - SHOWN_AFTER)
    for broadcast in session.scalars(statement.where(lately, Broadcast.template.is_(None))).all():
        account = broadcasts.author_account(session, broadcast)
        if account:
            _show(session, setup, broadcast, account, now)
    return 0


def values(session: Session, setup: Setup, broadcast: Broadcast) -> dict[str, Any]:
    """What the texts say about how far it is."""
    figures = recipients.figures(session, broadcast.id)
    total = sum(count for state, count in figures.items() if state not in ("read", RecipientState.LEFT_OUT))
    left = broadcast_running.left(figures)
    return {
        "number": broadcast.id,
        "state": broadcast.state,
        "total": total,
        "left": left,
        "sent": figures.get(RecipientState.SENT, 0),
        "failed": figures.get(RecipientState.FAILED, 0),
        "in_doubt": figures.get(RecipientState.IN_DOUBT, 0),
        "left_out": figures.get(RecipientState.LEFT_OUT, 0),
        "stopped": figures.get(RecipientState.STOPPED, 0),
        "read": figures["read"] if broadcast.confirm else None,
        "bar": bar(total - left, total),
        "percent": 100 * (total - left) // total if total else 100,
        "seconds": int(broadcast_running.lasts(left).total_seconds()),
        "started": setup.local(broadcast.started_at) if broadcast.started_at else None,
    }


def bar(done: int, total: int) -> str:
    """A bar of ten cells; full only when all is done."""
    full = CELLS * done // total if total else CELLS
    return "▓" * full + "░" * (CELLS - full)


def rows(broadcast: Broadcast, *, coordinator: bool) -> list[Row]:
    """What one may do about a broadcast that began."""
    at = (broadcast.id,)
    stop = Tap("broadcasts.stop", "broadcast.stop", at)
    if broadcast.state == BroadcastState.RUNNING:
        return [(Tap("broadcasts.pause", "broadcast.pause", at), stop)]
    if broadcast.state == BroadcastState.PAUSED:
        return [(Tap("broadcasts.resume", "broadcast.resume", at), stop)]
    report = [(Tap("broadcasts.report", "broadcast.report", at),)] if coordinator else []
    again = (Tap("broadcasts.again", "broadcast.again", at),)
    return [(Tap("broadcasts.unreached", "broadcast.unreached", (*at, 0)),), again, *report]


def _show(session: Session, setup: Setup, broadcast: Broadcast, account: Account, now: datetime) -> None:
    first = f"broadcast.progress:{broadcast.id}"
    if broadcast.progress is None:
        broadcast.progress = session.scalar(select(OutboxRow.message).where(OutboxRow.key == first))
    known = values(session, setup, broadcast)
    is_over = broadcast.ended_at is not None
    settled = known["total"] - known["left"]
    # The same is not said twice.
    key = f"{first}:{settled}:{known['read']}:{broadcast.state}:{is_over}" if broadcast.progress else first
    if broadcast.progress is None or not _is_waiting(session, first):
        to, language = Address(account.channel, account.chat), account.person.language
        say(
            session,
            setup,
            to,
            language,
            "broadcasts/progress",
            now,
            rows=rows(broadcast, coordinator=broadcast.by.role == "coordinator"),
            edits=broadcast.progress,
            key=key,
            expires_at=None if is_over or not broadcast.progress else now + HELPS_FOR,
            passing=not is_over,
            **known,
        )
    if is_over and broadcast.started_at and broadcast.ended_at - broadcast.started_at > WORTH_A_WORD:  # type: ignore[operator]  # it is over
        taps: list[Row] = [(Tap("broadcasts.show", "broadcast.show", (broadcast.id,)),)]
        say_to_account(session, setup, account, "broadcasts/over", now, rows=taps, key=f"{first}:over", **known)


def _is_waiting(session: Session, prefix: str) -> bool:
    """Whether an earlier edit has not been sent yet."""
    which = (OutboxRow.key.startswith(f"{prefix}:"), outbox.is_open(OutboxRow.state))
    return session.scalar(select(OutboxRow.id).where(*which).limit(1)) is not None
