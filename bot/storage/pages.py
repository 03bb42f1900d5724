"""The directory of pages, their figures by month, and the pages of the week."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.figures_typed import FIELDS, Figures
from bot.domain.folding import fold
from bot.domain.rosters.phones import read_phone
from bot.storage.models import Broadcast, BroadcastState, Membership, Page, PageFigures, Unit, WeekPage
from bot.storage.units import below, path

_VOID = exists().where(
    Broadcast.id == WeekPage.broadcast_id, Broadcast.state.in_((BroadcastState.REFUSED, BroadcastState.DRAFT))
)
_NUMBER = re.compile(r"\+?[\d(][\d\s.()-]{7,}\d")


def of_campaign(session: Session, campaign: str, key: str) -> Page | None:
    """The page with this address, closed or not."""
    return session.scalar(select(Page).where(Page.campaign == campaign, Page.key == key))


def listed(session: Session, campaign: str, root_id: int, offset: int, most: int) -> Sequence[Page]:
    """Pages of the unit and of all below it that are not closed, by the names of units and pages."""
    statement = select(Page).join(Page.unit).where(*_open(campaign, root_id))
    order = (Unit.id != root_id, Unit.folded, Unit.id, Page.name, Page.id)
    return session.scalars(statement.order_by(*order).offset(offset).limit(most)).all()


def open_among(session: Session, campaign: str, root_id: int, ids: Collection[int]) -> Sequence[Page]:
    """Those of these pages that are the unit's or of one below it, and not closed."""
    return session.scalars(select(Page).where(*_open(campaign, root_id), Page.id.in_(list(ids)))).all()


def entered(session: Session, ids: Collection[int]) -> Sequence[PageFigures]:
    """Of these entries of figures, those that are still there."""
    return session.scalars(select(PageFigures).where(PageFigures.id.in_(list(ids)))).all()


def number(session: Session, campaign: str, root_id: int) -> int:
    """How many these are."""
    return session.scalar(select(func.count()).select_from(Page).where(*_open(campaign, root_id))) or 0


def numbers(session: Session, campaign: str, root_id: int) -> list[tuple[Unit, int]]:
    """The unit itself and those right below it, each with its number of pages, with those below them; the most first.

    The unit stands for its own pages alone. Units without any are left out.
    """
    within = select(Unit.id, Unit.parent_id).where(Unit.id.in_(below(root_id)))
    tree = dict(session.execute(within).all())
    counted = select(Page.unit_id, func.count()).where(*_open(campaign, root_id)).group_by(Page.unit_id)
    sums: defaultdict[int, int] = defaultdict(int)
    for unit_id, found in session.execute(counted):
        sums[_branch(tree, unit_id, root_id)] += found
    units = session.scalars(select(Unit).where(Unit.id.in_(sums))).all()
    return [(each, sums[each.id]) for each in sorted(units, key=lambda each: (-sums[each.id], each.folded, each.id))]


def months(session: Session, page_ids: Collection[int], since: date) -> dict[int, dict[date, Figures]]:
    """The figures of these pages by month, from that month on; of several entries of a month the last one."""
    statement = select(PageFigures).where(PageFigures.page_id.in_(list(page_ids)), PageFigures.month >= since)
    return _by_page(session.scalars(statement.order_by(PageFigures.id)))


def months_below(session: Session, campaign: str, root_id: int, since: date) -> dict[int, dict[date, Figures]]:
    """The same of all pages of the unit and below it that are not closed."""
    pages = select(Page.id).where(*_open(campaign, root_id))
    statement = select(PageFigures).where(PageFigures.page_id.in_(pages), PageFigures.month >= since)
    return _by_page(session.scalars(statement.order_by(PageFigures.id)))


def without_figures(session: Session, campaign: str, month: date, before: datetime) -> Sequence[Page]:
    """Pages added before then, of units that are not closed, that have no figures of the month; by unit and name."""
    has = select(PageFigures.page_id).where(PageFigures.month == month)
    owed = (Page.campaign == campaign, Page.closed_at.is_(None), Page.added_at < before, Page.id.not_in(has))
    statement = select(Page).join(Page.unit).where(*owed, Unit.closed_on.is_(None))
    return session.scalars(statement.order_by(Page.unit_id, Page.name, Page.id)).all()


def chosen(session: Session, campaign: str, week: date) -> Sequence[WeekPage]:
    """The pages of a week, in the order of their names; not those whose announcement was refused or never went."""
    statement = select(WeekPage).join(WeekPage.page).where(WeekPage.campaign == campaign, WeekPage.week == week)
    return session.scalars(statement.where(~_VOID).order_by(Page.name, Page.id)).all()


def chosen_in_vain(session: Session, campaign: str, week: date) -> Sequence[WeekPage]:
    """Those whose announcement was refused or never went."""
    statement = select(WeekPage).where(WeekPage.campaign == campaign, WeekPage.week == week, _VOID)
    return session.scalars(statement.order_by(WeekPage.page_id)).all()


def chosen_before(session: Session, campaign: str, week: date, offset: int, most: int) -> Sequence[WeekPage]:
    """Choices of earlier weeks, the latest first."""
    statement = select(WeekPage).join(WeekPage.page).where(WeekPage.campaign == campaign, WeekPage.week < week)
    statement = statement.where(~_VOID)
    return session.scalars(statement.order_by(WeekPage.week.desc(), Page.name).offset(offset).limit(most)).all()


def last_chosen(session: Session, campaign: str, page_ids: Collection[int], since: date) -> dict[int, date]:
    """Of these pages, those that were chosen in a week from then on, and the last such week."""
    statement = select(WeekPage.page_id, func.max(WeekPage.week)).where(
        WeekPage.campaign == campaign, WeekPage.page_id.in_(list(page_ids)), WeekPage.week >= since, ~_VOID
    )
    return dict(session.execute(statement.group_by(WeekPage.page_id)).all())


def run_by(session: Session, member: Membership) -> list[Page]:
    """Pages, closed ones too, whose administrator as it was typed is this member.

    By his telephone number anywhere in the campaign; by his name, which others may have, at his unit, above and below.
    """
    own = [each.id for each in path(member.unit)]
    near = or_(Page.unit_id.in_(own), Page.unit_id.in_(below(member.unit_id)))
    statement = select(Page, near).where(Page.campaign == member.unit.campaign, Page.administrator.is_not(None))
    rows = session.execute(statement.order_by(Page.id))
    return [page for page, is_near in rows if _is_named(member, page.administrator or "", by_name=is_near)]


def _is_named(member: Membership, typed: str, *, by_name: bool) -> bool:
    words = " ".join(re.findall(r"\w+", fold(typed)))
    numbers = {read_phone(each) for each in _NUMBER.findall(typed)}
    named = by_name and member.folded != "" and f" {member.folded} " in f" {words} "
    return named or (member.phone is not None and member.phone in numbers)


def _by_page(rows: Iterable[PageFigures]) -> dict[int, dict[date, Figures]]:
    found: defaultdict[int, dict[date, Figures]] = defaultdict(dict)
    for row in rows:
        found[row.page_id][row.month] = {field: getattr(row, field) for field in FIELDS}
    return dict(found)


def _branch(tree: dict[int, int | None], unit_id: int, root_id: int) -> int:
    """The unit right below the root that holds this one; the root for itself."""
    while unit_id != root_id and tree[unit_id] != root_id:
        unit_id = tree[unit_id] or root_id
    return unit_id


def _open(campaign: str, root_id: int) -> tuple[ColumnElement[bool], ...]:
    return Page.campaign == campaign, Page.closed_at.is_(None), Page.unit_id.in_(below(root_id))
