"""The figures of many pages as a file: the sheet that the bot hands out, filled in and sent back, checked before it is
written. What happens to a file once it came, confirming and undoing it are those of rosters: handlers/rosters.py."""

from datetime import date

from bot.actions import wanted
from bot.actions.page_imports import kind_of
from bot.buttons import Row, Tap
from bot.request import Request
from bot.routing import Router
from bot.storage.models import Unit
from handlers.page_figures import default_month, months_offered
from handlers.pages import to_list, unit_at
from handlers.rosters import BATCHES, megabytes, messengers_with_files, take, unasked

router = Router()


@router.button("pages.sheet")
def ask_sheet(request: Request) -> None:
    """Say what to do, and wait for the file; the month is that of the button, or the one whose figures are due."""
    unit = unit_at(request, int(request.args[0]), change=True)
    if unit is None:
        return
    if not request.setup.can(request.message.address.channel).documents:
        paste = (Tap("pages.paste", "pages.paste", (unit.id,)),)
        request.reply("page_sheets/elsewhere", paste, (to_list(unit),), messengers=messengers_with_files(request))
        return
    month = months_offered(request).get(request.args[1], default_month(request))
    request.ask("pages.sheet", {"unit": unit.id, "month": month.isoformat()})
    request.reply(
        "page_sheets/begin",
        (_template(unit, month),),
        *_other_months(request, unit, month),
        (BATCHES,),
        (to_list(unit),),
        unit=unit.name,
        month=month,
        most=megabytes(),
    )


@router.button("pages.template")
def send_template(request: Request) -> None:
    """The sheet with the unit's pages in it, made in the background."""
    unit = unit_at(request, int(request.args[0]), change=True)
    month = months_offered(request).get(request.args[1], default_month(request))
    if unit:
        subject = {"unit": unit.id, "month": int(f"{month:%Y%m}")}
        to = request.message.address
        wanted.want(request.session, request.setup, to, request.language, "page_template", subject, request.now)
        request.notice("rosters/making")


@router.step("pages.sheet")
def receive(request: Request) -> None:
    """The file that was asked for, or words in its place."""
    unit, month = unit_at(request, request.data["unit"], change=True), date.fromisoformat(request.data["month"])
    if unit is None:
        request.end()
    elif request.message.document is None:
        request.reply("page_sheets/no_file", (_template(unit, month),), (to_list(unit),))
    else:
        take(request, request.message.document, _template(unit, month), unit=unit, kind=kind_of(month))


@router.button("pages.take")
def take_unasked(request: Request) -> None:
    """Read the file that was sent last without being asked for: one that was sent back mended, most likely."""
    file, unit, month = unasked(request), request.me.unit, default_month(request)
    if file:
        take(request, file, _template(unit, month), unit=unit, kind=kind_of(month))


def _template(unit: Unit, month: date) -> Tap:
    return Tap("pages.template", "pages.template", (unit.id, f"{month:%Y%m}"))


def _other_months(request: Request, unit: Unit, month: date) -> list[Row]:
    others = [(code, each) for code, each in months_offered(request).items() if each != month]
    return [
        (Tap("pages.month", "pages.sheet", (unit.id, code), {"name": f"{each.month}/{each.year}"}),)
        for code, each in others
    ]
