"""The chart of a page's growth and the table of all pages: what each is made of at the moment of drawing."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

from sqlalchemy.orm import Session

from bot.actions import pages
from bot.actions.report_forms import Kind, Wanted
from bot.documents.forms import Letterhead
from bot.documents.growth_chart import Curve, growth_chart
from bot.documents.page_sheet import PageRow, page_template_xlsx
from bot.documents.pages_table import PageLine, PagesTable, pages_docx, pages_xlsx
from bot.domain.figures_typed import FIELDS_OF
from bot.domain.folding import fold
from bot.setup import Setup
from bot.storage import pages as stored
from bot.storage import units
from bot.storage.models import Page, Unit

_TITLES = {"vi": "{name}: tăng trưởng năm {year}", "en": "{name}: growth in {year}"}
_CURVES = {
    "vi": {"likes": "Lượt thích", "followers": "Người theo dõi", "members": "Thành viên"},
    "en": {"likes": "Likes", "followers": "Followers", "members": "Members"},
}


def chart(session: Session, setup: Setup, subject: Mapping[str, int], language: str, now: datetime) -> Wanted:
    """The figures of a page from the last month of the year before on."""
    page, year = session.get_one(Page, subject["page"]), setup.today(now).year
    known = stored.months(session, [page.id], pages.since(year)).get(page.id, {})
    months = sorted(month for month in known if month >= date(year - 1, 12, 1))
    found = pages.standing(setup, page, known, year)
    main = found.main.field if found.main else None
    fields = sorted((each for each in FIELDS_OF[page.kind] if each != "posts"), key=lambda each: each != main)
    curves = [Curve(_CURVES[language][each], tuple(known[month].get(each) for month in months)) for each in fields]
    goal = -(-found.main.base * (100 + found.target) // 100) if found.main and found.target is not None else None
    title = _TITLES[language].format(name=page.name, year=year)
    labels = [f"{month.month}/{month.year}" for month in months]
    args = (title, labels, curves, goal, language)
    return Wanted(growth_chart, args, "growth.png", "pages/chart", {"name": page.name})


def table(
    session: Session, setup: Setup, subject: Mapping[str, int], _language: str, now: datetime, *, ending: str
) -> Wanted:
    """The pages of a unit and of all below it, those of the same part of the tree together."""
    unit, today = session.get_one(Unit, subject["unit"]), setup.today(now)
    code = setup.campaign.code
    shown = stored.listed(session, code, unit.id, 0, pages.ALL)
    known = stored.months_below(session, code, unit.id, pages.since(today.year))
    standings = [pages.standing(setup, each, known.get(each.id, {}), today.year) for each in shown]
    lines = sorted(((_part(each.page.unit, unit), each) for each in standings), key=lambda pair: pair[0])
    head = Letterhead(unit.name, today, unit.parent.name if unit.parent else "", setup.campaign.province)
    target = setup.campaign.pages.growth_percent
    data = PagesTable(head, unit.name, today.year, target, tuple(_line(part[-1], each) for part, each in lines))
    function = {"docx": pages_docx, "xlsx": pages_xlsx}[ending]
    name = f"trang-{fold(unit.name).replace(' ', '-')}.{ending}"
    return Wanted(function, (data,), name, "pages/table", {"unit": unit.name, "total": len(lines)})


def template(session: Session, setup: Setup, subject: Mapping[str, int], language: str, _now: datetime) -> Wanted:
    """The sheet for the figures of a month (`month` in the subject: 202710), with a row for each page."""
    unit, month = session.get_one(Unit, subject["unit"]), date(*divmod(subject["month"], 100), 1)
    shown = stored.listed(session, setup.campaign.code, unit.id, 0, pages.ALL)
    rows = tuple(PageRow(each.unit.name, each.name, each.url, FIELDS_OF[each.kind]) for each in shown)
    name = f"so-lieu-trang-{month:%Y-%m}.xlsx"
    return Wanted(page_template_xlsx, (rows, month, language), name, "page_sheets/template", {"month": month})


def _part(unit: Unit, root: Unit) -> tuple[bool, str, int, str]:
    """What orders the parts: the root's own pages first, then its branches by name; the name comes last."""
    above = units.path(unit)
    at = next(place for place, each in enumerate(above) if each.id == root.id)
    branch = above[max(0, at - 1)]
    return (branch.id != root.id, branch.folded, branch.id, branch.name)


def _line(part: str, found: pages.Standing) -> PageLine:
    figures = found.figures
    numbers = (figures.get("likes"), figures.get("followers"), figures.get("members"), figures.get("posts"))
    tenths = found.main.tenths if found.main else None
    return PageLine(found.page.name, found.page.url, found.page.unit.name, part, found.month, numbers, tenths)


PICTURES: Mapping[str, Kind] = {"page_growth": chart}
FORMS: Mapping[str, Kind] = {f"pages_{ending}": partial(table, ending=ending) for ending in ("docx", "xlsx")} | {
    "page_template": template
}
