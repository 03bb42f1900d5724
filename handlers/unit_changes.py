"""From a unit's card a coordinator renames it, adds one below it, puts it elsewhere, or goes on to closing it."""

import hashlib
from datetime import date, timedelta
from typing import Any

from bot.actions import unit_changes as changes
from bot.actions.successors import may_close
from bot.actions.unit_changes import MOST_TAGS, Change, Effect, NewTag
from bot.buttons import Row, Tap
from bot.domain.days import read_day
from bot.request import Request
from bot.routing import Router
from bot.storage.models import Unit
from bot.storage.tags import hold_still
from handlers import reorganise
from handlers.register import LONGEST_TYPED
from handlers.units import MOST_UNITS, found_by, path_of, show, type_name, unit_at

router = Router()

MOST_SHOWN = 5
FARTHEST = timedelta(days=366)


@router.button("units.rename")
def ask_name(request: Request) -> None:
    """What the unit is called from today on."""
    unit = _own(request, int(request.args[0]))
    if unit:
        request.ask("units.name", {"unit": unit.id, "what": "rename"})
        request.reply("units/ask", (_leave(unit),), replace=True, unit=unit.name, what="rename")


@router.button("units.add")
def ask_type(request: Request) -> None:
    """Which type of unit is added below this one."""
    unit = _own(request, int(request.args[0]))
    if unit is None:
        return
    request.ask("units.type", {"unit": unit.id, "what": "add"})
    types = dict.fromkeys(row.type for row in request.setup.campaign.unit_types if row.type != "province")
    rows = [(Tap("units.type", "units.type", (each,), {"name": type_name(request, each)}),) for each in types]
    request.reply("units/ask", *rows, (_leave(unit),), replace=True, unit=unit.name, what="type")


@router.button("units.move")
def ask_parent(request: Request) -> None:
    """Under which other unit it stands from today on."""
    unit = _own(request, int(request.args[0]))
    if unit and may_close(request.me, unit):
        request.ask("units.parent", {"unit": unit.id, "what": "move"})
        request.reply("units/ask", (_leave(unit),), replace=True, unit=unit.name, what="move")
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
        request.reply("units/ask", (_leave(unit),), replace=True, unit=unit.name, what="add")


@router.step("units.type", "units.confirm")
def press_instead(request: Request) -> None:
    """Words where a button is meant."""
    unit = _at_hand(request, "type", "confirm")
    if unit:
        request.reply("units/press", (_leave(unit),), unit=unit.name)


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
        _refuse(request, unit, fault or "same")
    elif adding:
        request.ask("units.day", {**request.data, "name": name})
        today = request.setup.today(request.now)
        rows = (Tap("units.today", "units.day", (f"{today:%Y%m%d}",)), _leave(unit))
        request.reply("units/ask", rows, unit=name, what="day")
    else:
        _show_change(request, unit, {**request.data, "name": name, "parent": unit.parent_id})


@router.step("units.day")
@router.button("units.day")
def take_day(request: Request) -> None:
    """The first day of the new unit, which may be one to come."""
    unit, today = _at_hand(request, "day"), request.setup.today(request.now)
    if unit is None:
        return
    pressed = request.message.press is not None
    day = date.fromisoformat(request.args[0]) if pressed else read_day(request.message.text, today)
    if day is None or not today - FARTHEST <= day <= today + FARTHEST:
        _refuse(request, unit, "day")
    else:
        _show_new(request, unit, {**request.data, "day": day.isoformat()}, day)


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
    request.reply("units/found", *rows[:MOST_UNITS], (_leave(unit),), typed=typed, number=number, more=more)


@router.button("units.parent")
def take_parent(request: Request) -> None:
    """The unit above from today on."""
    unit = _at_hand(request, "parent")
    parent = _own(request, int(request.args[0])) if unit else None
    if unit is None or parent is None:
        return
    fault = changes.move_fault(request.session, unit, parent, request.setup.today(request.now))
    if fault:
        _refuse(request, unit, fault)
    else:
        _show_change(request, unit, {**request.data, "name": unit.name, "parent": parent.id})


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
    fault = changes.name_fault(request.session, data["type"], parent, data["name"])
    if fault or parent.closed_on:
        _refuse(request, parent, fault or "closed")
        return
    unit = changes.add(request.session, request.setup, parent, data["type"], data["name"], day)
    request.end()
    show(request, unit, replace=True)


