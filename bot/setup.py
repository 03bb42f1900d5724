"""What handlers and actions may know about this installation."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from bot.campaigns import Campaign
from bot.channels.base import Identity
from bot.channels.capabilities import Capabilities, capabilities_of
from bot.domain.quota import Quota
from bot.posts.base import Source

MARK_LENGTH = 3


class WayIn(NamedTuple):
    """A link that holds a code; or, where links hold none, the words to send once one has opened the link `door`.

    `messenger` is where it leads, as people call it.
    """

    messenger: str
    link: str
    door: str | None


@dataclass(frozen=True, slots=True)
class Setup:
    """Fixed while the process runs. `key` signs buttons and hashes consent subjects; `bots` is by channel.

    `campaign` is the one in which something happens, `others` are the installation's other ones. `sources` are those
    that may read posts in the background; handlers only ask what they could read. `quotas` is by channel, of those that
    have one.
    """

    campaign: Campaign
    zone: ZoneInfo
    key: bytes
    bots: Mapping[str, Identity]
    sources: tuple[Source, ...] = ()
    others: tuple[Campaign, ...] = ()
    quotas: Mapping[str, Quota] = field(default_factory=dict)

    def can(self, channel: str) -> Capabilities:
        """What can be said on a channel."""
        return capabilities_of(channel)

    def ways_in(self, code: str, first: str) -> tuple[WayIn, ...]:
        """How one comes to the bot with a code on each channel, that named first before the others."""
        return tuple(
            self._way_in(channel, code) for channel in sorted(self.bots, key=lambda name: (name != first, name))
        )

    def _way_in(self, channel: str, code: str) -> WayIn:
        link = self.bots[channel].join_link
        if self.can(channel).start_links:
            return WayIn(channel.title(), link + code, None)
        return WayIn(channel.title(), f"/start {code}", link)

    def within(self, code: str) -> Self:
        """The same in another campaign of the installation; KeyError if there is none of this code."""
        if code == self.campaign.code:
            return self
        for each in self.others:
            if each.code == code:
                rest = tuple(other for other in self.others if other is not each)
                return replace(self, campaign=each, others=(self.campaign, *rest))
        raise KeyError(code)

    def in_each(self) -> Iterator[Self]:
        """The same in each campaign, this one first."""
        yield self
        for each in self.others:
            yield self.within(each.code)

    @property
    def mark(self) -> str:
        """What buttons remember the campaign by; nothing where there is only one."""
        return mark_of(self.campaign.code) if self.others else ""

    def local(self, moment: datetime) -> datetime:
        """The moment as people here read it from the clock."""
        return moment.astimezone(self.zone)

    def midnight(self, day: date) -> datetime:
        """The moment at which this day begins here."""
        return datetime.combine(day, time(), self.zone)

    def today(self, now: datetime) -> date:
        """The day that it is here."""
        return self.local(now).date()


def mark_of(code: str) -> str:
    """Three characters that stand for a campaign."""
    return hashlib.sha256(code.encode()).hexdigest()[:MARK_LENGTH]
