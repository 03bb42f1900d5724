"""Filing a report: the form from the ledger, a line of remarks, a preview, the receipt. So is a correction."""

from typing import Any

from bot.actions import reports as filing
from bot.actions.report_figures import draft, fingerprint, freeze
from bot.actions.reports import FiledBefore, NotAsSeen, Shown
from bot.buttons import Row, Tap
from bot.request import Request
from bot.routing import Router
from bot.storage import reports
from bot.storage.models import Obligation, ObligationState, Report, ReportState
from handlers.report_view import about, lines, own_at, say_settled, totals
from handlers.reports import LINES, LONGEST_WORDS, leave, pages_of

router = Router()

MOST_GONE = 10


@router.button("report.file")
def show_form(request: Request) -> None:
    """The form of what is owed, or of a correction; too early, it only shows the figures so far."""
    owed = own_at(request, int(request.args[0]))
    if owed is None:
        return
    leave(request)
    made = draft(request.session, request.setup, owed)
    shown = lines(made.figures, made.below)
    before = reports.latest(request.session, owed.id)
    early = _too_early(request, owed)
    rows: list[Row] = [] if early else [(Tap("reports.next", "report.next", (owed.id,)),)]
    request.reply(
        "reports/form",
        *rows,
        pages_of(owed, None),
        (Tap("reports.list", "report.list"),),
        **about(request, owed),
        totals=totals(request, made.figures),
        lines=shown[:LINES],
        more=len(shown) - LINES,
        opens=request.setup.local(filing.opens_for_filing(owed)) if early else None,
        overdue=owed.state == ObligationState.OPEN and request.now > owed.due_at,
        before=before,
        changed=_changed(request, before if before and before.state == ReportState.FILED else None),
        last=_changed(request, reports.previous(request.session, owed)),
    )


@router.button("report.next")
def ask_remarks(request: Request) -> None:
    """A line of remarks, or none."""
    owed = own_at(request, int(request.args[0]))
    if owed is None or _refuse_early(request, owed):
        return
    before = reports.latest(request.session, owed.id)
    request.ask("report.remarks", {"obligation": owed.id})
    rows = (Tap("reports.skip", "report.skip", (owed.id,)), Tap("reports.cancel", "report.list"))
    request.reply("reports/remarks", rows, most=LONGEST_WORDS, old=before.remarks if before else None)


@router.step("report.remarks")
def take_remarks(request: Request) -> None:
    """The remarks as they were typed, on one line."""
    remarks = " ".join(request.message.text.split())
    owed = own_at(request, request.data["obligation"])
    if owed is None:
        request.end()
    elif not remarks or len(remarks) > LONGEST_WORDS:
        request.reply("reports/words_bad", (Tap("reports.skip", "report.skip", (owed.id,)),), most=LONGEST_WORDS)
    else:
        _preview(request, owed, remarks)


@router.button("report.skip")
def leave_remarks_out(request: Request) -> None:
    """No remarks."""
    owed = own_at(request, int(request.args[0]))
    if owed and not _refuse_early(request, owed):
        _preview(request, owed, None)


@router.button("report.send")
def send(request: Request) -> None:
    """File what the preview showed; if the figures changed in the meantime, show them again."""
    owed = own_at(request, int(request.args[0]), lock=True)
    if owed is None:
        return
    data = request.data
    at_it = request.conversation is not None and request.conversation.step == "report.preview"
    if not at_it or data["obligation"] != owed.id or int(request.args[1]) != data["version"]:
        request.notice("hint/stale")
        return
    shown = Shown(data["version"], data["hash"], data["remarks"])
    before = reports.latest(request.session, owed.id)
    try:
        report = filing.file(request.session, request.setup, owed, request.me, shown, request.now)
    except NotAsSeen:
        _preview(request, owed, shown.remarks, again=True)
    except FiledBefore:
        request.end()
        say_settled(request, owed)
    else:
        request.end()
        _receipt(request, report, before)


def _preview(request: Request, owed: Obligation, remarks: str | None, *, again: bool = False) -> None:
    made = draft(request.session, request.setup, owed)
    frozen = freeze(made, owed)
    before = reports.latest(request.session, owed.id)
    corrects = before is not None and before.state == ReportState.FILED
    if before and corrects and (before.figures, before.remarks) == (frozen, remarks):
        request.end()
        request.reply("reports/same", (Tap("reports.list", "report.list"),), **about(request, owed))
        return
    version = filing.next_version(before)
    data = {"obligation": owed.id, "version": version, "hash": fingerprint(frozen), "remarks": remarks}
    request.ask("report.preview", data)
    request.reply(
        "reports/preview",
        (Tap("reports.send", "report.send", (owed.id, version), solemn=True), Tap("reports.cancel", "report.list")),
        replace=True,
        **about(request, owed),
        totals=totals(request, made.figures),
        missing=sum(each.version is None and each.state != ObligationState.EXCUSED for each in made.below.values()),
        remarks=remarks,
        version=version,
        overdue=owed.state == ObligationState.OPEN and request.now > owed.due_at,
        again=again,
    )


def _receipt(request: Request, report: Report, before: Report | None) -> None:
    owed = report.obligation
    at = (owed.id, report.version)
    more, fewer = filing.difference(before, report) if before else (0, 0)
    request.reply(
        "reports/filed",
        (Tap("reports.show", "report.show", at),),
        (Tap("reports.docx", "report.docx", at), Tap("reports.xlsx", "report.xlsx", at)),
        replace=True,
        **about(request, owed),
        version=report.version,
        hash=report.hash[:8],
        at=request.setup.local(report.filed_at),
        late=owed.state == ObligationState.LATE,
        total=len(report.figures["posts"]),
        old=len(before.figures["posts"]) if before else None,
        added=more,
        dropped=fewer,
    )


def _changed(request: Request, report: Report | None) -> dict[str, Any] | None:
    """What became of a filed report's posts since; None if nothing did."""
    gone, added = filing.changes(request.session, request.setup, report) if report else ([], 0)
    if report is None or not (gone or added):
        return None
    return {
        "due": request.setup.local(report.obligation.due_at),
        "gone": [(post.id, post.state) for post in gone[:MOST_GONE]],
        "number": len(gone),
        "added": added,
    }


def _too_early(request: Request, owed: Obligation) -> bool:
    return owed.state == ObligationState.OPEN and request.now < filing.opens_for_filing(owed)


def _refuse_early(request: Request, owed: Obligation) -> bool:
    early = _too_early(request, owed)
    if early:
        request.notice("hint/stale")
    return early
