"""The directory of pages: adding, the figures of a month, how a page grew, and who is asked for what is missing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot import outbox
from bot.buttons import Tap
from bot.campaigns import quiet_hours
from bot.domain.figures_typed import FIELDS, FIELDS_OF, Field, Figures, Line, Misread
from bot.domain.folding import fold
from bot.domain.growth import AUDIENCE, Growth, Months, audience, growth
from bot.domain.page_links import PageLink, read_page
from bot.messages import Priority
from bot.setup import Setup
from bot.speech import say_to_person
from bot.storage import pages, people
from bot.storage.models import Membership, Page, PageFigures, PageKind, Unit

DAY = timedelta(days=1)
NUDGE_FROM, NUDGE_UNTIL = 3, 8
"""Days of the month. The outbox knows for a week that it said something: a longer time could say it twice."""
NUDGE_HOUR = 8
NUDGED_AT_ONCE, MOST_NAMED = 200, 10
ALL = 100_000


class Taken(Exception):
    """Another unit has this page already; `args[0]` is the page."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A page, its last month with figures, and how it grew since the year began; `main` is what the target is about."""

    page: Page
    month: date | None
    figures: Figures
    growths: tuple[Growth, ...]
    main: Growth | None
    target: int | None

    @property
    def size(self) -> tuple[Field, int] | None:
        """How many it reached in its last month: followers, likes or members, whichever is known."""
        known = ((field, self.figures.get(field)) for field in AUDIENCE[self.page.kind])
        return next(((field, value) for field, value in known if value is not None), None)

    @property
    def reached(self) -> bool | None:
        """Whether it grew as much as the campaign asks; None if that is not asked or not known."""
        return self.main.reaches(self.target) if self.main and self.target is not None else None


@dataclass(frozen=True, slots=True)
class Match:
    """A pasted line: the page that it is about, or None; `fault` is what is wrong with it, if anything."""

    line: Line
    page: Page | None
    fault: str | None


def month_of(day: date) -> date:
    """The first of the day's month."""
    return day.replace(day=1)


def month_before(day: date) -> date:
    """The first of the month before that of the day."""
    return month_of(month_of(day) - DAY)


def since(year: int) -> date:
    """From when on figures tell how a page grew in the year."""
    return date(year - 1, 1, 1)


def standing(setup: Setup, page: Page, months: Months, year: int) -> Standing:
    """What the figures of a page say by now."""
    last = max(months, default=None)
    found = (growth(months, field, year) for field in FIELDS_OF[page.kind] if field != "posts")
    target = setup.campaign.pages.growth_percent
    main = audience(page.kind, months, year)
    return Standing(page, last, months[last] if last else {}, tuple(each for each in found if each), main, target)


def standings(session: Session, setup: Setup, shown: Sequence[Page], now: datetime) -> list[Standing]:
    """The same of several pages."""
    year = setup.today(now).year
    known = pages.months(session, [each.id for each in shown], since(year))
    return [standing(setup, each, known.get(each.id, {}), year) for each in shown]


def add(
    session: Session, unit: Unit, link: PageLink, name: str, administrator: str, by: Membership, now: datetime
) -> Page:
    """Enter a page for a unit; one that was closed, or whose unit was, comes back here with its figures. Taken else."""
    page = pages.of_campaign(session, unit.campaign, link.key)
    if page is None:
        page = Page(campaign=unit.campaign, key=link.key, added_by_id=by.id, added_at=now, closed_at=None)
        session.add(page)
    elif not is_free(page):
        raise Taken(page)
    page.unit_id, page.kind, page.platform, page.url = unit.id, PageKind(link.kind), link.platform, link.url
    page.name, page.administrator, page.closed_at = name, administrator or None, None
    session.flush()
    return page


def is_free(page: Page) -> bool:
    """Whether the address may be entered again: the page or its unit was closed."""
    return page.closed_at is not None or page.unit.closed_on is not None


def month_asked(session: Session, page: Page, today: date) -> date:
    """The month whose figures are wanted: the last one, as long as it has none, else this one."""
    last = month_before(today)
    known = pages.months(session, [page.id], last).get(page.id, {})
    return last if last not in known else month_of(today)


def enter(session: Session, page: Page, month: date, figures: Figures, by: Membership, now: datetime) -> None:
    """Write the figures of a month down; the last entry of a month counts."""
    row = PageFigures(page_id=page.id, month=month, entered_by_id=by.id, entered_at=now)
    for field in FIELDS:
        setattr(row, field, figures.get(field))
    session.add(row)
    session.flush()


def match(session: Session, setup: Setup, unit: Unit, lines: Iterable[Line]) -> list[Match]:
    """Which page of the unit and below it each line is about: by its link, or by its name."""
    known = pages.listed(session, setup.campaign.code, unit.id, 0, ALL)
    by_key = {each.key: each for each in known}
    by_name: defaultdict[str, list[Page]] = defaultdict(list)
    for each in known:
        by_name[fold(each.name)].append(each)
    seen: set[int] = set()
    return [_match(line, by_key, by_name, seen) for line in lines]


def tell_missing(session: Session, setup: Setup, now: datetime) -> int:
    """Early in a month, remind admins once of their pages without figures of the last month; how many were told."""
    local = setup.local(now)
    in_time = NUDGE_FROM <= local.day < NUDGE_UNTIL and local.hour >= NUDGE_HOUR
    if not in_time or quiet_hours(setup.campaign, setup.zone).covers(now):
        return 0
    month = month_before(local.date())
    began = setup.midnight(month_of(local.date()))
    by_admin: defaultdict[int, list[Page]] = defaultdict(list)
    admins: dict[int, Membership] = {}
    for page in pages.without_figures(session, setup.campaign.code, month, began):
        for admin in people.deciders_in(session, page.unit):
            by_admin[admin.id].append(page)
            admins[admin.id] = admin
    waiting = [id_ for id_ in by_admin if not outbox.was_put(session, _key(month, id_))][:NUDGED_AT_ONCE]
    return sum(_nudge(session, setup, admins[id_], by_admin[id_], month, now) for id_ in waiting)


def _nudge(session: Session, setup: Setup, admin: Membership, owed: list[Page], month: date, now: datetime) -> bool:
    shown = owed[:MOST_NAMED]
    rows = [(Tap("pages.figures_of", "pages.figures", (each.id,), {"name": each.name}),) for each in shown]
    names = [each.name for each in shown]
    return say_to_person(
        session,
        setup,
        admin.person_id,
        "pages/nudge",
        now,
        rows=rows,
        priority=Priority.REMINDER,
        key=_key(month, admin.id),
        month=month,
        names=names,
        more=len(owed) - len(shown),
    )


def _key(month: date, admin_id: int) -> str:
    return f"pages:{month:%Y-%m}:{admin_id}"


def _match(line: Line, by_key: dict[str, Page], by_name: dict[str, list[Page]], seen: set[int]) -> Match:
    link = read_page(line.page)
    found = [by_key[link.key]] if isinstance(link, PageLink) and link.key in by_key else by_name.get(fold(line.page))
    if not found:
        return Match(line, None, "unknown")
    if len(found) > 1:
        return Match(line, None, "several")
    [page] = found
    if page.id in seen:
        return Match(line, page, "twice")
    seen.add(page.id)
    return Match(line, page, line.figures.fault if isinstance(line.figures, Misread) else None)
