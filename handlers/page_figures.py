"""The figures of pages: of one page in one line, of many pasted as a table; the chart of a page's growth."""

from datetime import date
from typing import Any

from bot.actions import pages, wanted
from bot.buttons import Row, Tap
from bot.domain.figures_typed import FIELDS, FIELDS_OF, Figures, Misread, read_figures, read_table
from bot.request import Request
from bot.routing import Router
from bot.storage.models import Page, Unit
from handlers.pages import is_at, page_at, show_page, to_list, unit_at

router = Router()

MOST_FAULTS, MOST_SHOWN = 10, 10
EARLY = 15
"""Up to this day of the month, pasted figures are taken for those of the month before, unless one says otherwise."""


@router.button("pages.figures")
def ask_figures(request: Request) -> None:
    """The figures of a page in one line."""
    page = page_at(request, int(request.args[0]), change=True)
    if page:
        today = request.setup.today(request.now)
        _ask(request, page, pages.month_asked(request.session, page, today))


@router.button("pages.month")
def change_month(request: Request) -> None:
    """The other of the two months for which figures are taken."""
    step = request.conversation.step if request.conversation else ""
    month = months_offered(request).get(request.args[0])
    if month is None or step not in ("pages.figures", "pages.paste", "pages.pasted"):
        request.notice("hint/stale")
    elif step == "pages.figures":
        page = page_at(request, request.data["page"], change=True)
        if page:
            _ask(request, page, month, replace=True)
    else:
        _change_month_of_table(request, step, month)


@router.step("pages.figures")
def take_figures(request: Request) -> None:
    """Read the line, write the figures down, show how the page grew."""
    page = page_at(request, request.data["page"], change=True)
    if page is None:
        request.end()
        return
    fields = FIELDS_OF[page.kind]
    figures = read_figures(request.message.text, fields)
    if isinstance(figures, Misread):
        request.reply("pages/figures_bad", (_to_page(page),), why=figures, fields=fields)
        return
    month = date.fromisoformat(request.data["month"])
    request.end()
    pages.enter(request.session, page, month, figures, request.me, request.now)
    show_page(request, page)


@router.button("pages.paste")
def ask_table(request: Request) -> None:
    """The figures of many pages, as lines pasted from a sheet."""
    unit = unit_at(request, int(request.args[0]), change=True)
    if unit:
        _ask_table(request, unit, default_month(request))


@router.step("pages.paste")
def take_table(request: Request) -> None:
    """Read all lines and show what would be written; nothing is yet."""
    unit = unit_at(request, request.data["unit"], change=True)
    if unit is None:
        request.end()
        return
    lines = read_table(request.message.text)
    found = pages.match(request.session, request.setup, unit, lines)
    rows = [_kept(each.page, each.line.figures) for each in found if each.page and not each.fault]
    if rows:
        request.ask("pages.pasted", {"unit": unit.id, "month": request.data["month"], "rows": rows})
    faults = [(each.line.page, each.fault, each.line.figures) for each in found if each.fault]
    _show_table(request, unit, rows, faults)


@router.step("pages.pasted")
def paste_again(request: Request) -> None:
    """Another table in place of the one that was shown."""
    take_table(request)


@router.button("pages.paste!")
def save_table(request: Request) -> None:
    """Write the figures of all lines down that could be read."""
    if not is_at(request, "pages.pasted"):
        return
    data = dict(request.data)
    request.end()
    unit = unit_at(request, data["unit"], change=True)
    if unit is None:
        return
    month, saved = date.fromisoformat(data["month"]), 0
    for number, _, figures in data["rows"]:
        page = request.session.get(Page, number)
        if page and page.closed_at is None and unit_at(request, page.unit_id, change=True):
            pages.enter(request.session, page, month, figures, request.me, request.now)
            saved += 1
    request.reply("pages/pasted", (to_list(unit),), replace=True, saved=saved, month=month)


@router.button("pages.chart")
def draw_chart(request: Request) -> None:
    """How the page grew, as a picture: drawn in the background."""
    page = page_at(request, int(request.args[0]))
    if page:
        to, subject = request.message.address, {"page": page.id}
        wanted.want(request.session, request.setup, to, request.language, "page_growth", subject, request.now)
        request.reply("pictures/drawing", passing=True)


def _ask(request: Request, page: Page, month: date, *, replace: bool = False) -> None:
    request.ask("pages.figures", {"page": page.id, "month": month.isoformat()})
    rows: tuple[Row, ...] = (_other_month(request, month), (_to_page(page),))
    fields = FIELDS_OF[page.kind]
    values: dict[str, Any] = {"name": page.name, "month": month, "fields": fields}
    request.reply("pages/figures", *rows, replace=replace, asks_number=True, **values)


def _ask_table(request: Request, unit: Unit, month: date, *, replace: bool = False) -> None:
    request.ask("pages.paste", {"unit": unit.id, "month": month.isoformat()})
    request.reply("pages/paste", _other_month(request, month), (to_list(unit),), replace=replace, month=month)


def _change_month_of_table(request: Request, step: str, month: date) -> None:
    unit = unit_at(request, request.data["unit"], change=True)
    if unit is None:
        request.end()
    elif step == "pages.paste":
        _ask_table(request, unit, month, replace=True)
    else:
        request.ask("pages.pasted", {**request.data, "month": month.isoformat()})
        _show_table(request, unit, request.data["rows"], [], replace=True)


def _show_table(request: Request, unit: Unit, rows: list[Any], faults: list[Any], *, replace: bool = False) -> None:
    month = date.fromisoformat(request.data["month"])
    save = [(Tap("pages.paste_yes", "pages.paste!", (), {"number": len(rows)}),)] if rows else []
    request.reply(
        "pages/pasted_check",
        *save,
        *([_other_month(request, month)] if rows else []),
        (to_list(unit),),
        replace=replace,
        month=month,
        read=[(name, [figures.get(field) for field in FIELDS]) for _, name, figures in rows[:MOST_SHOWN]],
        more=len(rows) - MOST_SHOWN,
        faults=faults[:MOST_FAULTS],
        more_faults=len(faults) - MOST_FAULTS,
    )


def _kept(page: Page, figures: Figures | Misread) -> list[Any]:
    """A line as the open question remembers it."""
    return [page.id, page.name, {} if isinstance(figures, Misread) else dict(figures)]


def default_month(request: Request) -> date:
    """The month whose figures of many pages are taken, unless one says otherwise."""
    today = request.setup.today(request.now)
    return pages.month_before(today) if today.day <= EARLY else pages.month_of(today)


def months_offered(request: Request) -> dict[str, date]:
    """The two months for which figures are taken, by the code that a button carries."""
    today = request.setup.today(request.now)
    return {f"{each:%Y%m}": each for each in (pages.month_before(today), pages.month_of(today))}


def _other_month(request: Request, month: date) -> Row:
    code, other = next(pair for pair in months_offered(request).items() if pair[1] != month)
    return (Tap("pages.month", "pages.month", (code,), {"name": f"{other.month}/{other.year}"}),)


def _to_page(page: Page) -> Tap:
    return Tap("pages.back", "pages.show", (page.id,))
