"""/thoihan for coordinators: change a duty, add one, end it or revive it, question by question; saved on confirm."""

from datetime import date, datetime
from typing import Any

from bot.actions import deadline_changes
from bot.actions.deadline_days import (
    MOST_DAYS_BEFORE,
    RHYTHMS,
    coming_day,
    in_order,
    period_for,
    read_days,
    read_days_before,
    read_hour,
    read_step,
)
from bot.buttons import Row, Tap
from bot.campaigns import quiet_hours
from bot.request import Request
from bot.routing import Router
from bot.storage import duties
from handlers.deadline_questions import (
    CANCEL,
    TOGGLED,
    ask,
    choices,
    draft,
    draft_of,
    duty_of,
    revives,
    rhythm_for,
    rows_for,
    said,
    shape_for,
)
from handlers.deadlines import allowed, card_of, duty_at, leave, name_of, step_of

router = Router()

LONGEST_NAME = 80
MOST_STEPS = 10
MOST_ENDED = 20


@router.button("deadlines.set")
def change(request: Request) -> None:
    """Ask for one thing of a duty: its name, days, hour, who owes it, figures, reminders, days off, end."""
    duty = duty_at(request, request.args[0])
    if duty:
        ask(request, request.args[1], draft_of(duty, duty.ended_on))


@router.button("deadlines.ended")
def list_ended(request: Request) -> None:
    """The duties that have ended, each with a button to revive it."""
    if not allowed(request):
        return
    leave(request)
    found = deadline_changes.ended(request.session, request.setup, request.now, MOST_ENDED)
    shown = [card_of(request, duty) for duty in found]
    rows: list[Row] = [
        (Tap("deadlines.revive", "deadlines.revive", (duty.id,), {"name": each["name"]}),)
        for duty, each in zip(found, shown, strict=True)
    ]
    request.reply("deadlines/ended", *rows, (Tap("deadlines.back", "deadlines.list"),), replace=True, duties=shown)


@router.button("deadlines.revive")
def revive(request: Request) -> None:
    """What it changes if the duty is owed again from today on."""
    if not allowed(request):
        return
    duty = duties.found(request.session, request.setup.campaign.code, int(request.args[0]))
    if duty is None or not deadline_changes.has_ended(duty, request.setup.today(request.now)):
        request.notice("hint/stale")
        return
    ask(request, "confirm", draft_of(duty, None))


@router.button("deadlines.add")
def add(request: Request) -> None:
    """A new duty: ask its name first."""
    if allowed(request):
        ask(request, "name", {"duty": None, "rule": {}, "ended_on": None})


@router.button("deadlines.cancel")
def cancel(request: Request) -> None:
    """Leave it; nothing was changed."""
    if not step_of(request):
        request.notice("hint/stale")
        return
    request.end()
    request.reply("register/cancelled", replace=True)


@router.step("deadlines.name")
def take_name(request: Request) -> None:
    """The name of the report, in the language of who gives it; a new one has only this."""
    data = draft(request, "name")
    if data is None:
        return
    name = " ".join(request.message.text.split())
    if not name or len(name) > LONGEST_NAME or not any(map(str.isalpha, name)):
        request.reply("deadlines/name_bad", (CANCEL,), most=LONGEST_NAME)
        return
    if data["duty"]:
        ask(request, "confirm", {**data, "rule": {**data["rule"], "vi" if request.language == "vi" else "en": name}})
    else:
        ask(request, "rhythm", {**data, "rule": {"vi": name, "en": name}})


@router.button("deadlines.rhythm")
def take_rhythm(request: Request) -> None:
    """How often the new report comes round."""
    data = draft(request, "rhythm")
    if data and request.args[0] in RHYTHMS:
        ask(request, "day", {**data, "rhythm": request.args[0]})


@router.step("deadlines.day")
@router.button("deadlines.day")
def take_day(request: Request) -> None:
    """The days on which the report is due, typed or tapped."""
    data = draft(request, "day")
    if data is None:
        return
    rhythm = rhythm_for(data)
    days = read_days(rhythm, said(request), request.setup.today(request.now))
    if days is None:
        request.reply("deadlines/day_bad", *rows_for(request, "day", data), (CANCEL,), rhythm=rhythm)
        return
    rule = {**data["rule"], **days.fields()}
    rule.setdefault("period", period_for(rhythm, days))
    _go_on(request, {**data, "rule": rule}, "hour")


@router.step("deadlines.hour")
@router.button("deadlines.hour")
def take_hour(request: Request) -> None:
    """The hour by which the report is due."""
    data = draft(request, "hour")
    if data is None:
        return
    hour = read_hour(said(request))
    if hour is None:
        request.reply("deadlines/hour_bad", *rows_for(request, "hour", data), (CANCEL,))
        return
    _go_on(request, {**data, "rule": {**data["rule"], "due": hour.isoformat()}}, "owed")


