"""A filed report as the form of appendix 2, for Word and Excel."""

from collections.abc import Callable
from datetime import timedelta

from bot import outbox
from bot.campaigns import Campaign
from bot.documents.appendix2 import Appendix2, appendix2_docx, appendix2_of, appendix2_xlsx
from bot.documents.appendix2_rows import FormSection
from bot.documents.forms import Letterhead
from bot.domain.figures import UnitFigures
from bot.messages import FileKind
from bot.request import Access, Request
from bot.routing import Router
from bot.storage.models import Obligation, Report
from handlers.report_view import about, drafted, seen_at

router = Router()

MOMENT = timedelta(microseconds=1)
DRAWN: dict[str, Callable[[Appendix2], bytes]] = {"docx": appendix2_docx, "xlsx": appendix2_xlsx}


@router.button("report.docx", "report.xlsx", access=Access.UNIT_ADMIN)
def send_form(request: Request) -> None:
    """The filed version as a file: the same figures, with the names that people have now."""
    found = seen_at(request, int(request.args[0]), int(request.args[1]))
    owed, report = found or (None, None)
    if owed is None or report is None:
        return
    ending = request.action.removeprefix("report.")
    content = DRAWN[ending](_form(request, owed, report, drafted(request, owed, report).figures))
    name = f"bao-cao-{owed.period}-ban-{report.version}.{ending}"
    file = outbox.keep_file(request.session, name, content, FileKind.DOCUMENT, request.now)
    request.reply("reports/file", file=file, **about(request, owed), version=report.version)


def _form(request: Request, owed: Obligation, report: Report, figures: UnitFigures) -> Appendix2:
    setup, above = request.setup, owed.unit.parent
    head = Letterhead(
        owed.unit.name,
        setup.today(report.filed_at),
        superior=above.name if above else "",
        place=setup.campaign.province,
    )
    start, end = setup.today(owed.window_start), setup.today(owed.window_end - MOMENT)
    return appendix2_of(figures, _sections(setup.campaign), head, start, end)


def _sections(campaign: Campaign) -> list[FormSection]:
    """The form's sections with the names of their pages and groups."""
    found: dict[str, list[tuple[str, str]]] = {}
    for target in campaign.targets:
        found.setdefault(target.section, []).append((target.code, target.name))
    return [
        FormSection(number, "; ".join(name for _, name in of), tuple(code for code, _ in of))
        for number, of in sorted(found.items())
    ]
