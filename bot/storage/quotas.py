"""How much of a channel's quota is used: counted a row a day, in the transaction that it happens in."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from bot.domain.quota import Quota, Usage
from bot.messages import Priority
from bot.storage.models import ChannelQuota, OutboxRow, OutboxState
from bot.storage.queues import is_open
from bot.storage.upserts import dialect_of, insert_into


def count(session: Session, channel: str, day: date, *, sent: int = 0, received: int = 0) -> None:
    """Add to the channel's day."""
    row = insert_into(dialect_of(session), ChannelQuota).values(channel=channel, day=day, sent=sent, received=received)
    more = {"sent": ChannelQuota.sent + sent, "received": ChannelQuota.received + received}
    session.execute(row.on_conflict_do_update(index_elements=["channel", "day"], set_=more))


def refuse(session: Session, channel: str, day: date) -> None:
    """The messenger let no more through on this day."""
    count(session, channel, day)
    session.execute(update(ChannelQuota).where(*_at(channel, day)).values(refused=True))


def usage(session: Session, channel: str, quota: Quota, now: datetime) -> Usage:
    """What is used up to now."""
    day = quota.day_of(now)
    both = ChannelQuota.sent + ChannelQuota.received
    month = select(func.coalesce(func.sum(both), 0)).where(*_month(channel, day))
    today = session.execute(select(both, ChannelQuota.refused).where(*_at(channel, day))).one_or_none()
    used, refused = today if today else (0, False)
    return Usage(quota, used, session.scalar(month) or 0, refused)


def held(session: Session, channel: str, now: datetime) -> int:
    """How many messages that are no answers are due and wait."""
    waits = is_open(OutboxRow.state), OutboxRow.state == OutboxState.WAITING, OutboxRow.not_before <= now
    which = OutboxRow.channel == channel, OutboxRow.priority != Priority.REPLY, *waits
    return session.scalar(select(func.count()).select_from(OutboxRow).where(*which)) or 0


def told(session: Session, channel: str, quota: Quota, now: datetime) -> frozenset[str]:
    """What the operators have been told: of the month since its first day, of the rest today."""
    day = quota.day_of(now)
    rows = session.execute(select(ChannelQuota.day, ChannelQuota.told).where(*_month(channel, day)))
    return frozenset(word for at, words in rows for word in words.split() if word == "month" or at == day)


def note_told(session: Session, channel: str, quota: Quota, now: datetime, words: Collection[str]) -> None:
    """Remember what the operators have been told today."""
    count(session, channel, quota.day_of(now))
    row = session.get_one(ChannelQuota, (channel, quota.day_of(now)))
    row.told = " ".join(sorted({*row.told.split(), *words}))
    session.flush()


def _at(channel: str, day: date) -> tuple[ColumnElement[bool], ...]:
    return ChannelQuota.channel == channel, ChannelQuota.day == day


def _month(channel: str, day: date) -> tuple[ColumnElement[bool], ...]:
    return ChannelQuota.channel == channel, ChannelQuota.day >= day.replace(day=1), ChannelQuota.day <= day
