"""The questions by which a duty is changed or made: what they say, and which buttons stand under them."""

from datetime import date
from typing import Any

from bot.actions import deadline_changes
from bot.actions.deadline_changes import Shape
from bot.actions.deadline_days import RHYTHMS, WEEKDAYS, Rhythm, in_order, rhythm_of
from bot.buttons import Row, Tap
from bot.campaigns import Duty as DutyProfile
from bot.domain.deadlines import STEPS
from bot.request import Request
from bot.storage import duties
from bot.storage.models import Duty
from bot.texts import WEEKDAYS as WEEKDAY_NAMES
from bot.texts import render
from handlers.deadlines import (
    FIELDS,
    allowed,
    card,
    leave,
    name_of,
    outlook_values,
    step_name,
    step_of,
    type_name,
)

HOURS = ("08:00", "11:00", "16:00", "17:00")
MORNINGS = ("07:00", "08:00", "09:00", "14:00")
DAYS_BEFORE = ("1", "2", "3", "5")
MONTH_DAYS = ("5", "10", "15", "20", "25", "-1")
TOGGLED = {"owed": "owed_by", "steps": "steps"}
ASKED = ("rhythm", *FIELDS, "confirm")
MOST_TYPED = 200
CANCEL = Tap("deadlines.cancel", "deadlines.cancel")


def ask(request: Request, step: str, data: dict[str, Any]) -> None:
    """Keep what is known and ask the next question; at last what the change does, and the confirm."""
    if step not in ASKED:
        request.notice("hint/stale")
        return
    request.ask(f"deadlines.{step}", data)
    if step == "confirm":
        _ask_confirm(request, data)
        return
    name = data["rule"].get("vi" if request.language == "vi" else "en")
    rhythm = rhythm_for(data) if step == "day" else None
    rows, replace = rows_for(request, step, data), request.message.press is not None
    request.reply("deadlines/ask", *rows, (CANCEL,), replace=replace, step=step, name=name, rhythm=rhythm)


def _ask_confirm(request: Request, data: dict[str, Any]) -> None:
    duty = duty_of(request, data)
    before = deadline_changes.shape_of(request.session, duty) if duty else None
    after = shape_for(request, data, duty)
    values = outlook_values(request, before, after)
    rows: list[Row] = [] if values["nothing"] else [(Tap("deadlines.save", "deadlines.save"),)]
    request.reply(
        "deadlines/confirm",
        *rows,
        (CANCEL,),
        replace=request.message.press is not None,
        added=duty is None,
        revived=revives(request, duty, after),
        old_name=name_of(request, before.profile) if before else None,
        **card(request, after.profile, after.ended_on),
        **values,
    )


def revives(request: Request, duty: Duty | None, after: Shape) -> bool:
    """Whether a duty that has ended is to go on."""
    today = request.setup.today(request.now)
    return duty is not None and deadline_changes.has_ended(duty, today) and after.ended_on is None


def draft(request: Request, *steps: str, lock: bool = False) -> dict[str, Any] | None:
    """What is being changed, if one of these questions is open and it is still this coordinator's to change."""
    step = step_of(request).removeprefix("deadlines.")
    if step not in steps:
        request.notice("hint/stale")
        return None
    if not allowed(request):
        return None
    data = request.data
    duty = duty_of(request, data, lock=lock)
    if data["duty"] and (duty is None or duty.set_at.isoformat() != data["seen"]):
        leave(request)
        request.reply("deadlines/changed_meanwhile", (Tap("deadlines.back", "deadlines.list"),))
        return None
    return data


def draft_of(duty: Duty, ended_on: date | None) -> dict[str, Any]:
    """What is known of a duty when its change begins."""
    last = ended_on.isoformat() if ended_on else None
    return {"duty": duty.id, "seen": duty.set_at.isoformat(), "rule": duty.rule, "ended_on": last}


def said(request: Request) -> str:
    """What was typed, or the value of the button that was pressed."""
    return request.args[0] if request.message.press else request.message.text[:MOST_TYPED]


def duty_of(request: Request, data: dict[str, Any], *, lock: bool = False) -> Duty | None:
    """The duty that is being changed; None for a new one."""
    if not data["duty"]:
        return None
    return duties.found(request.session, request.setup.campaign.code, data["duty"], lock=lock)


