"""What the clock does to keep the tables small and the conversations honest."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.messages import Address
from bot.setup import Setup
from bot.speech import say
from bot.storage import conversations
from bot.storage.models import InboxRow, InboxState, OutboxRow, OutboxState, StoredFile

AT_ONCE = 200
# Telegram repeats an update for at most 24 hours; the row is what makes a repeat harmless.
KEEP_HANDLED = timedelta(days=3)
KEEP_SENT = timedelta(days=7)


def end_left_conversations(session: Session, setup: Setup, now: datetime) -> int:
    """End conversations left for 24 hours, and say so; how many."""
    left = conversations.run_out(session, now, AT_ONCE)
    for each in left:
        subject = each.step.partition(".")[0]
        to = Address(each.channel, each.chat)
        say(session, setup, to, each.language, "register/expired", now, step=subject)
        conversations.end(session, each)
    return len(left)


def prune_queues(session: Session, _setup: Setup, now: datetime) -> int:
    """Forget what was handled and sent some days ago, and the files that were sent."""
    handled = delete(InboxRow).where(InboxRow.state == InboxState.DONE, InboxRow.handled_at < now - KEEP_HANDLED)
    open_states = (OutboxState.WAITING, OutboxState.SENDING)
    sent = delete(OutboxRow).where(OutboxRow.state.not_in(open_states), OutboxRow.settled_at < now - KEEP_SENT)
    needed = select(OutboxRow.file_id).where(OutboxRow.file_id.is_not(None))
    files = delete(StoredFile).where(StoredFile.id.not_in(needed))
    for statement in (handled, sent, files):
        session.execute(statement)
    return 0
