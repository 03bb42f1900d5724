"""What the clock does to keep the tables small and the conversations honest."""

from datetime import datetime, timedelta

from sqlalchemy import delete
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
    """Forget what was handled and sent some days ago, with the files that went along; how many rows."""
    handled = delete(InboxRow).where(InboxRow.state == InboxState.DONE, InboxRow.handled_at < now - KEEP_HANDLED)
    open_states = (OutboxState.WAITING, OutboxState.SENDING)
    sent = delete(OutboxRow).where(OutboxRow.state.not_in(open_states), OutboxRow.settled_at < now - KEEP_SENT)
    still_needed = OutboxRow.__table__.select().with_only_columns(OutboxRow.file_id)
    files = delete(StoredFile).where(
        StoredFile.created_at < now - timedelta(days=1),
        StoredFile.id.not_in(still_needed.where(OutboxRow.file_id.is_not(None), OutboxRow.state.in_(open_states))),
    )
    for statement in (handled, sent, files):
        session.execute(statement)
    return 0
