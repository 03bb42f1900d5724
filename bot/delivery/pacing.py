"""How fast one may send. Pure: the time is an argument; nothing here outlives the process, and nothing needs to.

Telegram's limits (Bots FAQ): about 30 messages a second in all, one a second to a chat with short bursts, 20 a minute
to a group. Pacing at the limit itself draws a 429 that stops everything, so we keep to 0.97 of it. Zalo publishes no
limits: what we keep to there is a cautious choice.
"""

from dataclasses import dataclass, field

SHARE = 0.97
PER_SECOND = 30 * SHARE
"""What one bot sends in all."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages a second: of the whole bot, of a private chat, of a group; groups are known by how their ids begin.

    A chat may save up to `burst` messages.
    """

    whole: float
    chat: float
    group: float
    groups_begin: str
    burst: float


TELEGRAM = Limits(PER_SECOND, SHARE, SHARE * 20 / 60, groups_begin="-", burst=3)
ZALO = Limits(5, 1, 20 / 60, groups_begin="zgr-", burst=1)
LIMITS = {"telegram": TELEGRAM, "zalo": ZALO}
"""By channel."""


@dataclass(slots=True)
class Bucket:
    """A token bucket: `rate` tokens a second, at most `burst` saved up."""

    rate: float
    burst: float
    tokens: float = field(init=False)
    at: float | None = None

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def wait(self, now: float) -> float:
        """Seconds until a token is there; 0 if one is."""
        if self.at is not None:
            self.tokens = min(self.burst, self.tokens + max(0.0, now - self.at) * self.rate)
        self.at = now
        return max(0.0, (1.0 - self.tokens) / self.rate)

    def take(self) -> None:
        """Use a token up."""
        self.tokens -= 1.0


@dataclass(slots=True)
class Pacer:
    """The limits of one bot. `scale` multiplies them all (tests, own Bot API servers)."""

    scale: float = 1.0
    limits: Limits = TELEGRAM
    whole: Bucket = field(init=False)
    chats: dict[str, Bucket] = field(default_factory=dict)
    silent_until: float = 0.0

    def __post_init__(self) -> None:
        rate = self.limits.whole * self.scale
        self.whole = Bucket(rate, burst=max(1.0, rate / 15))

    def wait(self, chat: str, now: float) -> float:
        """Seconds until a message to this chat may go; `now` is a monotonic clock's."""
        return max(self.wait_all(now), self.wait_chat(chat, now))

    def wait_chat(self, chat: str, now: float) -> float:
        """Seconds until this chat's own limit lets a message through."""
        return self._chat(chat).wait(now)

    def wait_all(self, now: float) -> float:
        """Seconds until any message may go."""
        return max(self.silent_until - now, self.whole.wait(now))

    def room(self, now: float) -> int:
        """How many messages may go at once, to different chats."""
        return 0 if self.wait_all(now) > 0 else int(self.whole.tokens)

    def take(self, chat: str) -> None:
        """A message to this chat goes now."""
        self.whole.take()
        self._chat(chat).take()

    def be_silent(self, seconds: float, now: float) -> None:
        """The messenger answered 429: nothing goes for so long."""
        self.silent_until = max(self.silent_until, now + seconds)

    def forget_idle(self, now: float) -> None:
        """Drop the buckets that are full again, so that memory does not grow with the number of people."""
        for bucket in self.chats.values():
            bucket.wait(now)
        self.chats = {chat: bucket for chat, bucket in self.chats.items() if bucket.tokens < bucket.burst}

    def _chat(self, chat: str) -> Bucket:
        if chat not in self.chats:
            limits = self.limits
            per_second = limits.group if chat.startswith(limits.groups_begin) else limits.chat
            self.chats[chat] = Bucket(per_second * self.scale, burst=limits.burst * max(1.0, self.scale))
        return self.chats[chat]
