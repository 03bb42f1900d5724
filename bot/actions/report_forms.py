"""The forms of reports: Appendix 1 and 2, the table of who filed; what each is made of at the moment of drawing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import completeness
from bot.actions.report_figures import Below, Draft, thaw
from bot.campaigns import Campaign
from bot.documents.appendix1 import Appendix1, Person, appendix1_docx, appendix1_xlsx
from bot.documents.appendix2 import Appendix2, appendix2_docx, appendix2_of, appendix2_xlsx
from bot.documents.appendix2_rows import FormSection
from bot.documents.completeness import completeness_xlsx
from bot.documents.forms import Letterhead
from bot.domain.figures import UnitFigures
from bot.domain.folding import fold
from bot.setup import Setup
from bot.storage import reports, units
from bot.storage.models import Membership, MembershipState, Obligation, Report, Unit
from bot.storage.people import ROLES_THAT_DECIDE

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to be made by `function` of bot/documents with `args`, and the text that goes with it."""

    function: Callable[..., bytes]
    args: tuple[Any, ...]
    file: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


Kind = Callable[[Session, Setup, Mapping[str, int], str, datetime], Wanted]
"""What a row's subject stands for, in a language, at a moment."""


def filed(session: Session, report: Report) -> Draft:
    """A filed version as it was frozen, with the names that its people have now."""
    ids = [each["id"] for each in report.figures["people"]]
    figures = thaw(report.figures, reports.members(session, ids))
    below = {int(unit): Below(each["state"], each["version"], None) for unit, each in report.figures["below"].items()}
    return Draft(figures, tuple(report.figures["posts"]), below)


def appendix1(
    session: Session, setup: Setup, subject: Mapping[str, int], _language: str, now: datetime, *, ending: str
) -> Wanted:
    """The members of a unit and of all below it, by now: its administrators, then the others, in the tree's order."""
    unit, today = session.get_one(Unit, subject["unit"]), setup.today(now)
    there = [unit, *units.living_below(session, unit.id, today)]
    there.sort(key=lambda each: [(above.folded, above.id) for above in reversed(units.path(each))])
    listed = _people(session, {each.id: (place, each.name) for place, each in enumerate(there)})
    deciding, others = (tuple(person for person, decides in listed if decides is which) for which in (True, False))
    data = Appendix1(_head(setup, unit, now), unit.name, deciding, others)
    function = {"docx": appendix1_docx, "xlsx": appendix1_xlsx}[ending]
    name = fold(unit.name).replace(" ", "-")
    return Wanted(function, (data,), f"phu-luc-1-{name}.{ending}", "reports/people")


def appendix2(
    session: Session, setup: Setup, subject: Mapping[str, int], _language: str, _now: datetime, *, ending: str
) -> Wanted:
    """A filed version: the same figures, with the names that people have now."""
    report = session.get_one(Report, subject["report"])
    owed = report.obligation
    data = filled_in(setup, owed, filed(session, report).figures, report.filed_at)
    function = {"docx": appendix2_docx, "xlsx": appendix2_xlsx}[ending]
    values = {"duty": owed.duty.rule, "unit": owed.unit.name, "version": report.version}
    return Wanted(function, (data,), f"bao-cao-{owed.period}-ban-{report.version}.{ending}", "reports/file", values)


def filled_in(setup: Setup, owed: Obligation, figures: UnitFigures, made_at: datetime) -> Appendix2:
    """Appendix 2 of an obligation with these figures."""
    start, end = setup.today(owed.window_start), setup.today(owed.window_end - MOMENT)
    return appendix2_of(figures, _sections(setup.campaign), _head(setup, owed.unit, made_at), start, end)


def filings(session: Session, setup: Setup, subject: Mapping[str, int], _language: str, now: datetime) -> Wanted:
    """How each unit of a part of the tree kept each duty over the last three months."""
    table = completeness.table(session, setup, session.get_one(Unit, subject["unit"]), now)
    values = {"unit": table.of, "start": table.start, "end": table.end}
    return Wanted(completeness_xlsx, (table,), "tien-do-bao-cao.xlsx", "reports/table", values)


def _people(session: Session, places: Mapping[int, tuple[int, str]]) -> list[tuple[Person, bool]]:
    """The active members of these units with whether they decide there; the units' places give the order."""
    columns = (Membership.rank, Membership.position, Membership.facebook_name)
    statement = select(Membership.unit_id, Membership.role, Membership.full_name, *columns).order_by(Membership.id)
    active = (Membership.unit_id.in_(list(places)), Membership.state == MembershipState.ACTIVE)
    rows = sorted(session.execute(statement.where(*active)).all(), key=lambda row: places[row[0]][0])
    return [
        (Person(name or "", rank or "", position or "", places[unit_id][1], page or ""), role in ROLES_THAT_DECIDE)
        for unit_id, role, name, rank, position, page in rows
    ]


def _head(setup: Setup, unit: Unit, made_at: datetime) -> Letterhead:
    superior = unit.parent.name if unit.parent else ""
    return Letterhead(unit.name, setup.today(made_at), superior=superior, place=setup.campaign.province)


def _sections(campaign: Campaign) -> list[FormSection]:
    """The form's sections with the names of their pages and groups."""
    found: dict[str, list[tuple[str, str]]] = {}
    for target in campaign.targets:
        found.setdefault(target.section, []).append((target.code, target.name))
    return [
        FormSection(number, "; ".join(name for _, name in of), tuple(code for code, _ in of))
        for number, of in sorted(found.items())
    ]


FORMS: Mapping[str, Kind] = {
    **{f"appendix1_{ending}": partial(appendix1, ending=ending) for ending in ("docx", "xlsx")},
    **{f"appendix2_{ending}": partial(appendix2, ending=ending) for ending in ("docx", "xlsx")},
    "completeness": filings,
}
