"""Pictures that somebody asked for: a row each, drawn by bot/drawing.py outside any transaction, then sent."""

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.actions import deadline_changes
from bot.documents.deadline import Deadline
from bot.documents.heat_map import MOST_PERIODS, State, heat_map
from bot.documents.year_ahead import year_ahead
from bot.drawing import Drawing
from bot.messages import Address, FileKind
from bot.setup import Setup
from bot.speech import say
from bot.storage import duties, obligations, units
from bot.storage.models import Duty, Obligation, ObligationState, Unit, WantedPicture

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

Drawn = tuple[Callable[..., bytes], tuple[Any, ...]]


def want(session: Session, to: Address, language: str, kind: str, subject: Mapping[str, int], now: datetime) -> None:
    """Have a picture of `KINDS` drawn and sent to a chat; the caller says in words that it is on its way."""
    row = WantedPicture(channel=to.channel, chat=to.chat, language=language, kind=kind, wanted_at=now)
    row.subject = dict(subject)
    session.add(row)
    session.flush()


def next_wanted(setup: Setup, session: Session, now: datetime, done_with: Set[str]) -> Drawing | None:
    """The oldest picture that somebody waits for."""
    waiting = select(WantedPicture).where(
        WantedPicture.settled_at.is_(None), WantedPicture.wanted_at > now - WANTED_FOR
    )
    for row in session.scalars(waiting.order_by(WantedPicture.id)):
        name = f"wanted:{row.id}"
        if name not in done_with:
            function, args = KINDS[row.kind](session, setup, row.subject, now)
            send, fail = (partial(each, setup=setup, row_id=row.id) for each in (_send, _fail))
            return Drawing(name, function, args, send, fail)
    return None


def _send(session: Session, content: bytes, now: datetime, *, setup: Setup, row_id: int) -> None:
    row = session.get(WantedPicture, row_id, with_for_update=True)
    if row is None or row.settled_at is not None:
        return
    row.settled_at = now
    file = outbox.keep_file(session, f"{row.kind}.png", content, FileKind.PHOTO, now)
    say(session, setup, Address(row.channel, row.chat), row.language, TEMPLATES[row.kind], now, file=file)


def _fail(session: Session, now: datetime, *, setup: Setup, row_id: int) -> None:
    row = session.get(WantedPicture, row_id, with_for_update=True)
    if row is not None and row.settled_at is None:
        row.settled_at = now
        say(session, setup, Address(row.channel, row.chat), row.language, "pictures/failed", now)


def _year_ahead(session: Session, setup: Setup, subject: Mapping[str, int], now: datetime) -> Drawn:
    """The deadlines of a unit, or the campaign's if it owes nothing."""
    unit, today = session.get_one(Unit, subject["unit"]), setup.today(now)
    found = duties.living(session, setup.campaign.code, today)
    shapes = [deadline_changes.shape_of(session, duty) for duty in found]
    own = [shape for shape in shapes if unit.type in shape.profile.owed_by] or shapes
    deadlines = [
        Deadline(f"{shape.profile.code}:{each.period}", shape.profile.vi, each.due_at, shape.profile.wording)
        for shape in own
        for each in deadline_changes.periods_of(shape, setup, now)
    ]
    return year_ahead, (f"Thời hạn báo cáo: {unit.name}", deadlines, today, _days_off(session, setup, today))


def _days_off(session: Session, setup: Setup, today: date) -> frozenset[date]:
    calendar = duties.calendar(session, setup.campaign.code, today, today + YEAR)
    days = (today + timedelta(days=number) for number in range(YEAR.days))
    return frozenset(day for day in days if not calendar.is_working(day))


def _heat_map(session: Session, _setup: Setup, subject: Mapping[str, int], now: datetime) -> Drawn:
    """Which unit of a part of the tree filed a duty in its last periods."""
    root, duty = session.get_one(Unit, subject["unit"]), session.get_one(Duty, subject["duty"])
    rows = obligations.kept_by_unit(session, duty.id, units.below(root.id), now)
    periods = _latest([row for row, _ in rows])
    of_unit: dict[int, dict[str, State]] = {}
    names: dict[int, str] = {}
    for row, name in rows:
        names[row.unit_id] = name
        of_unit.setdefault(row.unit_id, {})[row.period] = STATE_OF[ObligationState(row.state)]
    states = [[of_unit[unit].get(period, State.NONE) for period in periods] for unit in names]
    labels = [period.partition("-")[2] or period for period in periods]
    return heat_map, (f"{duty.rule['vi']}: {root.name}", list(names.values()), labels, states)


def _latest(rows: Sequence[Obligation]) -> list[str]:
    """The last periods, oldest first."""
    due = {row.period: row.due_at for row in rows}
    return sorted(due, key=lambda period: (due[period], period))[-MOST_PERIODS:]


KINDS: dict[str, Callable[[Session, Setup, Mapping[str, int], datetime], Drawn]] = {
    "year_ahead": _year_ahead,
    "heat_map": _heat_map,
}
TEMPLATES = {"year_ahead": "pictures/year_ahead", "heat_map": "pictures/heat_map"}
