"""The forms of a report, for Word and Excel: asked for here, made in the background."""

from bot.actions import wanted
from bot.buttons import Row, Tap
from bot.request import Request
from bot.routing import Router
from bot.storage import units
from bot.storage.models import Unit
from handlers.report_view import seen_at

router = Router()


@router.button("report.docx", "report.xlsx")
def send_form(request: Request) -> None:
    """The filed version as Appendix 2."""
    _, report = seen_at(request, int(request.args[0]), int(request.args[1])) or (None, None)
    if report is not None:
        have_made(request, f"appendix2_{request.action.removeprefix('report.')}", report=report.id)


@router.button("report.people_docx", "report.people_xlsx")
def send_people(request: Request) -> None:
    """The members of a unit in the admin's part of the tree, and of all below it, as Appendix 1."""
    unit = request.session.get(Unit, int(request.args[0]))
    if unit is None or not units.is_within(unit, request.me.unit_id):
        request.reply("reports/not_yours")
        return
    have_made(request, f"appendix1_{request.action.removeprefix('report.people_')}", unit=unit.id)


def have_made(request: Request, kind: str, **subject: int) -> None:
    """Have a form made for this chat, and say that it is on its way."""
    wanted.want(request.session, request.setup, request.message.address, request.language, kind, subject, request.now)
    request.reply("reports/making", passing=True)


def taps_people(unit_id: int) -> Row:
    """Appendix 1 of the unit, for Word and for Excel."""
    word = Tap("reports.people_docx", "report.people_docx", (unit_id,))
    return word, Tap("reports.people_xlsx", "report.people_xlsx", (unit_id,))
