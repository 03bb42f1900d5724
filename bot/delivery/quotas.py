"""What delivery does about a channel's quota: count what went out, and keep the rest of it for answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from bot.channels.base import InDoubt, OverQuota
from bot.delivery.claims import Outcome
from bot.domain.quota import Quota
from bot.storage import quotas

log = structlog.get_logger()


def note(session: Session, outcomes: Sequence[Outcome], limits: Mapping[str, Quota], now: datetime) -> None:
    """Count what was sent, and what may have been."""
    limited = [outcome for outcome in outcomes if outcome.parcel.to.channel in limits]
    went = Counter(each.parcel.to.channel for each in limited if each.message is not None or _in_doubt(each))
    for channel, sent in went.items():
        quotas.count(session, channel, limits[channel].day_of(now), sent=sent)
    for channel in {each.parcel.to.channel for each in limited if isinstance(each.error, OverQuota)}:
        quotas.refuse(session, channel, limits[channel].day_of(now))
        log.error("the messenger's quota is used up: nothing goes out there", channel=channel)


def for_answers_only(session: Session, limits: Mapping[str, Quota], now: datetime) -> frozenset[str]:
    """The channels on which so little is left that nothing but answers goes out."""
    return frozenset(name for name, quota in limits.items() if quotas.usage(session, name, quota, now).is_tight)


def _in_doubt(outcome: Outcome) -> bool:
    return isinstance(outcome.error, InDoubt)
