"""Filing a report as a frozen version, correcting it by another one, returning it for repair."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.actions.report_figures import draft, fingerprint, fingerprint_of, freeze, thaw
from bot.buttons import Tap
from bot.setup import Setup
from bot.speech import say_to_person
from bot.storage import people, reports, units
from bot.storage.models import Membership, Obligation, ObligationState, Post, Report, ReportState

EARLY = timedelta(days=1)
"""So long before the end of its window a report may be filed."""

SETTLED = (ObligationState.FILED, ObligationState.LATE)


class NotAsSeen(Exception):
    """The figures are no longer those that were shown; they have to be shown again."""


class FiledBefore(Exception):
    """Another version was filed in the meantime, or the report is not owed any more."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the author saw before he files it: the version that it will be, the hash of its figures, his remarks."""

    version: int
    hash: str
    remarks: str | None


def file(session: Session, setup: Setup, owed: Obligation, by: Membership, shown: Shown, now: datetime) -> Report:
    """File what was shown; FiledBefore and NotAsSeen tell why not. The caller holds the obligation locked."""
    before = reports.latest(session, owed.id)
    if shown.version != next_version(before) or owed.state not in (ObligationState.OPEN, *SETTLED):
        raise FiledBefore
    frozen = freeze(draft(session, setup, owed), owed)
    if fingerprint(frozen) != shown.hash:
        raise NotAsSeen
    if before and before.state == ReportState.FILED:
        before.state = ReportState.REPLACED
    report = _write(session, owed, by, shown, frozen, now)
    if owed.state == ObligationState.OPEN:
        owed.state = ObligationState.LATE if now > owed.due_at else ObligationState.FILED
        owed.settled_at, owed.settled_by_id, owed.reason = now, by.id, None
    session.flush()
    _tell_above(session, setup, report, now)
    return report


def _write(
    session: Session, owed: Obligation, by: Membership, shown: Shown, frozen: dict[str, Any], now: datetime
) -> Report:
    report = Report(obligation_id=owed.id, version=shown.version, figures=frozen, remarks=shown.remarks)
    report.obligation, report.filed_by, report.filed_by_id, report.filed_at = owed, by, by.id, now
    report.hash = fingerprint_of(report)
    session.add(report)
    return report


def give_back(session: Session, setup: Setup, report: Report, by: Membership, reason: str, now: datetime) -> bool:
    """Return a standing report for repair: it is owed again, and its author hears why. False if it stands no more."""
    owed = reports.locked(session, report.obligation_id)
    session.refresh(report)
    if owed is None or report.state != ReportState.FILED:
        return False
    report.state, report.returned_at, report.returned_by_id, report.reason = ReportState.RETURNED, now, by.id, reason
    owed.state, owed.settled_at, owed.settled_by_id = ObligationState.OPEN, None, None
    session.flush()
    persons = {admin.person_id for admin in people.deciders_in(session, owed.unit)} | {report.filed_by.person_id}
    values: dict[str, Any] = {
        "duty": owed.duty.rule,
        "due": setup.local(owed.due_at),
        "reason": reason,
        "by": by.unit.name,
    }
    again = Tap("reports.again", "report.file", (owed.id,))
    for person in sorted(each for each in persons if each):
        say_to_person(session, setup, person, "reports/given_back", now, rows=[(again,)], **values)
    return True


def may_change(owed: Obligation, by: Membership) -> bool:
    """Whether he stands over the unit: on its part of the tree, and never on his own unit."""
    decides = by.role in people.ROLES_THAT_DECIDE
    return decides and owed.unit_id != by.unit_id and units.is_within(owed.unit, by.unit_id)


def opens_for_filing(owed: Obligation) -> datetime:
    """From when on the report may be filed."""
    return owed.window_end - EARLY


def next_version(before: Report | None) -> int:
    """The number of the version that comes after this one."""
    return before.version + 1 if before else 1


def changes(session: Session, setup: Setup, report: Report) -> tuple[list[Post], int]:
    """What became of a filed report's period since: its posts that count no more, and how many count besides."""
    held = set(report.figures["posts"])
    added = [post for post in draft(session, setup, report.obligation).posts if post not in held]
    return list(reports.no_longer_counted(session, report)), len(added)


def difference(before: Report, report: Report) -> tuple[int, int]:
    """How many posts a version has more than the one before, and how many of that one's it has not."""
    old, new = set(before.figures["posts"]), set(report.figures["posts"])
    return len(new - old), len(old - new)


def _tell_above(session: Session, setup: Setup, report: Report, now: datetime) -> None:
    """The admins of the unit right above hear of it; nobody higher, who would hear of hundreds."""
    owed = report.obligation
    admins = people.deciders_in(session, owed.unit.parent) if owed.unit.parent else ()
    values: dict[str, Any] = {"unit": owed.unit.name, "duty": owed.duty.rule, "due": setup.local(owed.due_at)}
    values |= {"version": report.version, "late": owed.state == ObligationState.LATE}
    values |= {"total": thaw(report.figures).total}
    show = Tap("reports.show", "report.show", (owed.id, report.version))
    for person in sorted({admin.person_id for admin in admins if admin.person_id} - {report.filed_by.person_id}):
        say_to_person(session, setup, person, "reports/told", now, rows=[(show,)], **values)
