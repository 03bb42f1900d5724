"""How much each messenger lets through, and so how long a broadcast takes there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from bot import outbox
from bot.delivery.pacing import LIMITS
from bot.domain.quota import Usage
from bot.messages import Priority
from bot.setup import Setup
from bot.storage import quotas

SLOWEST_FIRST = sorted(LIMITS, key=lambda channel: LIMITS[channel].whole)


class Fit(StrEnum):
    """Whether a messenger's quota is enough."""

    ENOUGH = "enough"
    ANOTHER_DAY = "another_day"
    ANOTHER_MONTH = "another_month"


@dataclass(frozen=True, slots=True)
class Part:
    """What one messenger has to do: `recipients`, to whom it takes so many `messages`, as long texts take several.

    `left_today` and `left_this_month` are what its quota lets through besides answers, None without a limit.
    """

    channel: str
    recipients: int
    messages: int
    left_today: int | None
    left_this_month: int | None

    @property
    def fit(self) -> Fit:
        if self.left_this_month is not None and self.messages > self.left_this_month:
            return Fit.ANOTHER_MONTH
        too_many = self.left_today is not None and self.messages > self.left_today
        return Fit.ANOTHER_DAY if too_many else Fit.ENOUGH

    @property
    def at_once(self) -> int:
        """How many messages go without waiting for another day or month."""
        return min(each for each in (self.messages, self.left_today, self.left_this_month) if each is not None)

    @property
    def is_limited(self) -> bool:
        """Whether there is a quota at all."""
        return self.left_today is not None or self.left_this_month is not None


def parts(
    session: Session, setup: Setup, recipients: Mapping[str, int], per_person: Mapping[str, int], at: datetime
) -> list[Part]:
    """What each messenger has to do at this moment for so many recipients, at so many messages each."""
    found = []
    for channel, count in sorted(recipients.items(), key=lambda each: -each[1]):
        if channel in LIMITS and count:
            usage = _usage(session, setup, channel, at)
            left = (usage.left_today, usage.left_this_month) if usage else (None, None)
            found.append(Part(channel, count, count * per_person.get(channel, 1), *left))
    return found


def lasts(done: list[Part]) -> timedelta:
    """How long what may go at once takes: the messengers send side by side, each at its own pace."""
    return timedelta(seconds=round(max((each.at_once / LIMITS[each.channel].whole for each in done), default=0)))


def room(session: Session, setup: Setup, channel: str, now: datetime) -> int:
    """How many more messages the outbox may take for a channel: about a minute's worth, within what its quota leaves.

    What has to wait for another day waits outside, so that it holds no other channel up and its links stay fresh.
    """
    most = int(60 * LIMITS[channel].whole)
    usage = _usage(session, setup, channel, now)
    if usage:
        most = min(each for each in (most, usage.left_today, usage.left_this_month) if each is not None)
    return most - outbox.waiting(session, Priority.BROADCAST, channel)


def _usage(session: Session, setup: Setup, channel: str, at: datetime) -> Usage | None:
    quota = setup.quotas.get(channel)
    return quotas.usage(session, channel, quota, at) if quota else None
