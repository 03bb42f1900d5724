"""/trangtuan: the pages of this week for everybody to look at; a coordinator at the top chooses and announces them."""

from typing import Any

from bot.actions import broadcasts, week_page
from bot.actions.week_page import Choice
from bot.buttons import Tap, Visit
from bot.domain.audience import Audience
from bot.domain.folding import fold
from bot.request import Request
from bot.routing import Router
from bot.storage import pages as stored
from bot.storage.models import Page, WeekPage
from bot.texts import render

router = Router()

PAST, A_PAGE = 8, 8
ALL = 100_000
LONGEST_TYPED = 100
BACK = Tap("weekpage.back", "weekpage.show", (0,))


@router.command("trangtuan", "weekpage")
def show_now(request: Request) -> None:
    """The pages of this week, and those of the weeks before."""
    _leave(request)
    _show(request, 0)


@router.button("weekpage.show")
def show(request: Request) -> None:
    """The same, with another page of the weeks before."""
    _leave(request)
    _show(request, int(request.args[0]))


@router.button("weekpage.choose")
def begin(request: Request) -> None:
    """Choose the pages of this week, unless that was done."""
    if not _allowed(request):
        return
    week = week_page.week_of(request.setup, request.now)
    if stored.chosen(request.session, request.setup.campaign.code, week):
        _show(request, 0)
        return
    request.ask("weekpage.choose", {"chosen": [], "typed": ""})
    _list(request, 0)


@router.step("weekpage.choose")
def search(request: Request) -> None:
    """Part of a page's or unit's name narrows the list down."""
    if _allowed(request):
        request.ask("weekpage.choose", {**request.data, "typed": request.line[:LONGEST_TYPED]})
        _list(request, 0)


@router.button("weekpage.turn")
def turn(request: Request) -> None:
    """Another page of the list."""
    if _is_at(request):
        _list(request, int(request.args[0]), replace=True)


@router.button("weekpage.toggle")
def toggle(request: Request) -> None:
    """Take a page in, or leave it out again."""
    if not _is_at(request):
        return
    number, at = int(request.args[0]), int(request.args[1])
    chosen = [each for each in request.data["chosen"] if each != number]
    if len(chosen) == len(request.data["chosen"]):
        chosen.append(number)
    request.ask("weekpage.choose", {**request.data, "chosen": chosen[: week_page.MOST_UNITS + week_page.MOST_ABOVE]})
    _list(request, at, replace=True)


@router.button("weekpage.next")
def preview(request: Request) -> None:
    """What everybody would get, before anybody does."""
    if not _is_at(request):
        return
    choice = week_page.consider(request.session, request.setup, request.data["chosen"], request.now)
    if choice.fault:
        request.notice("week_page/fault", fault=choice.fault)
        return
    rows = (
        (Tap("weekpage.announce", "weekpage.announce", solemn=True),),
        (Tap("weekpage.again", "weekpage.turn", (0,)),),
        (BACK,),
    )
    request.reply("week_page/preview", *rows, replace=True, **_about(choice))


@router.button("weekpage.announce")
def announce(request: Request) -> None:
    """Write the choice down and tell everybody once."""
    if not _is_at(request):
        return
    choice = week_page.consider(request.session, request.setup, request.data["chosen"], request.now)
    request.end()
    if choice.fault:
        request.reply("week_page/fault", (BACK,), fault=choice.fault)
        return
    if not week_page.choose(request.session, request.setup, choice, request.me, request.now):
        _show(request, 0)
        return
    text = render("week_page/announcement", "vi", week=choice.week, pages=_lines(choice.pages))
    audience = Audience(request.me.unit_id)
    sent = broadcasts.announce(request.session, request.setup, request.me, text, audience, request.now)
    for row in stored.chosen(request.session, request.setup.campaign.code, choice.week):
        row.broadcast_id = sent.id
    request.reply("week_page/announced", (BACK,), replace=True, state=sent.state)


def _show(request: Request, page: int) -> None:
    code, week = request.setup.campaign.code, week_page.week_of(request.setup, request.now)
    now = stored.chosen(request.session, code, week)
    past = stored.chosen_before(request.session, code, week, page * PAST, PAST + 1)
    before = (Tap("weekpage.newer", "weekpage.show", (page - 1,)),) if page else ()
    after = (Tap("weekpage.older", "weekpage.show", (page + 1,)),) if len(past) > PAST else ()
    may_choose = week_page.may_choose(request.me)
    request.reply(
        "week_page/show",
        *[(Visit("weekpage.visit", each.page.url),) for each in now[:1] if len(now) == 1],
        *([(Tap("weekpage.choose", "weekpage.choose"),)] if may_choose and not now else []),
        *([(*before, *after)] if before or after else []),
        replace=request.message.press is not None,
        week=week,
        pages=_lines([each.page for each in now]),
        past=[_past(each) for each in past[:PAST]],
        may_choose=may_choose,
        in_vain=may_choose and bool(stored.chosen_in_vain(request.session, code, week)),
    )


def _list(request: Request, at: int, *, replace: bool = False) -> None:
    chosen, typed = request.data["chosen"], fold(request.data["typed"])
    known = stored.listed(request.session, request.setup.campaign.code, request.me.unit_id, 0, ALL)
    found = [each for each in known if typed in fold(f"{each.name} {each.unit.name}")]
    here = found[at * A_PAGE : (at + 1) * A_PAGE]
    before = (Tap("weekpage.before", "weekpage.turn", (at - 1,)),) if at else ()
    after = (Tap("weekpage.after", "weekpage.turn", (at + 1,)),) if (at + 1) * A_PAGE < len(found) else ()
    request.reply(
        "week_page/choose",
        *[(_tap(each, at, on=each.id in chosen),) for each in here],
        *([(*before, *after)] if before or after else []),
        *([(Tap("weekpage.next", "weekpage.next"),)] if chosen else []),
        (BACK,),
        replace=replace,
        typed=request.data["typed"],
        total=len(found),
        chosen=_lines([each for each in known if each.id in chosen]),
    )


def _tap(page: Page, at: int, *, on: bool) -> Tap:
    values = {"name": page.name, "path": page.unit.name}
    if on:
        return Tap("weekpage.on", "weekpage.toggle", (page.id, at), values)
    return Tap("weekpage.off", "weekpage.toggle", (page.id, at), values)


def _about(choice: Choice) -> dict[str, Any]:
    return {
        "pages": _lines(choice.pages),
        "repeated": [(page.name, week) for page, week in choice.repeated],
        "without_district": choice.without_district,
    }


def _lines(shown: Any) -> list[tuple[str, str, str]]:
    return [(each.name, each.unit.name, each.url) for each in shown]


def _past(row: WeekPage) -> tuple[Any, str, str, str]:
    return row.week, row.page.name, row.page.unit.name, row.page.url


def _allowed(request: Request) -> bool:
    if week_page.may_choose(request.me):
        return True
    _leave(request)
    request.reply("week_page/not_yours")
    return False


def _is_at(request: Request) -> bool:
    """Whether the choice is open and the person may make it; else that is said."""
    if not _allowed(request):
        return False
    if request.conversation and request.conversation.step == "weekpage.choose":
        return True
    request.notice("hint/stale")
    return False


def _leave(request: Request) -> None:
    if request.conversation and request.conversation.step.startswith("weekpage."):
        request.end()
