"""/baocao: what a unit owes and has filed; a filed report with its figures, members and posts; returning it."""

from typing import Any

from bot.actions import excuses
from bot.actions import reports as filing
from bot.actions.report_figures import fingerprint_of
from bot.actions.targets import target_named
from bot.buttons import Row, Tap
from bot.request import Request
from bot.routing import Router
from bot.storage import obligations, reports, units
from bot.storage.models import Membership, Obligation, ObligationState, Post, Report, ReportState, Unit
from bot.storage.tasks import is_task
from handlers.report_files import taps_people
from handlers.report_view import LIVE, about, drafted, lines, say_settled, seen_at, totals

router = Router()

MOST_OWED, MOST_FILED = 8, 6
LINES = 15  # of sub-units or members in a report; on pages of their own there are more
LINES_OF_PAGE, POSTS_OF_PAGE = 25, 8
MOST_VERSIONS = 5
LONGEST_WORDS = 500


@router.command("baocao", "report")
@router.button("report.list")
def list_own(request: Request) -> None:
    """What the admin's own unit owes, overdue first, and what it has filed."""
    leave(request)
    _list(request, request.me.unit)


@router.button("report.unit")
def list_of_unit(request: Request) -> None:
    """The same of a unit in his part of the tree."""
    unit = request.session.get(Unit, int(request.args[0]))
    if unit is None or not units.is_within(unit, request.me.unit_id):
        request.reply("reports/not_yours")
        return
    _list(request, unit)


@router.button("report.show")
def show(request: Request) -> None:
    """A filed version, as it was frozen; 0 stands for the latest."""
    number, version = int(request.args[0]), int(request.args[1])
    latest = reports.latest(request.session, number)
    found = seen_at(request, number, version or (latest.version if latest else LIVE))
    if found is None:
        return
    owed, report = found
    if report is None:
        say_settled(request, owed)
        return
    made = drafted(request, owed, report)
    shown = lines(made.figures, made.below)
    by = request.session.get(Membership, report.returned_by_id) if report.returned_by_id else None
    request.reply(
        "reports/show",
        *_rows(request, owed, report),
        **about(request, owed),
        totals=totals(request, made.figures),
        lines=shown[:LINES],
        more=len(shown) - LINES,
        report=report,
        intact=fingerprint_of(report) == report.hash,
        late=report.filed_at > owed.due_at,
        at=request.setup.local(report.filed_at),
        by=report.filed_by.full_name,
        returned_by=by.unit.name if by else None,
    )


@router.button("report.page")
def turn_page(request: Request) -> None:
    """All sub-units or members of a report, or the posts behind its figures; a page at a time."""
    what, number, version, page = request.args[0], *map(int, request.args[1:])
    found = seen_at(request, number, version)
    if found and what == "posts":
        _list_posts(request, *found, page)
    elif found:
        _list_lines(request, *found, page)


@router.button("report.return")
def ask_reason(request: Request) -> None:
    """Why it goes back: typed."""
    report = _returnable(request, int(request.args[0]))
    if report:
        request.ask("report.reason", {"report": report.id})
        keep = (Tap("reports.cancel", "report.show", (report.obligation_id, report.version)),)
        request.reply("reports/return", keep, **about(request, report.obligation), version=report.version)


@router.step("report.reason")
def give_back(request: Request) -> None:
    """Return the report for repair with the reason that was typed."""
    report = _returnable(request, request.data["report"])
    reason = " ".join(request.message.text.split())
    if report is None:
        request.end()
    elif not reason or len(reason) > LONGEST_WORDS:
        request.reply("reports/words_bad", most=LONGEST_WORDS)
    else:
        request.end()
        filing.give_back(request.session, request.setup, report, request.me, reason, request.now)
        request.reply("reports/returned", **about(request, report.obligation), version=report.version, reason=reason)


def leave(request: Request) -> None:
    """Leave a report that was being filled; another conversation goes on."""
    if request.conversation and request.conversation.step.startswith("report."):
        request.end()


def pages_of(owed: Obligation, report: Report | None) -> Row:
    """The buttons that lead to the posts behind the figures, and to all sub-units or members."""
    at = (owed.id, report.version if report else LIVE, 0)
    posts = Tap("reports.posts", "report.page", ("posts", *at))
    return (posts, Tap("reports.lines", "report.page", ("lines", *at)))


def back_to(owed: Obligation, report: Report | None) -> Row:
    """The button that leads back to the report, or to the form."""
    if report:
        return (Tap("reports.back", "report.show", (owed.id, report.version)),)
    return (Tap("reports.form", "report.file", (owed.id,)),)


def _list_lines(request: Request, owed: Obligation, report: Report | None, page: int) -> None:
    made = drafted(request, owed, report)
    shown = list(enumerate(lines(made.figures, made.below), 1))
    request.reply(
        "reports/lines",
        *_turning("lines", owed, report, page, page * LINES_OF_PAGE + LINES_OF_PAGE < len(shown)),
        back_to(owed, report),
        replace=True,
        **about(request, owed),
        lines=shown[page * LINES_OF_PAGE : (page + 1) * LINES_OF_PAGE],
        total=made.figures.total,
        filed=report is not None,
    )


