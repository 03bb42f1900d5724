"""/trang: the directory of pages, groups and channels; a page's name and administrator, closing it."""

from typing import Any

from bot.actions import pages
from bot.actions.pages import Standing
from bot.buttons import Row, Tap, Visit
from bot.request import Access, Request
from bot.routing import Router
from bot.storage import pages as stored
from bot.storage import units
from bot.storage.models import Page, Unit
from handlers.report_files import have_made

router = Router()

A_PAGE = 8
UNITS_OF_PAGE = 10
LONGEST_NAME = 120


@router.command("trang", "pages")
def show_own(request: Request) -> None:
    """The pages of one's unit and of all below it."""
    leave(request)
    _list(request, request.me.unit, 0)


@router.button("pages.list")
def show_list(request: Request) -> None:
    """The same of a unit below, a page at a time."""
    unit = unit_at(request, int(request.args[0]))
    if unit:
        leave(request)
        _list(request, unit, int(request.args[1]))


@router.button("pages.units")
def show_units(request: Request) -> None:
    """How many pages each part of the tree has."""
    unit, page = unit_at(request, int(request.args[0])), int(request.args[1])
    if unit is None:
        return
    found = stored.numbers(request.session, request.setup.campaign.code, unit.id)
    here = found[page * UNITS_OF_PAGE : (page + 1) * UNITS_OF_PAGE]
    taps: list[Row] = [
        (Tap("pages.unit", "pages.list", (each.id, 0), {"path": each.name, "number": number}),)
        for each, number in here
        if each.id != unit.id
    ]
    before = (Tap("pages.before", "pages.units", (unit.id, page - 1)),) if page else ()
    more = (page + 1) * UNITS_OF_PAGE < len(found)
    after = (Tap("pages.after", "pages.units", (unit.id, page + 1)),) if more else ()
    request.reply(
        "pages/units",
        *taps,
        *([(*before, *after)] if before or after else []),
        (Tap("pages.list", "pages.list", (unit.id, 0)),),
        replace=True,
        unit=unit.name,
        units=[(each.name, each.id == unit.id, number) for each, number in here],
        total=sum(number for _, number in found),
    )


@router.button("pages.show")
def show(request: Request) -> None:
    """One page: its link, figures and growth."""
    page = page_at(request, int(request.args[0]))
    if page:
        leave(request)
        show_page(request, page, replace=True)


@router.button("pages.rename", "pages.person")
def ask_words(request: Request) -> None:
    """Another name, or another administrator."""
    page = page_at(request, int(request.args[0]), change=True)
    if page:
        request.ask(request.action, {"page": page.id})
        what = request.action.removeprefix("pages.")
        request.reply("pages/words", (_to_page(page),), name=page.name, what=what)


@router.step("pages.rename", "pages.person")
def take_words(request: Request) -> None:
    """Write it down."""
    step = request.conversation.step if request.conversation else ""
    page, words = page_at(request, request.data["page"], change=True), words_of(request)
    if page is None:
        request.end()
    elif words:
        request.end()
        if step == "pages.rename":
            page.name = words
        else:
            page.administrator = words
        show_page(request, page)


@router.button("pages.close")
def ask_close(request: Request) -> None:
    """Show what closing means, before it is done."""
    page = page_at(request, int(request.args[0]), change=True)
    if page:
        request.reply(
            "pages/close",
            (Tap("pages.close_yes", "pages.close!", (page.id,), solemn=True),),
            (_to_page(page),),
            replace=True,
            name=page.name,
        )


@router.button("pages.close!")
def close(request: Request) -> None:
    """The page leaves the directory; its figures stay."""
    page = page_at(request, int(request.args[0]), change=True)
    if page:
        page.closed_at = request.now
        request.reply("pages/closed", (to_list(page.unit),), replace=True, name=page.name)


@router.button("pages.docx", "pages.xlsx")
def send_table(request: Request) -> None:
    """The directory as a paper, for Word or Excel."""
    unit = unit_at(request, int(request.args[0]))
    if unit:
        have_made(request, f"pages_{request.action.removeprefix('pages.')}", unit=unit.id)


