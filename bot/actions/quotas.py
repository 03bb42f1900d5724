"""The operators hear in time that a messenger's quota runs out."""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot.domain.quota import HOLD_AT, WARN_AT, Quota, Usage
from bot.setup import Setup
from bot.speech import say
from bot.storage import operators, quotas

log = structlog.get_logger()


def tell_of_quotas(session: Session, setup: Setup, now: datetime) -> int:
    """Tell the log and the operators of quotas that are nearly or wholly used, each once; how many."""
    return sum(_tell(session, setup, channel, quota, now) for channel, quota in setup.quotas.items())


def _tell(session: Session, setup: Setup, channel: str, quota: Quota, now: datetime) -> int:
    used = quotas.usage(session, channel, quota, now)
    news = _news(used) - quotas.told(session, channel, quota, now)
    if not news:
        return 0
    log.warning("the messenger's quota runs out", channel=channel, today=used.today, month=used.month)
    values: dict[str, Any] = {"channel": channel.title(), "used": used, "hold": round(100 * HOLD_AT)}
    for each in operators.all_of_them(session):
        say(session, setup, operators.address(each), "vi", "operate/quota", now, **values)
    quotas.note_told(session, channel, quota, now, news)
    return 1


def _news(used: Usage) -> frozenset[str]:
    shares = {"day": used.day_share >= WARN_AT, "month": used.month_share >= WARN_AT, "refused": used.refused}
    return frozenset(word for word, reached in shares.items() if reached)
