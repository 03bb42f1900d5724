"""From a unit's card a coordinator renames it, adds one below it, puts it elsewhere, or goes on to closing it."""

from datetime import date, timedelta

from bot.actions import unit_changes as changes
from bot.actions import unit_plans as plans
from bot.actions.successors import may_close
from bot.actions.unit_changes import Change, Fault
from bot.buttons import Row, Tap
from bot.domain.days import read_day
from bot.request import Request
from bot.routing import Router
from bot.storage import unit_changes
from bot.storage.models import Unit
from bot.storage.tags import hold_still
from handlers import reorganise
from handlers.register import LONGEST_TYPED
from handlers.unit_preview import change_of, fault_of, leave, print_of, refuse, show_change, show_new
from handlers.units import MOST_UNITS, found_by, path_of, show, type_name, unit_at

router = Router()

FARTHEST = timedelta(days=366)
OF_THE_DAY = ("closed", "unopened", "gone", "past")  # faults that another day may not have


@router.button("units.rename")
def ask_name(request: Request) -> None:
    """What the unit is called from now on; from which day exactly, comes after."""
    unit = _own(request, int(request.args[0]))
    if unit:
        request.ask("units.name", {"unit": unit.id, "what": "rename"})
        request.reply("units/ask", (leave(unit),), replace=True, unit=unit.name, what="rename")


@router.button("units.add")
def ask_type(request: Request) -> None:
    """Which type of unit is added below this one."""
    unit = _own(request, int(request.args[0]))
    if unit is None:
        return
    request.ask("units.type", {"unit": unit.id, "what": "add"})
    types = dict.fromkeys(row.type for row in request.setup.campaign.unit_types if row.type != "province")
    rows = [(Tap("units.type", "units.type", (each,), {"name": type_name(request, each)}),) for each in types]
    request.reply("units/ask", *rows, (leave(unit),), replace=True, unit=unit.name, what="type")


@router.button("units.move")
def ask_parent(request: Request) -> None:
    """Under which other unit it stands; from which day on, comes after."""
    unit = _own(request, int(request.args[0]))
    if unit and may_close(request.me, unit):
        request.ask("units.parent", {"unit": unit.id, "what": "move"})
        request.reply("units/ask", (leave(unit),), replace=True, unit=unit.name, what="move")
    elif unit:
        request.reply("units/not_yours")


@router.button("units.close")
def close(request: Request) -> None:
    """Closing, merging and dividing is a conversation of its own: go on there with this unit."""
    unit = _own(request, int(request.args[0]))
    if unit:
        request.ask("reorganise.unit", {})
        reorganise.choose_unit(request)


@router.button("units.type")
def choose_type(request: Request) -> None:
    """The type of the new unit; its name comes next."""
    unit = _at_hand(request, "type")
    if unit and request.args[0] in {row.type for row in request.setup.campaign.unit_types}:
        request.ask("units.name", {**request.data, "type": request.args[0]})
        request.reply("units/ask", (leave(unit),), replace=True, unit=unit.name, what="add")


@router.step("units.type", "units.confirm")
def press_instead(request: Request) -> None:
    """Words where a button is meant."""
    unit = _at_hand(request, "type", "confirm")
    if unit:
        request.reply("units/press", (leave(unit),), unit=unit.name)


@router.step("units.name")
def take_name(request: Request) -> None:
    """The name, whole; a new unit's first day comes next."""
    unit = _at_hand(request, "name")
    if unit is None:
        return
    name, adding = changes.tidy(request.message.text), request.data["what"] == "add"
    type_, parent, but = (request.data["type"], unit, None) if adding else (unit.type, unit.parent, unit)
    fault = changes.name_fault(request.session, type_, parent, name, but)
    if fault or (not adding and name == unit.name):
        refuse(request, unit, fault or "same")
    elif adding:
        request.ask("units.day", {**request.data, "name": name})
        today = request.setup.today(request.now)
        rows = (Tap("units.today", "units.day", (f"{today:%Y%m%d}",)), leave(unit))
        request.reply("units/ask", rows, unit=name, what="day")
    else:
        show_change(request, unit, {**request.data, "name": name, "parent": unit.parent_id})


@router.button("units.when")
def ask_day(request: Request) -> None:
    """From which other day than the one shown it is to be."""
    unit = _at_hand(request, "confirm")
    if unit is None:
        return
    if request.data["what"] == "add" or request.args[0] != str(unit.id):
        request.notice("hint/stale")
        return
    request.ask("units.day", request.data)
    today = request.setup.today(request.now)
    rows = (Tap("units.today", "units.day", (f"{today:%Y%m%d}",)), leave(unit))
    request.reply("units/ask", rows, replace=True, unit=unit.name, what="when")


