"""How much a messenger lets through, and how much of it is used."""

import math
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

WARN_AT = 0.8
"""From this share on, the operators are told."""
HOLD_AT = 0.95
"""From this share on, reminders and broadcasts wait for the next day or month."""


@dataclass(frozen=True, slots=True)
class Quota:
    """Messages that a messenger lets through, both ways counted; None for no limit that is known.

    Days and months are those of `zone`.
    """

    per_day: int | None
    per_month: int | None
    zone: ZoneInfo

    def day_of(self, now: datetime) -> date:
        """The day on which the messenger counts this moment."""
        return now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Usage:
    """Messages both ways today and this month; `refused` says that the messenger let no more through today."""

    quota: Quota
    today: int = 0
    month: int = 0
    refused: bool = False

    @property
    def day_share(self) -> float:
        """Of what a day allows; 0 without a limit."""
        return self.today / self.quota.per_day if self.quota.per_day else 0.0

    @property
    def month_share(self) -> float:
        """Of what a month allows; 0 without a limit."""
        return self.month / self.quota.per_month if self.quota.per_month else 0.0

    @property
    def is_near(self) -> bool:
        """Whether the operators are to know that it runs out."""
        return max(self.day_share, self.month_share) >= WARN_AT

    @property
    def left_today(self) -> int | None:
        """How many reminders and broadcasts may still go today, the rest being for answers; None without a limit."""
        return 0 if self.refused else _left(self.quota.per_day, self.today)

    @property
    def left_this_month(self) -> int | None:
        """The same of the month."""
        return _left(self.quota.per_month, self.month)

    @property
    def is_tight(self) -> bool:
        """Whether what is left is for answers alone."""
        return max(self.day_share, self.month_share) >= HOLD_AT


def _left(limit: int | None, used: int) -> int | None:
    return max(0, math.ceil(limit * HOLD_AT) - used) if limit else None
