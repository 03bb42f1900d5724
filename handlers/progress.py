"""/tiendo: how far one is with one's quota; for admins who has filed, who is missing, and excusing a unit."""

from typing import Any

from bot.actions import completeness, wanted
from bot.actions import reports as filing
from bot.actions.progress import progress
from bot.actions.quota_lines import reached_quotas
from bot.buttons import Row, Tap
from bot.request import Access, Request
from bot.routing import Router
from bot.storage import reports, units
from bot.storage.models import Duty, Obligation, ObligationState
from bot.storage.reports import Standing
from handlers.report_files import have_made, taps_people
from handlers.report_view import about

router = Router()

A_PAGE = 8
LONGEST_REASON = 200
PAPER = "paper"
"""The reason that the texts say as “filed on paper”; all others are said as they were typed."""


@router.command("tiendo", "progress")
@router.button("progress.show")
def show(request: Request) -> None:
    """One's own quotas; for an admin those below him as well, and for each duty its latest periods."""
    if request.access < Access.UNIT_ADMIN:
        own = progress(request.session, request.setup, request.me, request.now)
        request.reply("reports/own_progress", unit=request.me.unit.name, progress=own)
    else:
        _show_unit(request)


def _show_unit(request: Request) -> None:
    """For each duty its latest periods: expected, filed, on time, late, excused, open."""
    asked = progress(request.session, request.setup, request.me, request.now).quotas
    found = completeness.overview(request.session, request.setup, request.me.unit, request.now)
    rows: list[Row] = [(_tap_missing(request, each),) for each in found if each.open]
    if found:
        rows.append((Tap("reports.table", "progress.table"),))
    rows.append(taps_people(request.me.unit_id))
    over = {each.duty.id: each for each in found if each.due_at < request.now}
    rows += [(_tap_map(request, each),) for each in over.values()]
    request.reply(
        "reports/progress",
        *rows,
        replace=request.message.press is not None,
        unit=request.me.unit.name,
        mine=[each for each in asked if each.who == "member"],
        own=[each for each in asked if each.who == "unit"],
        quotas=reached_quotas(request.session, request.setup, request.me.unit, request.now),
        periods=[(each.duty.rule, request.setup.local(each.due_at), each.due_at < request.now, each) for each in found],
    )


@router.button("progress.map")
def draw_map(request: Request) -> None:
    """Which unit filed in which period, as a picture: drawn in the background."""
    duty = request.session.get(Duty, int(request.args[0]))
    if duty is None or duty.campaign != request.setup.campaign.code:
        request.notice("hint/stale")
        return
    to, subject = request.message.address, {"unit": request.me.unit_id, "duty": duty.id}
    wanted.want(request.session, request.setup, to, request.language, "heat_map", subject, request.now)
    request.reply("pictures/drawing", passing=True)


@router.button("progress.missing")
def list_missing(request: Request) -> None:
    """The units that have not filed for a period, a page at a time."""
    duty_id, period, page = int(request.args[0]), request.args[1], int(request.args[2])
    duty = request.session.get(Duty, duty_id)
    missing = reports.missing(request.session, duty_id, period, request.me.unit_id)
    here = missing[page * A_PAGE : (page + 1) * A_PAGE]
    at = (duty_id, period)
    before = (Tap("reports.before", "progress.missing", (*at, page - 1)),) if page else ()
    after = (Tap("reports.after", "progress.missing", (*at, page + 1)),) if (page + 1) * A_PAGE < len(missing) else ()
    request.reply(
        "reports/missing",
        *[(Tap("reports.unit", "progress.unit", (owed.id,), {"path": _place(owed)}),) for owed in here],
        *([(*before, *after)] if before or after else []),
        (Tap("reports.progress", "progress.show"),),
        replace=True,
        duty=duty.rule if duty else None,
        due=request.setup.local(missing[0].due_at) if missing else None,
        units=[(number, _place(owed)) for number, owed in enumerate(here, page * A_PAGE + 1)],
        total=len(missing),
    )


