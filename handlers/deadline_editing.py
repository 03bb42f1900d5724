"""/thoihan for coordinators: change a duty, add one or end it, question by question; saved on confirm."""

from datetime import date
from typing import Any

from bot.actions import deadline_changes
from bot.actions.deadline_days import RHYTHMS, coming_day, period_for, read_days, read_hour
from bot.buttons import Tap
from bot.request import Access, Request
from bot.routing import Router
from handlers.deadline_questions import CANCEL, TOGGLED, ask, choices, duty_of, rhythm_for, rows_for, shape_for
from handlers.deadlines import allowed, duty_at, leave, name_of, step_of

router = Router()

LONGEST_NAME = 80
MOST_TYPED = 200


@router.button("deadlines.set", access=Access.COORDINATOR)
def change(request: Request) -> None:
    """Ask for one thing of a duty: its days, hour, who owes it, steps, days off, end."""
    duty = duty_at(request, request.args[0])
    if duty is None:
        return
    data = {"duty": duty.id, "seen": duty.set_at.isoformat(), "rule": duty.rule, "ended_on": _iso(duty.ended_on)}
    ask(request, request.args[1], data)


@router.button("deadlines.add", access=Access.COORDINATOR)
def add(request: Request) -> None:
    """A new duty: ask its name first."""
    if allowed(request):
        ask(request, "name", {"duty": None, "rule": {}, "ended_on": None})


@router.button("deadlines.cancel", access=Access.COORDINATOR)
def cancel(request: Request) -> None:
    """Leave it; nothing was changed."""
    if not step_of(request):
        request.notice("hint/stale")
        return
    request.end()
    request.reply("register/cancelled", replace=True)


@router.step("deadlines.name", access=Access.COORDINATOR)
def take_name(request: Request) -> None:
    """The name of the new report."""
    data = _draft(request, "name")
    if data is None:
        return
    name = " ".join(request.message.text.split())
    if not name or len(name) > LONGEST_NAME or not any(map(str.isalpha, name)):
        request.reply("deadlines/name_bad", (CANCEL,), most=LONGEST_NAME)
        return
    ask(request, "rhythm", {**data, "rule": {"vi": name, "en": name}})


@router.button("deadlines.rhythm", access=Access.COORDINATOR)
def take_rhythm(request: Request) -> None:
    """How often the new report comes round."""
    data = _draft(request, "rhythm")
    if data and request.args[0] in RHYTHMS:
        ask(request, "day", {**data, "rhythm": request.args[0]})


@router.step("deadlines.day", access=Access.COORDINATOR)
@router.button("deadlines.day", access=Access.COORDINATOR)
def take_day(request: Request) -> None:
    """The days on which the report is due, typed or tapped."""
    data = _draft(request, "day")
    if data is None:
        return
    rhythm = rhythm_for(data)
    days = read_days(rhythm, _said(request), request.setup.today(request.now))
    if days is None:
        request.reply("deadlines/day_bad", *rows_for(request, "day", data), (CANCEL,), rhythm=rhythm)
        return
    rule = {**data["rule"], **days.fields()}
    rule.setdefault("period", period_for(rhythm, days))
    _go_on(request, {**data, "rule": rule}, "hour")


@router.step("deadlines.hour", access=Access.COORDINATOR)
@router.button("deadlines.hour", access=Access.COORDINATOR)
def take_hour(request: Request) -> None:
    """The hour by which the report is due."""
    data = _draft(request, "hour")
    if data is None:
        return
    hour = read_hour(_said(request))
    if hour is None:
        request.reply("deadlines/hour_bad", *rows_for(request, "hour", data), (CANCEL,))
        return
    _go_on(request, {**data, "rule": {**data["rule"], "due": hour.isoformat()}}, "owed")


@router.button("deadlines.toggle", access=Access.COORDINATOR)
def toggle(request: Request) -> None:
    """Take a type of unit or a reminder's step, or leave it out."""
    step = step_of(request).removeprefix("deadlines.")
    data = _draft(request, *TOGGLED)
    if data is None:
        return
    known, value = choices(request, step, data), request.args[0]
    field = TOGGLED[step]
    taken = set(data["rule"].get(field, ())) ^ {value}
    ask(request, step, {**data, "rule": {**data["rule"], field: [each for each in known if each in taken]}})


@router.button("deadlines.next", access=Access.COORDINATOR)
def toggled(request: Request) -> None:
    """The boxes are as they should be."""
    data = _draft(request, *TOGGLED)
    if data is None:
        return
    if not data["rule"].get("owed_by"):
        request.notice("deadlines/owed_by_nobody")
        return
    ask(request, "confirm", data)


@router.button("deadlines.off_day", access=Access.COORDINATOR)
def take_off_day(request: Request) -> None:
    """What happens where the due day is no working day."""
    data = _draft(request, "off_day")
    if data and request.args[0] in ("keep", "remind_before"):
        ask(request, "confirm", {**data, "rule": {**data["rule"], "on_day_off": request.args[0]}})


@router.step("deadlines.end", access=Access.COORDINATOR)
@router.button("deadlines.end", access=Access.COORDINATOR)
def take_end(request: Request) -> None:
    """From which day on nothing of it is owed any more; or that it goes on."""
    data, today = _draft(request, "end"), request.setup.today(request.now)
    if data is None:
        return
    said = _said(request)
    day = today if said == "today" else coming_day(said, today)
    if said != "never" and (day is None or day < today):
        request.reply("deadlines/end_bad", *rows_for(request, "end", data), (CANCEL,))
        return
    ask(request, "confirm", {**data, "ended_on": None if said == "never" else _iso(day)})


@router.step(
    "deadlines.rhythm",
    "deadlines.owed",
    "deadlines.steps",
    "deadlines.off_day",
    "deadlines.confirm",
    access=Access.COORDINATOR,
)
def ask_again(request: Request) -> None:
    """Words where a button is meant."""
    step = step_of(request).removeprefix("deadlines.")
    data = _draft(request, step)
    if data:
        ask(request, step, data)


@router.button("deadlines.save", access=Access.COORDINATOR)
def save(request: Request) -> None:
    """Put it into force, unless the duty was changed by somebody else in the meantime."""
    data = _draft(request, "confirm", lock=True)
    if data is None:
        return
    duty = duty_of(request, data)
    after = shape_for(request, data, duty)
    request.end()
    saved = deadline_changes.save(request.session, request.setup, duty, after, request.me, request.now)
    name, back = name_of(request, after.profile), (Tap("deadlines.back", "deadlines.list"),)
    request.reply("deadlines/saved", back, replace=True, name=name, added=duty is None, ended_on=saved.ended_on)


def _draft(request: Request, *steps: str, lock: bool = False) -> dict[str, Any] | None:
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


def _go_on(request: Request, data: dict[str, Any], following: str) -> None:
    """After a day or an hour: the next question for a new duty, else the confirm."""
    ask(request, "confirm" if data["duty"] else following, data)


def _said(request: Request) -> str:
    """What was typed, or the value of the button that was pressed."""
    return request.args[0] if request.message.press else request.message.text[:MOST_TYPED]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
