"""A broadcast on its way: begin, feed the outbox, collect what became of it, show how far it is, pause and stop."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot import outbox
from bot.actions import broadcast_files, broadcast_pace, broadcast_words
from bot.campaigns import quiet_hours
from bot.domain.audience import Audience
from bot.domain.handins import week_start
from bot.messages import Address, Outgoing, Priority
from bot.setup import Setup
from bot.storage import attachments, recipients
from bot.storage import broadcasts as stored
from bot.storage.broadcasts import Scope
from bot.storage.models import Broadcast, BroadcastState, RecipientState

AT_ONCE = 60
"""How many are put into the outbox in one transaction, which holds everybody else up."""
SETTLING = (BroadcastState.RUNNING, BroadcastState.PAUSED, BroadcastState.STOPPED)


def run(session: Session, setup: Setup, now: datetime) -> int:
    """Begin what is due, write down what was sent, and feed the next to the outbox; how many, if more may follow now.

    As the outbox empties there would always be room for some: they wait for the next tick.
    """
    for broadcast in stored.in_state(session, setup.campaign.code, BroadcastState.SET):
        begin_if_due(session, setup, broadcast, now)
    more = 0
    for broadcast in stored.in_state(session, setup.campaign.code, *SETTLING):
        if broadcast.ended_at is None:
            recipients.collect(session, broadcast.id, now)
            fed = feed(session, setup, broadcast, now)
            more += fed if fed >= AT_ONCE else 0
            _finish(session, broadcast, now)
    return more


def begin_if_due(session: Session, setup: Setup, broadcast: Broadcast, now: datetime) -> bool:
    """Freeze who gets it and tell the first, if its time has come and these are no quiet hours; whether it began."""
    if broadcast.starts_at is None or broadcast.starts_at > now or _is_quiet(setup, broadcast, now):
        return False
    stored.freeze(session, broadcast, Audience.of_json(broadcast.audience), scope(setup, now, broadcast.template))
    broadcast.state, broadcast.started_at = BroadcastState.RUNNING, now
    session.flush()
    feed(session, setup, broadcast, now)
    return True


def feed(session: Session, setup: Setup, broadcast: Broadcast, now: datetime) -> int:
    """Hand the next recipients to the outbox, which holds about a minute's worth of each channel; how many."""
    if broadcast.state != BroadcastState.RUNNING or _is_quiet(setup, broadcast, now):
        return 0
    fed, attached = 0, attachments.of_broadcast(session, broadcast.id)
    for channel in broadcast_pace.SLOWEST_FIRST:
        if not broadcast_files.is_awaited(setup, attached, channel):
            room = min(AT_ONCE - fed, broadcast_pace.room(session, setup, channel, now))
            fed += _feed(session, setup, broadcast, channel, room, now) if room > 0 else 0
    return fed


def _feed(session: Session, setup: Setup, broadcast: Broadcast, channel: str, most: int, now: datetime) -> int:
    batch = recipients.next_waiting(session, broadcast.id, channel, most)
    is_duty = broadcast.template is not None or Audience.of_json(broadcast.audience).is_duty
    refused = [] if is_duty else [each.id for each in batch if not each.wants_it]
    recipients.put_into(session, refused, RecipientState.LEFT_OUT, now, "opted_out")
    told = [each for each in batch if each.id not in refused]
    messages = broadcast_words.messages(session, setup, broadcast, told, now)
    put: list[tuple[str, Address, Outgoing]] = [
        (recipients.key(each.id), Address(each.channel or "", each.chat or ""), messages[each.id])
        for each in told
        if each.id in messages
    ]
    outbox.put_all(session, put, now, Priority.BROADCAST)
    recipients.put_into(session, list(messages), RecipientState.QUEUED)
    gone = [each.id for each in told if each.id not in messages]
    recipients.put_into(session, gone, RecipientState.LEFT_OUT, now, "not_needed")
    return len(batch)


def pause(session: Session, broadcast: Broadcast) -> bool:
    """Nobody else is told for now: what the outbox has not sent yet is taken back. False if it is not running."""
    if broadcast.state != BroadcastState.RUNNING:
        return False
    recipients.withdraw(session, broadcast.id)
    broadcast.state = BroadcastState.PAUSED
    session.flush()
    return True


def resume(session: Session, setup: Setup, broadcast: Broadcast, now: datetime) -> bool:
    """Go on where it was paused; False if it was not."""
    if broadcast.state != BroadcastState.PAUSED:
        return False
    broadcast.state = BroadcastState.RUNNING
    session.flush()
    feed(session, setup, broadcast, now)
    return True


def stop(session: Session, broadcast: Broadcast, now: datetime) -> bool:
    """Nobody else is told, for good; False if it is over already."""
    if broadcast.state not in (BroadcastState.RUNNING, BroadcastState.PAUSED):
        return False
    recipients.withdraw(session, broadcast.id)
    recipients.stop(session, broadcast.id, now)
    broadcast.state = BroadcastState.STOPPED
    session.flush()
    return True


def scope(setup: Setup, now: datetime, template: str | None = None) -> Scope:
    """What an audience is looked up with at a moment."""
    week = week_start(setup.local(now))
    return Scope(setup.campaign.code, week, setup.midnight(setup.today(now)), template, tuple(setup.bots))


def _is_quiet(setup: Setup, broadcast: Broadcast, now: datetime) -> bool:
    return not broadcast.urgent and quiet_hours(setup.campaign, setup.zone).covers(now)


def _finish(session: Session, broadcast: Broadcast, now: datetime) -> None:
    open_states = [RecipientState.QUEUED]
    if broadcast.state != BroadcastState.STOPPED:
        open_states.append(RecipientState.WAITING)
    if any(recipients.count(session, broadcast.id, state) for state in open_states):
        return
    if broadcast.state != BroadcastState.STOPPED:
        broadcast.state = BroadcastState.DONE
    broadcast.ended_at = now
    session.flush()