@router.step("units.day")
@router.button("units.day")
def take_day(request: Request) -> None:
    """The first day of the new unit, or of the change; it may be one to come."""
    unit, today = _at_hand(request, "day"), request.setup.today(request.now)
    if unit is None:
        return
    pressed, adding = request.message.press is not None, request.data["what"] == "add"
    day = date.fromisoformat(request.args[0]) if pressed else read_day(request.message.text, today)
    fault = _day_fault(day, today - FARTHEST if adding else today, today + FARTHEST)
    if adding and day and not fault:
        fault = changes.add_fault(request.session, request.data["type"], unit, request.data["name"], day)
    if day is None or fault:
        refuse(request, unit, fault or "day", unit if adding else None)
    elif adding:
        show_new(request, unit, {**request.data, "day": day.isoformat()}, day)
    else:
        show_change(request, unit, {**request.data, "day": day.isoformat()})


@router.step("units.parent")
def find_parent(request: Request) -> None:
    """Part of the name of the unit above: choose from those of the coordinator's part of the tree."""
    unit = _at_hand(request, "parent")
    if unit is None:
        return
    typed = request.line[:LONGEST_TYPED]
    found = [each for each in found_by(request, typed) if each is not unit]
    rows: list[Row] = [(Tap("units.unit", "units.parent", (each.id,), {"path": path_of(each)}),) for each in found]
    more, number = len(found) > MOST_UNITS, len(found[:MOST_UNITS])
    request.reply("units/found", *rows[:MOST_UNITS], (leave(unit),), typed=typed, number=number, more=more)


@router.button("units.parent")
def take_parent(request: Request) -> None:
    """The unit above from now on."""
    unit = _at_hand(request, "parent")
    parent = _own(request, int(request.args[0])) if unit else None
    if unit is None or parent is None:
        return
    fault = changes.move_fault(request.session, unit, parent, request.setup.today(request.now))
    if fault:
        refuse(request, unit, fault, parent)
    else:
        show_change(request, unit, {**request.data, "name": unit.name, "parent": parent.id})


@router.button("units.save")
def save(request: Request) -> None:
    """Write down what was shown, if it still is so."""
    hold_still(request.session, request.setup.campaign.code)
    unit = _at_hand(request, "confirm")
    if unit is None:
        return
    if request.args[0] != str(unit.id):
        request.notice("hint/stale")
    elif request.data["what"] == "add":
        _save_new(request, unit)
    else:
        _save_change(request, unit)


def _save_new(request: Request, parent: Unit) -> None:
    data, day = request.data, date.fromisoformat(request.data["day"])
    fault = changes.add_fault(request.session, data["type"], parent, data["name"], day)
    if fault:
        refuse(request, parent, fault, parent)
        return
    unit = changes.add(request.session, request.setup, parent, data["type"], data["name"], day)
    request.end()
    show(request, unit, replace=True)


def _save_change(request: Request, unit: Unit) -> None:
    change = change_of(request, unit, request.data)
    brings = changes.effect(request.session, request.setup, change)
    fault = fault_of(request, change, brings)
    if fault in OF_THE_DAY:
        request.ask("units.day", request.data)
    if fault or print_of(change, brings) != request.data["print"]:
        show_change(request, unit, request.data)  # somebody was quicker: what was shown is not so any more
        return
    if change.day > request.setup.today(request.now):
        _plan(request, change)
        return
    changed, left = changes.save(request.session, request.setup, change, brings, request.me, request.now)
    request.end()
    back = (Tap("units.back", "units.show", (unit.id,)),)
    request.reply("units/saved", back, replace=True, unit=path_of(unit), changed=changed, left=left)


def _plan(request: Request, change: Change) -> None:
    plans.plan(request.session, change, request.me, request.now)
    request.end()
    request.reply(
        "units/planned",
        (Tap("units.back", "units.show", (change.unit.id,)),),
        replace=True,
        unit=path_of(change.unit),
        day=change.day,
        name=change.name,
        parent=path_of(change.parent) if change.parent and change.moves else None,
    )


@router.button("units.recall")
def recall(request: Request) -> None:
    """What was planned for a day to come is not done."""
    hold_still(request.session, request.setup.campaign.code)
    unit, planned = _own(request, int(request.args[0])), int(request.args[1])
    if unit is None:
        return
    rows = unit_changes.of_unit(request.session, unit.id)
    row = next((each for each in rows if int(each.set_at.timestamp()) == planned), None)
    if row is None:
        request.notice("hint/stale")
        return
    if not plans.may_take_back(request.me, row):
        request.reply("units/not_yours")
        return
    plans.take_back(request.session, request.setup, row, request.me, request.now)
    show(request, unit, replace=True)


def _day_fault(day: date | None, first: date, last: date) -> Fault | None:
    if day is None:
        return "day"
    return "past" if day < first else "far" if day > last else None


def _own(request: Request, number: int) -> Unit | None:
    """The unit, if this coordinator may change it; says so if not."""
    unit = unit_at(request, number)
    if unit and not changes.may_change(request.me, unit):
        request.reply("units/not_yours")
        return None
    return unit


def _at_hand(request: Request, *steps: str) -> Unit | None:
    """The unit that the conversation is about, at one of these steps; says so if a button is of another one."""
    kind, _, step = (request.conversation.step if request.conversation else "").partition(".")
    if kind != "units" or step not in steps or "unit" not in request.data:
        request.notice("hint/stale")
        return None
    return _own(request, request.data["unit"])
