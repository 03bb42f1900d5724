"""The operators see how much of a messenger's quota is used, and hear in time that it runs out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot.domain.quota import HOLD_AT, WARN_AT, Quota, Usage
from bot.setup import Setup
from bot.speech import say
from bot.storage import operators, quotas

log = structlog.get_logger()

SHARES: dict[str, Any] = {"warn": round(100 * WARN_AT), "hold": round(100 * HOLD_AT)}
"""The percentages that the texts name."""


def seen(session: Session, setup: Setup, now: datetime) -> Sequence[dict[str, Any]]:
    """By messenger, as operate/_quota.html shows it: what is used, None where nothing limits it, and what is held."""
    return [
        {
            "channel": channel.title(),
            "used": quotas.usage(session, channel, setup.quotas[channel], now) if channel in setup.quotas else None,
            "held": quotas.held(session, channel, now),
        }
        for channel in sorted(setup.bots)
    ]


def tell_of_quotas(session: Session, setup: Setup, now: datetime) -> int:
    """Tell the log and the operators of quotas that are nearly or wholly used, each once; how many."""
    return sum(_tell(session, setup, channel, quota, now) for channel, quota in setup.quotas.items())


def _tell(session: Session, setup: Setup, channel: str, quota: Quota, now: datetime) -> int:
    used = quotas.usage(session, channel, quota, now)
    news = _news(used) - quotas.told(session, channel, quota, now)
    if not news:
        return 0
    log.warning("the messenger's quota runs out", channel=channel, today=used.today, month=used.month)
    values: dict[str, Any] = {"channel": channel.title(), "used": used, "hold": SHARES["hold"]}
    for each in operators.all_of_them(session):
        say(session, setup, operators.address(each), "vi", "operate/quota", now, **values)
    quotas.note_told(session, channel, quota, now, news)
    return 1


def _news(used: Usage) -> frozenset[str]:
    shares = {"day": used.day_share >= WARN_AT, "month": used.month_share >= WARN_AT, "refused": used.refused}
    return frozenset(word for word, reached in shares.items() if reached)