def shape_for(request: Request, data: dict[str, Any], duty: Duty | None) -> Shape:
    """The duty as it would be."""
    ended_on = date.fromisoformat(data["ended_on"]) if data["ended_on"] else None
    rule = data["rule"]
    if duty is None:
        code = deadline_changes.new_code(request.session, request.setup.campaign.code)
        source = f"/thoihan {request.setup.today(request.now):%d/%m/%Y}"
        return Shape(DutyProfile.model_validate({**rule, "code": code, "source": source}), ended_on)
    before = deadline_changes.shape_of(request.session, duty)
    return Shape(DutyProfile.model_validate(rule), ended_on, before.exceptions)


def rhythm_for(data: dict[str, Any]) -> Rhythm:
    """How often the duty comes round, which is asked of a new one only."""
    return rhythm_of(data.get("rhythm") or data["rule"]["period"])


def choices(request: Request, step: str, data: dict[str, Any]) -> list[str]:
    """What may be ticked: the campaign's types of units, or the usual steps with those that the duty has."""
    if step == "owed":
        return list(dict.fromkeys(row.type for row in request.setup.campaign.unit_types))
    return in_order((*STEPS, *data["rule"].get("steps", ())))


def rows_for(request: Request, step: str, data: dict[str, Any]) -> list[Row]:
    """The buttons that answer a question."""
    if step == "rhythm":
        return [(_tap_rhythm(request, rhythm),) for rhythm in RHYTHMS]
    if step == "day":
        return _day_rows(request, rhythm_for(data))
    if step == "hour":
        return [tuple(Tap("deadlines.value", "deadlines.hour", (hour,), {"name": hour}) for hour in HOURS)]
    if step == "remind_at":
        return [tuple(Tap("deadlines.value", "deadlines.remind_at", (hour,), {"name": hour}) for hour in MORNINGS)]
    if step == "cut_off":
        days = tuple(Tap("deadlines.value", "deadlines.cut_off", (each,), {"name": each}) for each in DAYS_BEFORE)
        return [days, (Tap("deadlines.no_cut_off", "deadlines.cut_off", ("0",)),)]
    if step in TOGGLED:
        return [*_boxes(request, step, data), (Tap("deadlines.next", "deadlines.next"),)]
    if step == "off_day":
        return [(Tap("deadlines.keep", "deadlines.off_day", ("keep",)),), (_REMIND_BEFORE,)]
    if step == "end":
        never = (Tap("deadlines.never", "deadlines.end", ("never",)),)
        return [(Tap("deadlines.today", "deadlines.end", ("today",)),), *((never,) if data["ended_on"] else ())]
    return []


_REMIND_BEFORE = Tap("deadlines.remind_before", "deadlines.off_day", ("remind_before",))


def _tap_rhythm(request: Request, rhythm: Rhythm) -> Tap:
    name = render("deadlines/rhythm", request.language, rhythm=rhythm)
    return Tap("deadlines.value", "deadlines.rhythm", (rhythm,), {"name": name})


def _day_rows(request: Request, rhythm: Rhythm) -> list[Row]:
    """Weekdays, or a few days of the month; other days are typed."""
    if rhythm == "weekly":
        names = zip(WEEKDAYS, WEEKDAY_NAMES[request.language], strict=True)
        taps = [Tap("deadlines.value", "deadlines.day", (code,), {"name": name}) for code, name in names]
        return [tuple(taps[:3]), tuple(taps[3:5]), tuple(taps[5:])]
    if rhythm not in ("monthly", "quarterly"):
        return []
    days = [Tap("deadlines.value", "deadlines.day", (day,), {"name": day}) for day in MONTH_DAYS[:-1]]
    return [tuple(days), (Tap("deadlines.last_day", "deadlines.day", (MONTH_DAYS[-1],)),)]


def _boxes(request: Request, step: str, data: dict[str, Any]) -> list[Row]:
    taken = data["rule"].get(TOGGLED[step], ())
    return [(_box(request, step, value, ticked=value in taken),) for value in choices(request, step, data)]


def _box(request: Request, step: str, value: str, *, ticked: bool) -> Tap:
    name = type_name(request, value) if step == "owed" else step_name(request, value)
    if ticked:
        return Tap("deadlines.on", "deadlines.toggle", (value,), {"name": name})
    return Tap("deadlines.off", "deadlines.toggle", (value,), {"name": name})
