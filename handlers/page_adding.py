"""The questions by which a page, group or channel is added: link, name, administrator; entered on confirm."""

from bot.actions import pages
from bot.buttons import Row, Tap
from bot.domain.page_links import PageLink, read_page
from bot.request import Request
from bot.routing import Router
from bot.storage import pages as stored
from handlers.pages import is_at, show_page, to_list, unit_at, words_of

router = Router()


@router.button("pages.add")
def ask_link(request: Request) -> None:
    """Add a page to a unit: its link first."""
    unit = unit_at(request, int(request.args[0]), change=True)
    if unit:
        request.ask("pages.link", {"unit": unit.id})
        request.reply("pages/link", (to_list(unit),), unit=unit.name)


@router.step("pages.link")
def take_link(request: Request) -> None:
    """The link of an official page, group or channel; of nothing private."""
    unit = unit_at(request, request.data["unit"], change=True)
    if unit is None:
        request.end()
        return
    link = read_page(request.message.text)
    if not isinstance(link, PageLink):
        request.reply("pages/link_bad", (to_list(unit),), fault=link)
        return
    known = stored.of_campaign(request.session, request.setup.campaign.code, link.key)
    if known and not pages.is_free(known):
        request.reply("pages/known", (to_list(unit),), name=known.name, unit=known.unit.name)
        return
    request.ask("pages.name", {"unit": unit.id, "link": link.url})
    request.reply("pages/name", (to_list(unit),), old=known.name if known else None)


@router.step("pages.name")
def take_name(request: Request) -> None:
    """The page's name as people see it."""
    name = words_of(request)
    if name:
        request.ask("pages.administrator", {**request.data, "name": name})
        request.reply("pages/administrator", (Tap("pages.skip", "pages.skip"),), name=name)


@router.step("pages.administrator")
def take_administrator(request: Request) -> None:
    """Who looks after it, in words."""
    administrator = words_of(request)
    if administrator:
        _ask_confirm(request, administrator)


@router.button("pages.skip")
def skip_administrator(request: Request) -> None:
    """Nobody is named."""
    if is_at(request, "pages.administrator"):
        _ask_confirm(request, "")


@router.step("pages.confirm")
def confirm_again(request: Request) -> None:
    """Words where the button is meant."""
    _ask_confirm(request, request.data["administrator"])


@router.button("pages.save")
def save(request: Request) -> None:
    """Enter the page, unless somebody else did in the meantime."""
    if not is_at(request, "pages.confirm"):
        return
    data = dict(request.data)
    request.end()
    unit, link = unit_at(request, data["unit"], change=True), read_page(data["link"])
    if unit is None or not isinstance(link, PageLink):
        return
    try:
        page = pages.add(request.session, unit, link, data["name"], data["administrator"], request.me, request.now)
    except pages.Taken as taken:
        known = taken.args[0]
        request.reply("pages/known", (to_list(unit),), name=known.name, unit=known.unit.name)
        return
    show_page(request, page, replace=True)


def _ask_confirm(request: Request, administrator: str) -> None:
    data = {**request.data, "administrator": administrator}
    unit, link = unit_at(request, data["unit"], change=True), read_page(data["link"])
    if unit is None or not isinstance(link, PageLink):
        request.end()
        return
    request.ask("pages.confirm", data)
    rows: tuple[Row, ...] = ((Tap("pages.save", "pages.save"),), (to_list(unit),))
    request.reply("pages/confirm", *rows, link=link, unit=unit.name, name=data["name"], administrator=administrator)
