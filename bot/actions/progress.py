"""How far a member is with what the campaign asks of him."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.handins import month_start, week_start
from bot.setup import Setup
from bot.storage import posts
from bot.storage.models import Membership


@dataclass(frozen=True, slots=True)
class QuotaProgress:
    """One quota: `per` week or month, `done` of `at_least`, `left` to go."""

    per: str
    done: int
    at_least: int

    @property
    def left(self) -> int:
        """Posts still owed."""
        return max(0, self.at_least - self.done)


@dataclass(frozen=True, slots=True)
class Progress:
    """Posts that count this week and this month, and the member's quotas."""

    week: int
    month: int
    quotas: tuple[QuotaProgress, ...]


def progress(session: Session, setup: Setup, membership: Membership, now: datetime) -> Progress:
    """The member's progress; weeks start on Monday."""
    local = setup.local(now)
    done = {
        "week": posts.counted(session, membership.id, week_start(local)),
        "month": posts.counted(session, membership.id, month_start(local)),
    }
    quotas = [quota for quota in setup.campaign.quotas if quota.who == "member"]
    return Progress(
        done["week"],
        done["month"],
        tuple(QuotaProgress(quota.per, done[quota.per], quota.at_least) for quota in quotas),
    )
