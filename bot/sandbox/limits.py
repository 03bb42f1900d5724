"""Telegram's limits: how often a bot may send, and how long things may be.

Source: Bot API, "My bot is hitting limits" (30 messages a second, one a second in a chat with short bursts,
20 a minute in a group) and the limits named at each method.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime

TEXT_MAX = 4096
CAPTION_MAX = 1024
CALLBACK_DATA_MAX = 64
COPY_TEXT_MAX = 256
TOAST_MAX = 200
PHOTO_MAX_BYTES = 10 * 1024 * 1024
UPLOAD_MAX_BYTES = 50 * 1024 * 1024
DOWNLOAD_MAX_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class Rule:
    """So many at once, then so many a second."""

    burst: float
    per_second: float

    def scaled(self, scale: float) -> "Rule":
        """The rule with `scale` times as much allowed, always at least one message."""
        return Rule(max(self.burst * scale, 1), self.per_second * scale)


BOT = Rule(burst=30, per_second=30)
CHAT = Rule(burst=3, per_second=1)
GROUP = Rule(burst=20, per_second=20 / 60)


@dataclass(frozen=True)
class Bucket:
    """What was left of a rule at a moment."""

    left: float
    at: datetime


def refill(rule: Rule, bucket: Bucket | None, now: datetime) -> Bucket:
    """The bucket as it stands now; a new one is full."""
    if bucket is None:
        return Bucket(rule.burst, now)
    gained = rule.per_second * max((now - bucket.at).total_seconds(), 0)
    return Bucket(min(rule.burst, bucket.left + gained), now)


def wait_seconds(rule: Rule, bucket: Bucket) -> int:
    """0 when one more is allowed, else the whole seconds until it is."""
    return 0 if bucket.left >= 1 else max(1, math.ceil((1 - bucket.left) / rule.per_second))


class Pacer:
    """Keeps the limits of one bot; `scale` multiplies what is allowed, `math.inf` allows everything."""

    def __init__(self, scale: float = 1.0) -> None:
        self._scale = scale
        self._buckets: dict[int | None, Bucket] = {}

    def admit(self, chat_id: int, is_group: bool, now: datetime) -> int:
        """Count one message and return 0, or count nothing and return the seconds to wait."""
        if math.isinf(self._scale):
            return 0
        rules = {None: BOT.scaled(self._scale), chat_id: (GROUP if is_group else CHAT).scaled(self._scale)}
        buckets = {key: refill(rule, self._buckets.get(key), now) for key, rule in rules.items()}
        wait = max(wait_seconds(rules[key], bucket) for key, bucket in buckets.items())
        if not wait:
            self._buckets |= {key: replace(bucket, left=bucket.left - 1) for key, bucket in buckets.items()}
        return wait
