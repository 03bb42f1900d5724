"""/thoihan for coordinators: skip or move one period of a duty, with a reason; saved on confirm."""

from datetime import date, timedelta
from typing import Any

from bot.actions import deadline_changes
from bot.actions.deadline_changes import Shape
from bot.actions.deadline_days import coming_day
from bot.buttons import Row, Tap
from bot.request import Request
from bot.routing import Router
from bot.storage import duties
from bot.storage.models import Duty
from handlers.deadlines import allowed, day_name, duty_at, leave, name_of, outlook_values, step_of

router = Router()

MOST = 8
LONGEST_REASON = 200
YEAR = timedelta(days=366)
CANCEL = Tap("deadlines.cancel", "deadlines.cancel")


@router.button("deadlines.periods")
def list_periods(request: Request) -> None:
    """The next periods of a duty, also those that are skipped or moved."""
    duty = duty_at(request, request.args[0])
    if duty is None:
        return
    leave(request)
    shape = deadline_changes.shape_of(request.session, duty)
    shown = [(period, *_days(request, shape, period)) for period in _periods(request, shape)]
    rows: list[Row] = [
        (Tap("deadlines.value", "deadlines.period", (duty.id, period), {"name": day_name(request, named)}),)
        for period, named, _ in shown
    ]
    back = (Tap("deadlines.back", "deadlines.duty", (duty.id,)),)
    lines = [(named, day) for _, named, day in shown]
    request.reply("deadlines/periods", *rows, back, replace=True, name=name_of(request, shape.profile), lines=lines)


@router.button("deadlines.period")
def choose_period(request: Request) -> None:
    """One period: skip it, move it to a day that is typed, or put it back."""
    duty = duty_at(request, request.args[0])
    if duty is None:
        return
    shape = deadline_changes.shape_of(request.session, duty)
    if request.args[1] not in _periods(request, shape):
        request.notice("hint/stale")
        return
    period = request.args[1]
    request.ask("deadlines.period", {"duty": duty.id, "seen": duty.set_at.isoformat(), "period": period})
    named, day = _days(request, shape, period)
    rows = _period_rows(request, shape, period)
    name = name_of(request, shape.profile)
    request.reply("deadlines/period", *rows, (CANCEL,), replace=True, name=name, named=named, day=day)


@router.step("deadlines.period")
def move(request: Request) -> None:
    """The day to which the period is moved."""
    duty = _duty(request, "period")
    if duty is None:
        return
    today = request.setup.today(request.now)
    day = coming_day(request.message.text[:100], today)
    shape = deadline_changes.shape_of(request.session, duty)
    if day is None or not today <= day <= today + YEAR or (shape.ended_on and day >= shape.ended_on):
        rows = _period_rows(request, shape, request.data["period"])
        request.reply("deadlines/period_bad", *rows, (CANCEL,), ended_on=shape.ended_on)
        return
    _ask_reason(request, {**request.data, "day": day.isoformat()})


@router.button("deadlines.skip")
def skip(request: Request) -> None:
    """The period is not owed."""
    if _duty(request, "period"):
        _ask_reason(request, {**request.data, "day": None})


@router.step("deadlines.reason")
def take_reason(request: Request) -> None:
    """Why the period is skipped or moved."""
    duty = _duty(request, "reason")
    reason = " ".join(request.message.text.split())
    if duty is None:
        return
    if not reason or len(reason) > LONGEST_REASON:
        request.reply("deadlines/reason_bad", (CANCEL,), most=LONGEST_REASON)
        return
    _ask_confirm(request, duty, {**request.data, "reason": reason})


@router.button("deadlines.restore")
def restore(request: Request) -> None:
    """The period is due again as the rule has it."""
    duty = _duty(request, "period")
    if duty:
        _ask_confirm(request, duty, {**request.data, "reason": None})


@router.step("deadlines.period_confirm")
def confirm_again(request: Request) -> None:
    """Words where the confirm button is meant."""
    duty = _duty(request, "period_confirm")
    if duty:
        _ask_confirm(request, duty, request.data)