def show_page(request: Request, page: Page, *, replace: bool = False) -> None:
    """A page with its figures, and what one may do with it."""
    [found] = pages.standings(request.session, request.setup, [page], request.now)
    rows: list[Row] = [(Visit("pages.visit", page.url),)]
    if found.month:
        rows.append((Tap("pages.chart", "pages.chart", (page.id,)),))
    if _may_change(request, page.unit):
        rows.append((Tap("pages.figures", "pages.figures", (page.id,)),))
        taps = (Tap("pages.rename", "pages.rename", (page.id,)), Tap("pages.person", "pages.person", (page.id,)))
        rows += [taps, (Tap("pages.close", "pages.close", (page.id,)),)]
    rows.append((to_list(request.me.unit),))
    values: dict[str, Any] = {"page": page, "unit": page.unit.name, "found": found}
    request.reply("pages/show", *rows, replace=replace, **values, year=request.setup.today(request.now).year)


def unit_at(request: Request, number: int, *, change: bool = False) -> Unit | None:
    """A unit of one's own part of the tree; who may not see it, or change its pages, hears so."""
    unit = request.session.get(Unit, number)
    if unit and units.is_within(unit, request.me.unit_id) and (not change or _may_change(request, unit)):
        return unit
    request.reply("pages/not_yours")
    return None


def page_at(request: Request, number: int, *, change: bool = False) -> Page | None:
    """A page of one's own part of the tree that is not closed; the same."""
    page = request.session.get(Page, number)
    if page is None or unit_at(request, page.unit_id, change=change) is None:
        return None
    if page.closed_at:
        request.reply("pages/closed", (to_list(request.me.unit),), name=page.name)
        return None
    return page


def is_at(request: Request, step: str) -> bool:
    """Whether this question is open; else the button is too old, which is said."""
    if request.conversation and request.conversation.step == step:
        return True
    request.notice("hint/stale")
    return False


def leave(request: Request) -> None:
    """Leave what was being entered here; another conversation goes on."""
    if request.conversation and request.conversation.step.startswith("pages."):
        request.end()


def _list(request: Request, unit: Unit, page: int) -> None:
    code, session = request.setup.campaign.code, request.session
    here = stored.listed(session, code, unit.id, page * A_PAGE, A_PAGE)
    total = stored.number(session, code, unit.id)
    lines = list(enumerate(pages.standings(session, request.setup, here, request.now), page * A_PAGE + 1))
    taps = [Tap("pages.line", "pages.show", (each.page.id,), {"number": number}) for number, each in lines]
    before = (Tap("pages.before", "pages.list", (unit.id, page - 1)),) if page else ()
    after = (Tap("pages.after", "pages.list", (unit.id, page + 1)),) if (page + 1) * A_PAGE < total else ()
    request.reply(
        "pages/list",
        *[tuple(taps[at : at + 4]) for at in range(0, len(taps), 4)],
        *([(*before, *after)] if before or after else []),
        *_doing(request, unit, total),
        replace=request.message.press is not None,
        unit=unit.name,
        lines=[(number, each, _place(each, unit)) for number, each in lines],
        total=total,
    )


def _doing(request: Request, unit: Unit, total: int) -> list[Row]:
    rows: list[Row] = [(Tap("pages.units", "pages.units", (unit.id, 0)),)] if total else []
    if _may_change(request, unit):
        rows.append((Tap("pages.add", "pages.add", (unit.id,)),))
        rows += [(Tap("pages.paste", "pages.paste", (unit.id,)),)] if total > 1 else []
        files = (Tap("pages.docx", "pages.docx", (unit.id,)), Tap("pages.xlsx", "pages.xlsx", (unit.id,)))
        rows += [(Tap("pages.sheet", "pages.sheet", (unit.id, "now")),), files] if total else []
    if unit.id != request.me.unit_id:
        rows.append((to_list(request.me.unit),))
    return rows


def _place(found: Standing, unit: Unit) -> str | None:
    """The page's unit, where it is not the one that was asked for."""
    return found.page.unit.name if found.page.unit_id != unit.id else None


def _may_change(request: Request, unit: Unit) -> bool:
    return request.access >= Access.UNIT_ADMIN and units.is_within(unit, request.me.unit_id)


def words_of(request: Request) -> str:
    """A name as it was typed; "" if it is none, which is said."""
    line = request.line
    if line and len(line) <= LONGEST_NAME:
        return line
    request.reply("pages/words_bad", most=LONGEST_NAME)
    return ""


def to_list(unit: Unit) -> Tap:
    """The button that leads back to the pages of a unit."""
    return Tap("pages.list", "pages.list", (unit.id, 0))


def _to_page(page: Page) -> Tap:
    return Tap("pages.back", "pages.show", (page.id,))
