"""What the clock does to keep the tables small and the conversations honest."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.messages import Address
from bot.setup import Setup
from bot.speech import say
from bot.storage import attachments, conversations, evidence, reviews, snoozes
from bot.storage.models import (
    Attachment,
    Download,
    InboxRow,
    InboxState,
    OutboxRow,
    OutboxState,
    StoredFile,
    WantedFile,
)

AT_ONCE = 200
# Telegram repeats an update for at most 24 hours; the row is what makes a repeat harmless.
KEEP_HANDLED = timedelta(days=3)
KEEP_SENT = timedelta(days=7)
ANSWER_WITHIN = timedelta(days=7)
# Whoever could not be reached for so long hears of what is open by its own steps.
KEEP_PUT_OFF = timedelta(days=30)


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
    """Forget what was handled and sent some days ago, and the files that were sent and are not behind a link."""
    handled = delete(InboxRow).where(InboxRow.state == InboxState.DONE, InboxRow.handled_at < now - KEEP_HANDLED)
    open_states = (OutboxState.WAITING, OutboxState.SENDING)
    sent = delete(OutboxRow).where(OutboxRow.state.not_in(open_states), OutboxRow.settled_at < now - KEEP_SENT)
    needed = select(OutboxRow.file_id).where(OutboxRow.file_id.is_not(None))
    linked = select(Download.file_id).where(Download.expires_at > now)
    attachments.let_go(session, now - KEEP_SENT)
    attached = select(Attachment.file_id).where(Attachment.file_id.is_not(None))
    files = delete(StoredFile).where(
        StoredFile.id.not_in(needed), StoredFile.id.not_in(linked), StoredFile.id.not_in(attached)
    )
    pictures = delete(WantedFile).where(WantedFile.wanted_at < now - KEEP_SENT)
    for statement in (handled, sent, files, pictures):
        session.execute(statement)
    return 0


def bring_back_asked(session: Session, _setup: Setup, now: datetime) -> int:
    """Put cases back into the queue whose author did not answer within a week; how many."""
    return reviews.bring_back_asked(session, now - ANSWER_WITHIN, now)


def forget_texts(session: Session, setup: Setup, now: datetime) -> int:
    """Delete pasted texts, screenshots and reviewers' correspondence after the campaign's period; how many posts.

    Hash, tag and evidence stay. What is still to be decided stays whole until it is.
    """
    campaign = setup.campaign
    forgotten = evidence.forget_texts(session, campaign.code, now - timedelta(days=campaign.keep_texts_days), AT_ONCE)
    window = now - timedelta(days=campaign.review.similar_days)
    return forgotten + evidence.forget_sketches(session, window, AT_ONCE)


def forget_snoozes(session: Session, _setup: Setup, now: datetime) -> int:
    """Delete what people put off and need not hear of any more: it is settled, or was to come back long ago."""
    return snoozes.forget(session, now, now - KEEP_PUT_OFF, AT_ONCE)
