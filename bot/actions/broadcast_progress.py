"""How far a broadcast is: one message in its author's chat, changed in place until the end."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import broadcast_pace, broadcasts
from bot.buttons import Row, Tap
from bot.messages import Address
from bot.setup import Setup
from bot.speech import say
from bot.storage import recipients
from bot.storage.models import Account, Broadcast, BroadcastState, OutboxRow, RecipientState
from bot.storage.queues import is_open

CELLS = 10
# An edit that waits for longer shows what is not so any more.
HELPS_FOR = timedelta(seconds=10)
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


def values(session: Session, setup: Setup, broadcast: Broadcast, now: datetime) -> dict[str, Any]:
    """What the texts say about how far it is."""
    figures = recipients.figures(session, broadcast.id)
    total = sum(count for state, count in figures.items() if state not in ("read", RecipientState.LEFT_OUT))
    left = figures.get(RecipientState.WAITING, 0) + figures.get(RecipientState.QUEUED, 0)
    tried = total - left - figures.get(RecipientState.STOPPED, 0)
    parts = broadcasts.parts_left(session, setup, broadcast, now)
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
        "bar": bar(tried, total),
        "percent": 100 * tried // total if total else 100,
        "seconds": int(broadcast_pace.lasts(parts).total_seconds()),
        "parts": parts,
        "started": setup.local(broadcast.started_at) if broadcast.started_at else None,
    }


def bar(done: int, total: int) -> str:
    """A bar of ten cells; full only when all is done."""
    full = CELLS * done // total if total else CELLS
    return "▓" * full + "░" * (CELLS - full)


def rows(broadcast: Broadcast, known: Mapping[str, Any], *, coordinator: bool) -> list[Row]:
    """What one may do about a broadcast that began, of which `values` are known."""
    at = (broadcast.id,)
    stop = Tap("broadcasts.stop", "broadcast.stop", at)
    if broadcast.state == BroadcastState.RUNNING:
        return [(Tap("broadcasts.pause", "broadcast.pause", at), stop)]
    if broadcast.state == BroadcastState.PAUSED:
        return [(Tap("broadcasts.resume", "broadcast.resume", at), stop)]
    report = [(Tap("broadcasts.report", "broadcast.report", at),)] if coordinator else []
    if not any(known[state] for state in ("failed", "in_doubt", "left_out", "stopped", "left")):
        return [*report]
    again = (Tap("broadcasts.again", "broadcast.again", at),)
    return [(Tap("broadcasts.unreached", "broadcast.unreached", (*at, 0)),), again, *report]


def _show(session: Session, setup: Setup, broadcast: Broadcast, account: Account, now: datetime) -> None:
    first = f"broadcast.progress:{broadcast.id}"
    is_over, edits = broadcast.ended_at is not None, setup.can(account.channel).edit
    if broadcast.progress is None and edits:
        broadcast.progress = session.scalar(select(OutboxRow.message).where(OutboxRow.key == first))
    known = values(session, setup, broadcast, now)
    settled = known["total"] - known["left"]
    # The same is not said twice; where nothing can be changed in place, one message says the end.
    again = broadcast.progress and edits
    key = f"{first}:{settled}:{known['read']}:{broadcast.state}:{is_over}" if again else first
    if again and _is_waiting(session, first):
        return
    say(
        session,
        setup,
        Address(account.channel, account.chat),
        account.person.language,
        "broadcasts/progress",
        now,
        rows=rows(broadcast, known, coordinator=broadcast.by.role == "coordinator"),
        edits=broadcast.progress if again else None,
        key=key,
        expires_at=now + HELPS_FOR if again and not is_over else None,
        passing=not is_over,
        **known,
    )


def _is_waiting(session: Session, prefix: str) -> bool:
    """Whether an earlier edit has not been sent yet."""
    which = (OutboxRow.key.startswith(f"{prefix}:"), is_open(OutboxRow.state))
    return session.scalar(select(OutboxRow.id).where(*which).limit(1)) is not None
