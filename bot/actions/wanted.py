"""Pictures and forms that somebody asked for: a row each, made by bot/drawing.py outside any transaction, then sent."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.actions import (
    audit_log,
    broadcast_report,
    commendation_files,
    data_requests,
    deadline_changes,
    member_list,
    page_files,
    report_forms,
    roster_files,
)
from bot.actions.report_forms import Kind, Wanted
from bot.documents.deadline import Deadline
from bot.documents.heat_map import MOST_PERIODS, State, heat_map
from bot.documents.words import WORDS
from bot.documents.year_ahead import year_ahead
from bot.drawing import Drawing, Gathered
from bot.messages import Address, FileKind
from bot.setup import Setup
from bot.speech import say
from bot.storage import duties, obligations, units
from bot.storage.models import Duty, Obligation, ObligationState, Unit, WantedFile

# Who still looks at the chat after an hour asks again.
WANTED_FOR = timedelta(hours=1)
YEAR = timedelta(days=366)
STATE_OF = {
    ObligationState.FILED: State.FILED,
    ObligationState.LATE: State.LATE,
    ObligationState.EXCUSED: State.EXCUSED,
    ObligationState.OPEN: State.OPEN,
    ObligationState.CLOSED: State.NONE,
}


def want(
    session: Session, setup: Setup, to: Address, language: str, kind: str, subject: Mapping[str, int], now: datetime
) -> None:
    """Have a file of `KINDS` made and sent to a chat; the caller has seen to it that the chat may have it.

    He also says in words that it is on its way.
    """
    row = WantedFile(channel=to.channel, chat=to.chat, language=language, kind=kind, wanted_at=now)
    row.campaign, row.subject = setup.campaign.code, dict(subject)
    session.add(row)
    session.flush()


def next_wanted(setup: Setup, session: Session, now: datetime, done_with: Set[str]) -> Drawing | None:
    """The oldest file that somebody waits for."""
    waiting = select(WantedFile.id, WantedFile.wanted_at).where(
        WantedFile.campaign == setup.campaign.code,
        WantedFile.settled_at.is_(None),
        WantedFile.wanted_at > now - WANTED_FOR,
    )
    for row_id, wanted_at in session.execute(waiting.order_by(WantedFile.id)):
        name = f"wanted:{row_id}:{wanted_at.timestamp()}"  # a number may come again once its row was forgotten
        if name not in done_with:
            gather = partial(_gather, setup=setup, row_id=row_id)
            return Drawing(name, gather, partial(_fail, setup=setup, row_id=row_id))
    return None


def _gather(session: Session, now: datetime, *, setup: Setup, row_id: int) -> Gathered | None:
    row = session.get(WantedFile, row_id)
    if row is None:  # whoever asked was erased meanwhile
        return None
    wanted = KINDS[row.kind](session, setup, row.subject, row.language, now)
    return Gathered(wanted.function, wanted.args, partial(_send, setup=setup, row_id=row_id, wanted=wanted))


def _send(session: Session, content: bytes, now: datetime, *, setup: Setup, row_id: int, wanted: Wanted) -> None:
    row = session.get(WantedFile, row_id, with_for_update=True)
    if row is None or row.settled_at is not None:
        return
    row.settled_at = now
    kind = FileKind.PHOTO if wanted.file.endswith(".png") else FileKind.DOCUMENT
    file = outbox.keep_file(session, wanted.file, content, kind, now)
    say(session, setup, _address(row), row.language, wanted.template, now, file=file, **wanted.values)


def _fail(session: Session, now: datetime, *, setup: Setup, row_id: int) -> None:
    row = session.get(WantedFile, row_id, with_for_update=True)
    if row is not None and row.settled_at is None:
        row.settled_at = now
        template = "pictures/failed" if row.kind in PICTURES else "reports/not_made"
        say(session, setup, _address(row), row.language, template, now)


def _address(row: WantedFile) -> Address:
    return Address(row.channel, row.chat)


def _year_ahead(session: Session, setup: Setup, subject: Mapping[str, int], language: str, now: datetime) -> Wanted:
    """The deadlines of a unit, or the campaign's if it owes nothing."""
    unit, today = session.get_one(Unit, subject["unit"]), setup.today(now)
    found = duties.living(session, setup.campaign.code, today)
    shapes = [deadline_changes.shape_of(session, duty) for duty in found]
    named = (unit.type, unit.name, unit.code)
    own = [shape for shape in shapes if setup.campaign.owes(shape.profile, *named)] or shapes
    deadlines = [
        Deadline(f"{profile.code}:{each.period}", getattr(profile, language), each.due_at, profile.wording)
        for shape, profile in ((shape, shape.profile) for shape in own)
        for each in deadline_changes.periods_of(shape, setup, now)
    ]
    title = WORDS[language].year_title.format(unit=unit.name)
    args = (title, deadlines, today, _days_off(session, setup, today), language)
    return Wanted(year_ahead, args, "year_ahead.png", "pictures/year_ahead")


def _days_off(session: Session, setup: Setup, today: date) -> frozenset[date]:
    calendar = duties.calendar(session, setup.campaign.code, today, today + YEAR)
    days = (today + timedelta(days=number) for number in range(YEAR.days))
    return frozenset(day for day in days if not calendar.is_working(day))


def _heat_map(session: Session, setup: Setup, subject: Mapping[str, int], language: str, now: datetime) -> Wanted:
    """Which unit of a part of the tree filed a duty in its last periods."""
    root, duty = session.get_one(Unit, subject["unit"]), session.get_one(Duty, subject["duty"])
    rows = obligations.kept_by_unit(session, duty.id, units.below(root.id), now)
    periods = _latest(rows)
    of_unit: dict[int, dict[str, State]] = {}
    names = _told_apart(row.unit for row in rows)
    for row in rows:
        of_unit.setdefault(row.unit_id, {})[row.period] = STATE_OF[ObligationState(row.state)]
    states = [[of_unit[unit].get(period, State.NONE) for period in periods] for unit in names]
    due = {row.period: setup.local(row.due_at) for row in rows}
    labels = [f"{due[period].day}/{due[period].month}" for period in periods]
    title = WORDS[language].map_title.format(duty=duty.rule[language], unit=root.name)
    args = (title, list(names.values()), labels, states, language)
    return Wanted(heat_map, args, "heat_map.png", "pictures/heat_map")


def _told_apart(found: Iterable[Unit]) -> dict[int, str]:
    """Unit → its name; with the unit above where two have the same."""
    of = {unit.id: unit for unit in found}
    times = Counter(unit.name for unit in of.values())
    return {
        number: f"{unit.name}, {unit.parent.name}" if times[unit.name] > 1 and unit.parent else unit.name
        for number, unit in of.items()
    }


def _latest(rows: Sequence[Obligation]) -> list[str]:
    """The last periods, oldest first."""
    due = {row.period: row.due_at for row in rows}
    return sorted(due, key=lambda period: (due[period], period))[-MOST_PERIODS:]


PICTURES: Mapping[str, Kind] = {"year_ahead": _year_ahead, "heat_map": _heat_map, **page_files.PICTURES}
KINDS: Mapping[str, Kind] = {
    **PICTURES,
    **page_files.FORMS,
    **commendation_files.FORMS,
    **report_forms.FORMS,
    **member_list.FORMS,
    **roster_files.FORMS,
    **data_requests.FORMS,
    "broadcast": broadcast_report.delivery,
    "audit": audit_log.table,
}
