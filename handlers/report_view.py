"""What the conversations about reports share: who may see one, and its figures as a message shows them."""

from collections.abc import Mapping
from typing import Any

from bot.actions.report_figures import Below, Draft, draft
from bot.actions.report_forms import filed
from bot.buttons import Row, Tap
from bot.domain.figures import ZERO, UnitFigures
from bot.request import Request
from bot.storage import reports, units
from bot.storage.models import Obligation, ObligationState, Report
from bot.storage.tasks import is_task

LIVE = 0
"""In place of a version's number: what the ledger says by now."""


def own_at(request: Request, number: int, *, lock: bool = False) -> Obligation | None:
    """The obligation of the admin's own unit, if it can be filed or corrected; says so if not."""
    owed = reports.locked(request.session, number) if lock else request.session.get(Obligation, number)
    if owed is None or owed.unit_id != request.me.unit_id:
        request.reply("reports/not_yours")
        return None
    if is_task(owed.duty):  # it has no figures, and is done by /nhiemvu
        request.notice("hint/stale")
        return None
    if owed.state in (ObligationState.EXCUSED, ObligationState.CLOSED):
        request.end()
        say_settled(request, owed)
        return None
    return owed


def seen_at(request: Request, number: int, version: int) -> tuple[Obligation, Report | None] | None:
    """An obligation in the admin's part of the tree with a version of its report, none for LIVE; says so if not."""
    owed = request.session.get(Obligation, number)
    if owed is None or not units.is_within(owed.unit, request.me.unit_id):
        request.reply("reports/not_yours")
        return None
    known = {report.version: report for report in reports.versions(request.session, number)}
    if version != LIVE and version not in known:
        request.notice("hint/stale")
        return None
    return owed, known.get(version)


def drafted(request: Request, owed: Obligation, report: Report | None) -> Draft:
    """A filed version as it was frozen, with the names that its people have now; without one, the figures by now."""
    return filed(request.session, report) if report else draft(request.session, request.setup, owed)


def about(request: Request, owed: Obligation) -> dict[str, Any]:
    """What each message about a report begins with."""
    return {
        "unit": owed.unit.name,
        "duty": owed.duty.rule,
        "due": request.setup.local(owed.due_at),
        "start": request.setup.local(owed.window_start),
        "end": request.setup.local(owed.window_end),
    }


def totals(request: Request, figures: UnitFigures) -> dict[str, Any]:
    """Members by kind and posts by target, as a message shows them."""
    campaign = request.setup.campaign
    kinds = {kind.code: {"vi": kind.vi, "en": kind.en} for kind in campaign.membership.kinds}
    targets = [(target.section, target.name, figures.counts.get(target.code, ZERO)) for target in campaign.targets]
    known = {target.code for target in campaign.targets}
    others = sum((count for target, count in figures.counts.items() if target not in known), ZERO)
    members = [(kinds[kind], number) for kind, number in sorted(figures.members.items()) if number and kind in kinds]
    return {
        "members": members,
        "everybody": sum(figures.members.values()),
        "targets": [*targets, *([(None, None, others)] if others.total else [])],
        "total": figures.total,
    }


def lines(figures: UnitFigures, below: Mapping[int, Below]) -> list[dict[str, Any]]:
    """A line for each unit right below, and one for the unit's own people; without any, one for each member."""
    if not figures.units:
        return [{"name": line.name, "total": line.total, "below": None, "live": None} for line in figures.people]
    own = figures.own
    shown = [_unit_line(unit, below.get(unit.unit_id)) for unit in figures.units]
    if any(own.members.values()) or own.total.total:
        shown.insert(0, {"name": figures.name, "total": own.total, "below": None, "live": None})
    return shown


def say_settled(request: Request, owed: Obligation) -> None:
    """Say that there is nothing to file: it was filed, excused or is not owed any more."""
    report = reports.latest(request.session, owed.id)
    by = report.filed_by.full_name if report else None
    show = Tap("reports.show", "report.show", (owed.id, report.version)) if report else None
    rows: list[Row] = [(show,)] if show else []
    at = request.setup.local(report.filed_at) if report else None
    version = report.version if report else None
    state, reason = owed.state, owed.reason
    request.reply(
        "reports/settled", *rows, **about(request, owed), state=state, reason=reason, version=version, by=by, at=at
    )


def _unit_line(unit: UnitFigures, below: Below | None) -> dict[str, Any]:
    differs = below is not None and below.live is not None and below.version and below.live != unit.total
    return {"name": unit.name, "total": unit.total, "below": below, "live": below.live if below and differs else None}