@router.button("progress.unit")
def show_unit(request: Request) -> None:
    """What a unit owes for the period, its reports, and what a coordinator may do about it."""
    owed = _below(request, int(request.args[0]))
    if owed is None:
        return
    rows: list[Row] = [(Tap("reports.unit_reports", "report.unit", (owed.unit_id,)),), taps_people(owed.unit_id)]
    if _may_excuse(request, owed):
        rows.append((Tap("reports.excuse", "progress.excuse", (owed.id,)),))
    rows.append((Tap("reports.back_missing", "progress.missing", (owed.duty_id, owed.period, 0)),))
    request.reply(
        "reports/unit", *rows, replace=True, **about(request, owed), state=owed.state, overdue=request.now > owed.due_at
    )


@router.button("progress.excuse")
def ask_reason(request: Request) -> None:
    """Why the unit need not file: on paper, or in the coordinator's own words."""
    owed = _below(request, int(request.args[0]))
    if owed is None or not _may_excuse(request, owed):
        _refuse(request, owed)
        return
    request.ask("progress.reason", {"obligation": owed.id})
    rows = (
        Tap("reports.paper", "progress.paper", (owed.id,), solemn=True, verb="verbs.file"),
        Tap("reports.cancel", "progress.unit", (owed.id,)),
    )
    request.reply("reports/excuse", rows, replace=True, **about(request, owed), most=LONGEST_REASON)


@router.button("progress.paper")
def excuse_for_paper(request: Request) -> None:
    """The report was filed on paper."""
    _excuse(request, int(request.args[0]), PAPER)


@router.step("progress.reason")
def excuse(request: Request) -> None:
    """The reason as it was typed."""
    reason = " ".join(request.message.text.split())
    if not reason or len(reason) > LONGEST_REASON:
        request.reply("reports/words_bad", most=LONGEST_REASON)
        return
    _excuse(request, request.data["obligation"], reason)


@router.button("progress.table")
def send_table(request: Request) -> None:
    """The filings of the last three months, for Excel."""
    have_made(request, "completeness", unit=request.me.unit_id)


def _excuse(request: Request, number: int, reason: str) -> None:
    _leave(request)
    owed = reports.locked(request.session, number)
    if owed is None or not _may_excuse(request, owed):
        _refuse(request, owed)
        return
    completeness.excuse(request.session, owed, request.me, reason, request.now)
    told = completeness.tell_excused(request.session, request.setup, owed, request.me, request.now)
    back = (Tap("reports.back_missing", "progress.missing", (owed.duty_id, owed.period, 0)),)
    request.reply("reports/excuse_done", back, **about(request, owed), reason=reason, told=told)


def _below(request: Request, number: int) -> Obligation | None:
    owed = request.session.get(Obligation, number)
    if owed is None or not units.is_within(owed.unit, request.me.unit_id):
        request.reply("reports/not_yours")
        return None
    return owed


def _may_excuse(request: Request, owed: Obligation) -> bool:
    return (
        request.access >= Access.COORDINATOR
        and owed.state == ObligationState.OPEN
        and filing.may_change(owed, request.me)
    )


def _refuse(request: Request, owed: Obligation | None) -> None:
    """Whose unit it is not hears that; else the button is too old. Silent if that was said before."""
    if owed is None or not filing.may_change(owed, request.me):
        request.reply("reports/not_yours")
    else:
        request.notice("hint/stale")


def _leave(request: Request) -> None:
    if request.conversation and request.conversation.step.startswith("progress."):
        request.end()


def _tap_missing(request: Request, each: Standing) -> Tap:
    due = request.setup.local(each.due_at)
    values: dict[str, Any] = {"name": f"{each.duty.rule[request.language]} {due.day}/{due.month}", "number": each.open}
    return Tap("reports.missing", "progress.missing", (each.duty.id, each.period, 0), values)


def _place(owed: Obligation) -> str:
    above = owed.unit.parent
    return f"{owed.unit.name}, {above.name}" if above else owed.unit.name


def _tap_map(request: Request, each: Standing) -> Tap:
    return Tap("reports.map", "progress.map", (each.duty.id,), {"name": each.duty.rule[request.language]})