@router.button("deadlines.period!")
def save(request: Request) -> None:
    """Put it into force."""
    duty = _duty(request, "period_confirm", lock=True)
    if duty is None:
        return
    period, change, data = request.data["period"], _change(request.data), request.data
    named, _ = _days(request, deadline_changes.shape_of(request.session, duty), period)
    request.end()
    deadline_changes.set_period(request.session, request.setup, duty, period, change, request.me, request.now)
    shape = deadline_changes.shape_of(request.session, duty)
    back = (Tap("deadlines.back", "deadlines.periods", (duty.id,)),)
    values: dict[str, Any] = {"named": named, "day": change[0] if change else None, "restored": data["reason"] is None}
    request.reply("deadlines/period_saved", back, replace=True, name=name_of(request, shape.profile), **values)


def _duty(request: Request, step: str, *, lock: bool = False) -> Duty | None:
    """The duty whose period is being changed, if this question is open and it is still his to change."""
    if step_of(request) != f"deadlines.{step}":
        request.notice("hint/stale")
        return None
    if not allowed(request):
        return None
    duty = duties.found(request.session, request.setup.campaign.code, request.data["duty"], lock=lock)
    if duty is None or duty.set_at.isoformat() != request.data["seen"]:
        leave(request)
        request.reply("deadlines/changed_meanwhile", (Tap("deadlines.back", "deadlines.list"),))
        return None
    return duty


def _periods(request: Request, shape: Shape) -> list[str]:
    """The next few periods by the rule, and those further on that were skipped or moved."""
    by_rule = deadline_changes.periods_of(Shape(shape.profile, shape.ended_on), request.setup, request.now)
    as_is = deadline_changes.periods_of(shape, request.setup, request.now)
    following = sorted({each.due_at: each.period for each in (*by_rule, *as_is)}.items())
    known = list(dict.fromkeys(period for _, period in following))
    return [period for place, period in enumerate(known) if place < MOST or period in (shape.exceptions or {})][:20]


def _days(request: Request, shape: Shape, period: str) -> tuple[date, date | None]:
    """The day that the rule names (or to which it was moved, if that one has passed), and the day that holds."""
    by_rule = deadline_changes.periods_of(Shape(shape.profile, shape.ended_on), request.setup, request.now)
    as_is = deadline_changes.periods_of(shape, request.setup, request.now)
    named = next((each.due_at.date() for each in by_rule if each.period == period), None)
    day = next((each.due_at.date() for each in as_is if each.period == period), None)
    return named or day or request.setup.today(request.now), day


def _period_rows(request: Request, shape: Shape, period: str) -> list[Row]:
    exceptions = shape.exceptions or {}
    by_rule = deadline_changes.periods_of(Shape(shape.profile, shape.ended_on), request.setup, request.now)
    rows: list[Row] = []
    if exceptions.get(period, date.max) is not None:
        rows.append((Tap("deadlines.skip", "deadlines.skip"),))
    if period in exceptions and period in {each.period for each in by_rule}:  # else it would be overdue at once
        rows.append((Tap("deadlines.restore", "deadlines.restore"),))
    return rows


def _ask_reason(request: Request, data: dict[str, Any]) -> None:
    request.ask("deadlines.reason", data)
    replace = request.message.press is not None
    request.reply("deadlines/reason", (CANCEL,), replace=replace)


def _change(data: dict[str, Any]) -> tuple[date | None, str] | None:
    """The day (None: skipped) and the reason; None: as the rule has it."""
    if data["reason"] is None:
        return None
    return (date.fromisoformat(data["day"]) if data["day"] else None), data["reason"]


def _ask_confirm(request: Request, duty: Duty, data: dict[str, Any]) -> None:
    request.ask("deadlines.period_confirm", data)
    before, change = deadline_changes.shape_of(request.session, duty), _change(data)
    after = deadline_changes.without_exception(before, data["period"])
    if change:
        after = deadline_changes.with_exception(before, data["period"], change[0])
    values = outlook_values(request, before, after)
    request.reply(
        "deadlines/period_confirm",
        (Tap("deadlines.save", "deadlines.period!"),),
        (CANCEL,),
        replace=request.message.press is not None,
        name=name_of(request, after.profile),
        reason=data["reason"],
        **values,
    )