def _list_posts(request: Request, owed: Obligation, report: Report | None, page: int) -> None:
    """By unit, member and target, so that each figure can be counted."""
    ids = drafted(request, owed, report).posts
    here = reports.with_ids(request.session, ids[page * POSTS_OF_PAGE : (page + 1) * POSTS_OF_PAGE])
    request.reply(
        "reports/posts",
        *_turning("posts", owed, report, page, (page + 1) * POSTS_OF_PAGE < len(ids)),
        back_to(owed, report),
        replace=True,
        **about(request, owed),
        posts=[_post_line(request, post) for post in here],
        total=len(ids),
        page=page + 1,
        pages=max(1, -(-len(ids) // POSTS_OF_PAGE)),
    )


def _list(request: Request, unit: Unit) -> None:
    own = unit.id == request.me.unit_id
    still_due = obligations.still_due(request.session, request.setup.campaign.code, [unit.id], request.now)
    owed = [each for each in still_due if not is_task(each.duty)][:MOST_OWED]
    filed = [each for each in reports.settled(request.session, unit.id, MOST_FILED) if not is_task(each.duty)]
    rows: list[Row] = [(_tap_owed(request, each),) for each in owed] if own else []
    with_report = [(each, reports.latest(request.session, each.id)) for each in filed]
    rows += [(_tap_filed(request, each, report),) for each, report in with_report if report]
    rows += [(_tap_excused(request, each),) for each in filed if _may_take_back(request, each)]
    rows.append(taps_people(unit.id))
    request.reply(
        "reports/list",
        *rows,
        replace=request.message.press is not None,
        unit=unit.name,
        owed=[_line(request, each, reports.latest(request.session, each.id)) for each in owed],
        filed=[_line(request, each, report) for each, report in with_report],
        more=own and bool(owed),
    )


def _line(request: Request, owed: Obligation, report: Report | None) -> dict[str, Any]:
    return {
        "duty": owed.duty.rule,
        "due": request.setup.local(owed.due_at),
        "state": owed.state,
        "overdue": owed.state == ObligationState.OPEN and request.now > owed.due_at,
        "returned": report is not None and report.state == ReportState.RETURNED,
        "reason": owed.reason,
        "at": request.setup.local(owed.settled_at) if owed.settled_at else None,
        "version": report.version if report else None,
    }


def _tap_owed(request: Request, owed: Obligation) -> Tap:
    overdue = request.now > owed.due_at
    name = {"name": _short_name(request, owed)}
    if overdue:
        return Tap("reports.overdue", "report.file", (owed.id,), name)
    return Tap("reports.owed", "report.file", (owed.id,), name)


def _tap_filed(request: Request, owed: Obligation, report: Report) -> Tap:
    return Tap("reports.filed", "report.show", (owed.id, report.version), {"name": _short_name(request, owed)})


def _tap_excused(request: Request, owed: Obligation) -> Tap:
    return Tap("reports.excused", "excuse.show", (owed.id,), {"name": _short_name(request, owed)})


def _may_take_back(request: Request, owed: Obligation) -> bool:
    return owed.state == ObligationState.EXCUSED and excuses.may_take_back(request.me, owed)


def _short_name(request: Request, owed: Obligation) -> str:
    due = request.setup.local(owed.due_at)
    return f"{owed.duty.rule[request.language]} · {due.day}/{due.month}/{due.year}"


def _rows(request: Request, owed: Obligation, report: Report) -> list[Row]:
    at = (owed.id, report.version)
    rows: list[Row] = [pages_of(owed, report)]
    rows.append((Tap("reports.docx", "report.docx", at), Tap("reports.xlsx", "report.xlsx", at)))
    if owed.unit_id == request.me.unit_id:
        stands = report.state == ReportState.FILED
        rows += [(Tap("reports.correct", "report.file", (owed.id,)),)] if stands else []
        rows.append((Tap("reports.list", "report.list"),))
    elif _may_return(request, report):
        rows.append((Tap("reports.return", "report.return", (report.id,)),))
    others = [each.version for each in reports.versions(request.session, owed.id) if each.version != report.version]
    taps = [Tap("reports.version", "report.show", (owed.id, each), {"number": each}) for each in others]
    return [*rows, tuple(taps[:MOST_VERSIONS])] if taps else rows


def _returnable(request: Request, number: int) -> Report | None:
    report = request.session.get(Report, number, populate_existing=True)
    if report is None or not filing.may_change(report.obligation, request.me):
        request.reply("reports/not_yours")
        return None
    if not _may_return(request, report):
        request.notice("hint/stale")
        return None
    return report


def _may_return(request: Request, report: Report) -> bool:
    mine = report.filed_by.person_id == request.me.person_id
    stands = report.state == ReportState.FILED
    return stands and not mine and filing.may_change(report.obligation, request.me)


def _post_line(request: Request, post: Post) -> dict[str, Any]:
    return {
        "number": post.id,
        "url": post.url,
        "by": post.membership.full_name,
        "at": request.setup.local(post.handed_in_at),
        "target": target_named(request.setup, post.target),
        "state": post.state,
    }


def _turning(what: str, owed: Obligation, report: Report | None, page: int, more: bool) -> list[Row]:
    at = (what, owed.id, report.version if report else LIVE)
    before = (Tap("reports.before", "report.page", (*at, page - 1)),) if page else ()
    after = (Tap("reports.after", "report.page", (*at, page + 1)),) if more else ()
    return [(*before, *after)] if before or after else []
