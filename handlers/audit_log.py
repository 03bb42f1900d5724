"""/nhatky: who changed what in one's unit and below, the newest first."""

from bot.actions import audit_log, wanted
from bot.buttons import Row, Tap
from bot.documents.audit_table import line_of, who_of
from bot.request import Request
from bot.routing import Router
from bot.storage import audit

router = Router()

A_PAGE = 8


@router.command("nhatky", "log")
def show(request: Request) -> None:
    """The latest changes."""
    _show(request)


@router.button("audit.older")
def older(request: Request) -> None:
    """Those before a row."""
    _show(request, before=int(request.args[0]))


@router.button("audit.newer")
def newer(request: Request) -> None:
    """Those after a row."""
    _show(request, after=int(request.args[0]))


@router.button("audit.table")
def have_table(request: Request) -> None:
    """All of it for Excel, made in the background."""
    subject = {"unit": request.me.unit_id}
    to, language = request.message.address, request.language
    wanted.want(request.session, request.setup, to, language, "audit", subject, request.now)
    request.reply("reports/making", passing=True)


def _show(request: Request, *, before: int | None = None, after: int | None = None) -> None:
    unit, session = request.me.unit, request.session
    rows = audit.of_unit(session, unit, A_PAGE, before=before, after=after, each=False)
    found = audit_log.gathered(session, request.setup, rows, unit, request.language)
    turn: list[Row] = []
    if rows and audit.of_unit(session, unit, 1, after=rows[0].id):
        turn.append((Tap("audit.newer", "audit.newer", (rows[0].id,)),))
    if rows and audit.of_unit(session, unit, 1, before=rows[-1].id, each=False):
        turn.append((Tap("audit.older", "audit.older", (rows[-1].id,)),))
    table: list[Row] = [(Tap("audit.table", "audit.table"),)] if rows else []
    lines = [(each, who_of(each, request.language), line_of(each, request.language)) for each in found]
    request.reply("audit/show", *turn, *table, replace=request.message.press is not None, unit=unit.name, lines=lines)