@router.step("deadlines.remind_at")
@router.button("deadlines.remind_at")
def take_remind_at(request: Request) -> None:
    """The hour of the reminders that are counted in days."""
    data = draft(request, "remind_at")
    if data is None:
        return
    hour, quiet = read_hour(said(request)), quiet_hours(request.setup.campaign, request.setup.zone)
    if hour is None or quiet.covers(datetime.combine(request.setup.today(request.now), hour, request.setup.zone)):
        rows, given = rows_for(request, "remind_at", data), (quiet.start, quiet.end)
        request.reply("deadlines/remind_at_bad", *rows, (CANCEL,), quiet=given if hour else None)
        return
    ask(request, "confirm", {**data, "rule": {**data["rule"], "remind_at": hour.isoformat()}})


@router.step("deadlines.cut_off")
@router.button("deadlines.cut_off")
def take_cut_off(request: Request) -> None:
    """How many days before the due day the figures end."""
    data = draft(request, "cut_off")
    if data is None:
        return
    days = read_days_before(said(request))
    if days is None:
        request.reply("deadlines/cut_off_bad", *rows_for(request, "cut_off", data), (CANCEL,), most=MOST_DAYS_BEFORE)
        return
    ask(request, "confirm", {**data, "rule": {**data["rule"], "cut_off_days": days}})


@router.step("deadlines.steps")
def take_step(request: Request) -> None:
    """A reminder's step beside those on the buttons, typed; it is ticked."""
    data = draft(request, "steps")
    if data is None:
        return
    step = read_step(said(request))
    steps = in_order([*data["rule"].get("steps", ()), *([step] if step else ())])
    if step is None or len(steps) > MOST_STEPS:
        request.reply("deadlines/step_bad", *rows_for(request, "steps", data), (CANCEL,), most=MOST_STEPS)
        return
    ask(request, "steps", {**data, "rule": {**data["rule"], "steps": steps}})


@router.button("deadlines.toggle")
def toggle(request: Request) -> None:
    """Take a type of unit or a reminder's step, or leave it out."""
    step = step_of(request).removeprefix("deadlines.")
    data = draft(request, *TOGGLED)
    if data is None:
        return
    known, value = choices(request, step, data), request.args[0]
    field = TOGGLED[step]
    taken = set(data["rule"].get(field, ())) ^ {value}
    ask(request, step, {**data, "rule": {**data["rule"], field: [each for each in known if each in taken]}})


@router.button("deadlines.next")
def toggled(request: Request) -> None:
    """The boxes are as they should be."""
    data = draft(request, *TOGGLED)
    if data is None:
        return
    if not data["rule"].get("owed_by"):
        request.notice("deadlines/owed_by_nobody")
        return
    ask(request, "confirm", data)


@router.button("deadlines.off_day")
def take_off_day(request: Request) -> None:
    """What happens where the due day is no working day."""
    data = draft(request, "off_day")
    if data and request.args[0] in ("keep", "remind_before"):
        ask(request, "confirm", {**data, "rule": {**data["rule"], "on_day_off": request.args[0]}})


@router.step("deadlines.end")
@router.button("deadlines.end")
def take_end(request: Request) -> None:
    """From which day on nothing of it is owed any more; or that it goes on."""
    data, today = draft(request, "end"), request.setup.today(request.now)
    if data is None:
        return
    typed = said(request)
    day = today if typed == "today" else coming_day(typed, today)
    if typed != "never" and (day is None or day < today):
        request.reply("deadlines/end_bad", *rows_for(request, "end", data), (CANCEL,))
        return
    ask(request, "confirm", {**data, "ended_on": None if typed == "never" else _iso(day)})


@router.step("deadlines.rhythm", "deadlines.owed", "deadlines.off_day", "deadlines.confirm")
def ask_again(request: Request) -> None:
    """Words where a button is meant."""
    step = step_of(request).removeprefix("deadlines.")
    data = draft(request, step)
    if data:
        ask(request, step, data)


@router.button("deadlines.save")
def save(request: Request) -> None:
    """Put it into force, unless the duty was changed by somebody else in the meantime."""
    data = draft(request, "confirm", lock=True)
    if data is None:
        return
    duty = duty_of(request, data)
    after = shape_for(request, data, duty)
    revived = revives(request, duty, after)
    request.end()
    saved = deadline_changes.save(request.session, request.setup, duty, after, request.me, request.now)
    back = (Tap("deadlines.back", "deadlines.list"),)
    values: dict[str, Any] = {"added": duty is None, "revived": revived, "ended_on": saved.ended_on}
    request.reply("deadlines/saved", back, replace=True, name=name_of(request, after.profile), **values)


def _go_on(request: Request, data: dict[str, Any], following: str) -> None:
    """After a day or an hour: the next question for a new duty, else the confirm."""
    ask(request, "confirm" if data["duty"] else following, data)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
