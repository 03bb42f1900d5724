"""The commendation list on paper: the same figures as in the chat, asked for by the days of its period."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from bot.actions.commendation import commend
from bot.actions.commendation_classes import Class, Line
from bot.actions.report_forms import Kind, Wanted
from bot.documents.commendation import (
    CommendationList,
    PeerClass,
    Proposal,
    commendation_docx,
    commendation_xlsx,
)
from bot.documents.forms import Letterhead
from bot.domain.commendation import POINTS
from bot.domain.folding import fold
from bot.domain.periods import Period, between
from bot.setup import Setup
from bot.storage.models import Unit


def subject_of(unit: Unit, period: Period) -> dict[str, int]:
    """What a wanted file remembers."""
    return {"unit": unit.id, "first": period.start.toordinal(), "last": period.last.toordinal()}


def paper(
    session: Session, setup: Setup, subject: Mapping[str, int], _language: str, now: datetime, *, ending: str
) -> Wanted:
    """The list by now. LookupError if the period is still to come."""
    unit = session.get_one(Unit, subject["unit"])
    period = between(date.fromordinal(subject["first"]), date.fromordinal(subject["last"]))
    found = commend(session, setup, unit, period, now)
    if found is None:
        raise LookupError("the period has not begun")
    superior = unit.parent.name if unit.parent else ""
    head = Letterhead(unit.name, setup.today(now), superior, setup.campaign.province, symbol="TTr")
    points = (POINTS["posts"], POINTS["on_time"], POINTS["quota"], POINTS["improvement"])
    of_units, people = _classes(found.units), _classes(found.people)
    end = min(found.window.last, period.end - timedelta(days=1))
    data = CommendationList(head, unit.name, period.start, end, found.running, points, of_units, people)
    name = f"khen-thuong-{period.start:%Y%m%d}-{end:%Y%m%d}-{fold(unit.name).replace(' ', '-')}.{ending}"
    function = {"docx": commendation_docx, "xlsx": commendation_xlsx}[ending]
    values = {"unit": unit.name, "start": period.start, "end": end}
    return Wanted(function, (data,), name, "commendation/file", values)


def _classes(found: Iterable[Class]) -> tuple[PeerClass, ...]:
    return tuple(PeerClass(each.vi, tuple(map(_line, each.lines)), each.others, each.other_posts) for each in found)


def _line(line: Line) -> Proposal:
    tally = line.score.tally
    return Proposal(
        place=line.score.place,
        name=f"{line.name}, {line.unit}" if line.unit else line.name,
        posts=tally.posts,
        rate=None if line.unit else int(tally.rate * 100),
        on_time=(tally.on_time, tally.due) if tally.due else None,
        reached=(tally.reached, tally.quotas) if tally.quotas else None,
        before=tally.before,
        points=line.score.total,
    )


FORMS: Mapping[str, Kind] = {f"commendation_{ending}": partial(paper, ending=ending) for ending in ("docx", "xlsx")}
