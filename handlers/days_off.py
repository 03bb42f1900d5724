"""/ngaynghi: the days off that reminders keep to; coordinators add days off and days worked, and take them back."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.actions import deadline_changes
from bot.actions.deadline_days import coming_day
from bot.buttons import Row, Tap
from bot.domain.deadlines import WorkingDays
from bot.request import Request
from bot.routing import Router
from bot.storage import duties
from bot.storage.models import DayOff
from handlers.deadlines import allowed, day_name, leave, may_change, step_of

router = Router()

SHOWN = timedelta(days=90)
FARTHEST = timedelta(days=366)
LONGEST_RANGE = 31
LONGEST_NOTE = 100
MOST_REMOVABLE = 20
DAY = timedelta(days=1)
CANCEL = Tap("deadlines.cancel", "deadlines.cancel")

# “30/4 - 3/5”, “30/4-3/5”, “30/4 đến 3/5”; not “30-4-2027”, which is one day.
_TO = re.compile(r"\s*(?:–|—|→)\s*|\s+(?:-|đến|den|tới|to)\s+|(?<=\d)-(?=\d{1,2}/)")


@router.command("ngaynghi", "daysoff")
@router.button("daysoff.show")
def show(request: Request) -> None:
    """The days off and the weekend days worked of the next 90 days."""
    leave(request)
    today = request.setup.today(request.now)
    declared = duties.declared(request.session, request.setup.campaign.code, today, today + FARTHEST)
    lines = _lines(_calendar(request), {row.day: row for row in declared}, today)
    request.reply(
        "deadlines/days_off",
        *(_rows(request, declared) if may_change(request) else ()),
        replace=request.message.press is not None,
        lines=lines,
        may_change=may_change(request),
    )


@router.button("daysoff.add")
def ask_days(request: Request) -> None:
    """Which days are off, or worked."""
    if allowed(request):
        off = request.args[0] == "off"
        request.ask("daysoff.days", {"off": off})
        request.reply("deadlines/days_off_ask", (CANCEL,), off=off)


@router.step("daysoff.days")
def take_days(request: Request) -> None:
    """A day, or the first and the last one."""
    if not _is_at(request, "days"):
        return
    off, today = request.data["off"], request.setup.today(request.now)
    days = _read_range(request.message.text[:100], today)
    fault = "unread" if days is None else _fault(days, today)
    calendar = _calendar(request)
    changed = [day for day in days or () if calendar.is_working(day) == off]
    if fault or not changed:
        request.reply("deadlines/days_off_bad", (CANCEL,), fault=fault or "same", off=off, most=LONGEST_RANGE)
        return
    request.ask("daysoff.note", {"days": {day.isoformat(): off for day in changed}})
    request.reply("deadlines/days_off_note", (Tap("deadlines.no_note", "daysoff.no_note"),), (CANCEL,), off=off)


@router.step("daysoff.note")
def take_note(request: Request) -> None:
    """What the day is off for."""
    if not _is_at(request, "note"):
        return
    note = " ".join(request.message.text.split())
    if len(note) > LONGEST_NOTE:
        request.reply("deadlines/reason_bad", (CANCEL,), most=LONGEST_NOTE)
        return
    _ask_confirm(request, {**request.data, "note": note})


@router.button("daysoff.no_note")
def leave_out_note(request: Request) -> None:
    """No note."""
    if _is_at(request, "note"):
        _ask_confirm(request, {**request.data, "note": ""})


@router.button("daysoff.remove")
def remove(request: Request) -> None:
    """Take back what was declared of a day."""
    if not allowed(request):
        return
    day = date.fromisoformat(request.args[0])
    if not duties.declared(request.session, request.setup.campaign.code, day, day):
        request.notice("hint/stale")
        return
    _ask_confirm(request, {"days": {day.isoformat(): None}, "note": ""})


@router.step("daysoff.confirm")
def confirm_again(request: Request) -> None:
    """Words where the confirm button is meant."""
    if _is_at(request, "confirm"):
        _ask_confirm(request, request.data)


@router.button("daysoff.save")
def save(request: Request) -> None:
    """Put it into force: reminders to come are reckoned anew from now on."""
    if not _is_at(request, "confirm"):
        return
    data = request.data
    request.end()
    deadline_changes.set_days(request.session, request.setup, _days(data), data["note"], request.me, request.now)
    request.reply("deadlines/days_off_saved", (Tap("deadlines.back", "daysoff.show"),), replace=True)


def _is_at(request: Request, step: str) -> bool:
    if step_of(request) != f"daysoff.{step}":
        request.notice("hint/stale")
        return False
    return allowed(request)


def _calendar(request: Request) -> WorkingDays:
    today = request.setup.today(request.now)
    return duties.calendar(request.session, request.setup.campaign.code, today, today + FARTHEST)


def _lines(calendar: WorkingDays, declared: Mapping[date, DayOff], today: date) -> list[tuple[date, bool, str]]:
    """The days that are not as their weekday has it: day, whether it is off, the coordinator's note."""
    days = [today + number * DAY for number in range(SHOWN.days + 1)]
    plain = WorkingDays()
    return [
        (day, not calendar.is_working(day), declared[day].note if day in declared else "")
        for day in days
        if day in declared or calendar.is_working(day) != plain.is_working(day)
    ]


def _rows(request: Request, declared: Any) -> list[Row]:
    rows: list[Row] = [(Tap("deadlines.add_off", "daysoff.add", ("off",)),)]
    rows.append((Tap("deadlines.add_worked", "daysoff.add", ("worked",)),))
    for row in declared[:MOST_REMOVABLE]:
        name = day_name(request, row.day)
        rows.append((Tap("deadlines.remove", "daysoff.remove", (f"{row.day:%Y%m%d}",), {"name": name}),))
    return rows


def _read_range(typed: str, today: date) -> list[date] | None:
    """The days from the first typed to the last, in order; None if they cannot be read."""
    ends = [coming_day(each, today) for each in _TO.split(typed.strip())]
    first, last = ends[0], ends[-1]
    if len(ends) > len(("first", "last")) or first is None or last is None or last < first:
        return None
    return [first + number * DAY for number in range(min((last - first).days, LONGEST_RANGE) + 1)]


def _fault(days: list[date], today: date) -> str | None:
    if days[0] < today:
        return "past"
    if len(days) > LONGEST_RANGE:
        return "long"
    return "far" if days[-1] > today + FARTHEST else None


def _days(data: dict[str, Any]) -> dict[date, bool | None]:
    return {date.fromisoformat(day): off for day, off in data["days"].items()}


def _ask_confirm(request: Request, data: dict[str, Any]) -> None:
    request.ask("daysoff.confirm", data)
    days = _days(data)
    steps = deadline_changes.steps_with(request.session, request.setup, days, request.now)
    request.reply(
        "deadlines/days_off_confirm",
        (Tap("deadlines.save", "daysoff.save"),),
        (CANCEL,),
        replace=request.message.press is not None,
        days=sorted(days.items()),
        note=data["note"],
        steps=steps,
    )
