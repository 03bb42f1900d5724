"""What handlers and actions may know about this installation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.campaigns import Campaign
from bot.channels.base import Identity
from bot.posts.base import Source


@dataclass(frozen=True, slots=True)
class Setup:
    """Fixed while the process runs. `key` signs buttons and hashes consent subjects; `bots` is by channel.

    `sources` are those that may read posts in the background; handlers only ask what they could read.
    """

    campaign: Campaign
    zone: ZoneInfo
    key: bytes
    bots: Mapping[str, Identity]
    sources: tuple[Source, ...] = ()

    def local(self, moment: datetime) -> datetime:
        """The moment as people here read it from the clock."""
        return moment.astimezone(self.zone)

    def midnight(self, day: date) -> datetime:
        """The moment at which this day begins here."""
        return datetime.combine(day, time(), self.zone)

    def today(self, now: datetime) -> date:
        """The day that it is here."""
        return self.local(now).date()
