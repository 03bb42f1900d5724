"""The end of /sapxep: the day of a closing, what it will change, the confirm, and the way back."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from bot.actions import reorganisation, successors
from bot.actions.successors import TABLE_DAY, Arrival
from bot.buttons import Row, Tap
from bot.domain.days import read_day
from bot.request import Request
from bot.routing import Router
from bot.storage.models import Unit
from bot.storage.tags import hold_still
from handlers.reorganise import begin, leave, parts_of, show_parts, step_of, taken_parts, unit_at_hand, untaken_parts

router = Router()


@router.button("reorganise.parts")
def parts_are_right(request: Request) -> None:
    """Go on to the day."""
    unit = unit_at_hand(request, "parts")
    if unit is None:
        return
    taken = taken_parts(request)
    outside = successors.out_of_reach(request.session, request.me, unit, taken)
    if outside or not taken:
        request.reply("reorganise/parts_bad", leave(unit), outside=outside)
        return
    _ask_day(request, unit)


@router.button("reorganise.none")
def goes_nowhere(request: Request) -> None:
    """No unit takes it over; go on to the day."""
    unit = unit_at_hand(request, "parts")
    if unit:
        request.ask("reorganise.parts", {"unit": unit.id, "parts": [asdict(each) for each in untaken_parts(request)]})
        _ask_day(request, unit)


@router.step("reorganise.day")
def day_by_word(request: Request) -> None:
    """The day as day/month/year."""
    unit = unit_at_hand(request, "day")
    if unit:
        _take_day(request, unit, read_day(request.message.text, request.setup.today(request.now)))


@router.button("reorganise.day")
def choose_day(request: Request) -> None:
    """A press on one of the days offered."""
    unit = unit_at_hand(request, "day")
    if unit:
        _take_day(request, unit, date.fromisoformat(request.args[1]))


@router.button("reorganise.back")
def back(request: Request) -> None:
    """One question back; from the units found, to those taken so far."""
    unit = unit_at_hand(request, "parts", "day", "summary")
    if unit is None:
        return
    if step_of(request) == "summary":
        _ask_day(request, unit)
    elif step_of(request) == "day" or "typed" in request.data:
        show_parts(request, unit, parts_of(request))
    else:
        begin(request)


@router.step("reorganise.summary")
def show_summary_again(request: Request) -> None:
    """Words where the confirm button is meant."""
    unit = unit_at_hand(request, "summary")
    if unit:
        _take_day(request, unit, date.fromisoformat(request.data["day"]))


@router.button("reorganise.confirm")
def confirm(request: Request) -> None:
    """Write it down, if what was shown still holds."""
    unit = unit_at_hand(request, "summary")
    if unit is None:
        return
    session, day = request.session, date.fromisoformat(request.data["day"])
    hold_still(session, unit.campaign)  # two closings at once could send people round in a circle
    session.refresh(unit, with_for_update=True)
    if not _still_holds(request, unit, day):
        request.notice("hint/stale")
        return
    if any(each not in request.data.get("arrivals", ()) for each in _marks(successors.arrivals(session, unit, day))):
        _take_day(request, unit, day)  # a move was planned since: show it as well
        return
    people = reorganisation.people_in(session, unit)
    closing = reorganisation.close(session, request.setup, unit, taken_parts(request), day, request.me, request.now)
    request.end()
    undo_row: Row = (Tap("reorganise.undo", "reorganise.undo", (unit.id, f"{day:%Y%m%d}", people), solemn=True),)
    request.reply(
        "reorganise/done",
        *([undo_row] if closing.reversible else ()),
        replace=True,
        unit=successors.place_of(unit),
        successors=[each.name for each in closing.successors],
        day=day,
        to_come=day > request.setup.today(request.now),
        reversible=closing.reversible,
        members=people,
    )


@router.button("reorganise.undo")
def undo(request: Request) -> None:
    """Take the closing back, as long as nobody has followed it."""
    hold_still(request.session, request.setup.campaign.code)
    unit = request.session.get(Unit, int(request.args[0]), with_for_update=True)
    if unit is None or unit.closed_on != date.fromisoformat(request.args[1]):
        request.notice("hint/stale")
    elif not successors.may_close(request.me, unit):
        request.notice("hint/not_allowed")
    elif reorganisation.undo(request.session, unit, int(request.args[2])):
        request.reply("reorganise/undone", replace=True, unit=successors.place_of(unit))
    else:
        request.notice("reorganise/undo_late")


def _still_holds(request: Request, unit: Unit, day: date) -> bool:
    """Whether nothing has come in between since the summary was shown."""
    taken, today = taken_parts(request), request.setup.today(request.now)
    return not (
        unit.closed_on
        or successors.out_of_reach(request.session, request.me, unit, taken)
        or successors.day_fault(request.session, unit, taken, day, today)
    )


def _ask_day(request: Request, unit: Unit) -> None:
    request.ask("reorganise.day", {"unit": unit.id, "parts": request.data["parts"]})
    request.reply("reorganise/day", *_days(request, unit), replace=request.message.press is not None, unit=unit.name)


def _days(request: Request, unit: Unit) -> list[Row]:
    """Today, the day of the table if its proposal is taken, and the way out."""
    today = request.setup.today(request.now)
    rows: list[Row] = [(Tap("reorganise.today", "reorganise.day", (unit.id, f"{today:%Y%m%d}")),)]
    if any(part.code for part in taken_parts(request)):
        name = f"{TABLE_DAY.day}/{TABLE_DAY.month}/{TABLE_DAY.year}"
        rows.append((Tap("reorganise.day", "reorganise.day", (unit.id, f"{TABLE_DAY:%Y%m%d}"), {"name": name}),))
    return [*rows, leave(unit)]


def _take_day(request: Request, unit: Unit, day: date | None) -> None:
    """Show what closing on this day changes; or say what speaks against it, and ask again."""
    parts, today = taken_parts(request), request.setup.today(request.now)
    fault = successors.day_fault(request.session, unit, parts, day, today) if day else None
    if day is None or fault:
        code, names = (fault.code, fault.names) if fault else ("unread", ())
        request.reply("reorganise/day_bad", *_days(request, unit), unit=unit.name, fault=code, names=names)
        return
    change = successors.preview(request.session, request.setup, unit, parts, day)
    data = {"unit": unit.id, "parts": request.data["parts"], "day": day.isoformat()}
    request.ask("reorganise.summary", {**data, "arrivals": _marks(change.arrivals)})
    request.reply(
        "reorganise/summary",
        (Tap("reorganise.confirm", "reorganise.confirm", (unit.id,), solemn=True),),
        leave(unit),
        replace=request.message.press is not None,
        unit=successors.place_of(unit),
        parts=parts,
        day=day,
        today=today,
        change=change,
    )


def _marks(arrivals: Sequence[Arrival]) -> list[str]:
    """What tells whether planned moves are among those that were shown."""
    return [f"{each.day} {each.name}" for each in arrivals]