def _save_change(request: Request, unit: Unit) -> None:
    change = _change(request, unit)
    brings = changes.effect(request.session, request.setup, change, request.setup.today(request.now))
    if _fault(request, change) or _print(change, brings) != request.data["print"]:
        _show_change(request, unit, request.data)  # somebody was quicker: what was shown is not so any more
        return
    args = (request.session, request.setup, change, brings, request.me, request.now)
    changed, left = changes.save(*args)
    request.end()
    back = (Tap("units.back", "units.show", (unit.id,)),)
    request.reply("units/saved", back, replace=True, unit=path_of(unit), changed=changed, left=left)


def _show_change(request: Request, unit: Unit, data: dict[str, Any]) -> None:
    request.ask("units.confirm", data)
    change = _change(request, unit)
    fault = _fault(request, change)
    brings = changes.effect(request.session, request.setup, change, request.setup.today(request.now))
    if fault or len(brings.tags) > MOST_TAGS:
        _refuse(request, unit, fault or "many")
        return
    request.ask("units.confirm", {**data, "print": _print(change, brings)})
    request.reply(
        "units/confirm",
        (Tap("units.save", "units.save", (unit.id,), solemn=True),),
        (_leave(unit),),
        replace=request.message.press is not None,
        unit=path_of(unit),
        name=change.name if change.name != unit.name else None,
        parent=path_of(change.parent) if change.parent and change.parent is not unit.parent else None,
        **_owed(request, change),
        **_tags_shown(brings),
        grace=request.setup.campaign.tag_grace_days,
    )


def _owed(request: Request, change: Change) -> dict[str, Any]:
    """The names of the reports that the unit owes only after the change, and only before it."""
    today, unit = request.setup.today(request.now), change.unit
    before, after = (
        [each.vi if request.language == "vi" else each.en for each in found]
        for found in (
            changes.owed_by(request.session, request.setup, unit.type, name, today, unit.code)
            for name in (unit.name, change.name)
        )
    )
    return {"owed": [x for x in after if x not in before], "not_owed": [x for x in before if x not in after]}


def _tags_shown(brings: Effect) -> dict[str, Any]:
    settled = [each for each in brings.tags if not each.twins]
    clashing = [each for each in brings.tags if each.twins]
    return {
        "number": len(settled),
        "tags": [(each.holder.name, each.old, each.tag) for each in settled[:MOST_SHOWN]],
        "clashes": [(each.holder.name, each.tag, each.twins[0]) for each in clashing[:MOST_SHOWN]],
        "more_clashes": max(0, len(clashing) - MOST_SHOWN),
        "by_hand": brings.set_by_hand,
    }


def _show_new(request: Request, parent: Unit, data: dict[str, Any], day: date) -> None:
    request.ask("units.confirm", data)
    tag: NewTag | None = changes.tag_of_new(request.session, request.setup, parent, data["type"], data["name"], day)
    owed = changes.owed_by(request.session, request.setup, data["type"], data["name"], day)
    request.reply(
        "units/confirm_new",
        (Tap("units.save", "units.save", (parent.id,), solemn=True),),
        (_leave(parent),),
        replace=request.message.press is not None,
        name=data["name"],
        type=type_name(request, data["type"], data["name"]),
        parent=path_of(parent),
        day=day,
        tag=tag.tag if tag else None,
        none_needed=request.setup.campaign.tag_rule is None,
        twins=list(tag.twins) if tag else [],
        duties=[each.vi if request.language == "vi" else each.en for each in owed],
    )


def _change(request: Request, unit: Unit) -> Change:
    number = request.data["parent"]
    return Change(unit, request.data["name"], request.session.get_one(Unit, number) if number else None)


def _fault(request: Request, change: Change) -> changes.Fault | None:
    if change.parent is not None and change.parent is not change.unit.parent:
        return changes.move_fault(request.session, change.unit, change.parent, request.setup.today(request.now))
    return changes.name_fault(request.session, change.unit.type, change.parent, change.name, change.unit)


def _print(change: Change, brings: Effect) -> str:
    """What tells whether the change and its effect are still those that were shown."""
    tags = [(each.holder.name, each.old, each.tag, each.twins) for each in brings.tags]
    shown = (change.unit.name, change.unit.parent_id, tags, brings.set_by_hand)
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _refuse(request: Request, unit: Unit, fault: str) -> None:
    request.reply("units/fault", (_leave(unit),), unit=unit.name, fault=fault)


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


def _leave(unit: Unit) -> Tap:
    return Tap("units.leave", "units.show", (unit.id,))
