"""The page of the week: chosen by a coordinator at the top, told to everybody once. The bot only shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.domain.handins import week_start
from bot.setup import Setup
from bot.storage import pages
from bot.storage.models import Membership, Page, Role, Unit, WeekPage

MOST_UNITS, MOST_ABOVE = 2, 1
ABOVE = ("district", "province")
"""Types of unit whose page stands beside those of the other units: one at most."""
SHORT_TIME = timedelta(weeks=8)


@dataclass(frozen=True, slots=True)
class Choice:
    """Pages for a week; `fault` says why these cannot be had, `repeated` when some were chosen a short time ago."""

    week: date
    pages: tuple[Page, ...]
    fault: str | None
    repeated: tuple[tuple[Page, date], ...]

    @property
    def without_district(self) -> bool:
        return not any(is_above(each) for each in self.pages)


def week_of(setup: Setup, now: datetime) -> date:
    """The Monday of this week."""
    return week_start(setup.local(now)).date()


def may_choose(member: Membership) -> bool:
    """Whether he speaks to everybody: a coordinator of the campaign's top unit."""
    return member.role == Role.COORDINATOR and member.unit.parent_id is None


def is_above(page: Page) -> bool:
    """Whether the page is a district's, or the province's."""
    return page.unit.type in ABOVE


def consider(session: Session, setup: Setup, wanted: Sequence[int], now: datetime) -> Choice:
    """What choosing these pages would mean. Those that were closed meanwhile are left out."""
    week, code = week_of(setup, now), setup.campaign.code
    found = [session.get(Page, each) for each in wanted]
    shown = tuple(each for each in found if each and each.campaign == code and each.closed_at is None)
    recent = pages.last_chosen(session, code, [each.id for each in shown], week - SHORT_TIME)
    repeated = tuple((each, recent[each.id]) for each in shown if each.id in recent)
    return Choice(week, shown, _fault(shown), repeated)


def choose(session: Session, setup: Setup, choice: Choice, by: Membership, now: datetime) -> bool:
    """Write the choice down; False if this week's was made already, by whomever, and was not refused."""
    session.get_one(Unit, by.unit_id, with_for_update=True)  # of two who choose at once, one waits here
    if pages.chosen(session, setup.campaign.code, choice.week):
        return False
    for vain in pages.chosen_in_vain(session, setup.campaign.code, choice.week):
        session.delete(vain)
    session.flush()
    for page in choice.pages:
        row = WeekPage(campaign=setup.campaign.code, week=choice.week, page_id=page.id)
        row.chosen_by_id, row.chosen_at = by.id, now
        session.add(row)
    session.flush()
    return True


def _fault(shown: Sequence[Page]) -> str | None:
    above = sum(map(is_above, shown))
    if not 1 <= len(shown) - above <= MOST_UNITS:
        return "units"
    return "district" if above > MOST_ABOVE else None
