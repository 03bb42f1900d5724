"""/donvi: an admin looks up the units of his part of the tree: each one's card, and those below it page by page."""

from datetime import date
from typing import Any

from bot.actions import tag_roster, unit_changes, unit_plans
from bot.actions import units as cards
from bot.actions.successors import may_close
from bot.actions.units import Card
from bot.buttons import Row, Tap
from bot.request import Request
from bot.routing import Router
from bot.storage import units
from bot.storage.models import Unit, UnitChange
from handlers.register import LONGEST_TYPED

router = Router()

MOST_UNITS = 8
MOST_ADMINS = 8


@router.command("donvi", "units")
def show_own(request: Request) -> None:
    """The admin's own unit, or those whose name holds what stands after the command."""
    if request.args:
        _show_found(request, " ".join(request.args)[:LONGEST_TYPED])
    else:
        show(request, request.me.unit)


@router.button("units.show")
def show_chosen(request: Request) -> None:
    """The card of one unit; what was being changed is left."""
    unit = unit_at(request, int(request.args[0]))
    if unit:
        leave(request)
        show(request, unit, replace=True)


@router.button("units.find")
def ask_name(request: Request) -> None:
    """Part of a name is what comes next."""
    request.ask("units.find", {})
    request.reply("units/find", (_back(request.me.unit),))


@router.step("units.find")
def find(request: Request) -> None:
    """Part of a unit's name, with or without diacritics: choose from those of the admin's part of the tree."""
    _show_found(request, request.line[:LONGEST_TYPED])


@router.button("units.list")
def list_below(request: Request) -> None:
    """The units right under one: those that live, or the closed ones."""
    unit, page, closed = unit_at(request, int(request.args[0])), int(request.args[1]), request.args[2] == "1"
    if unit is None:
        return
    today = request.setup.today(request.now)
    here = cards.children(request.session, unit.id, today, page, MOST_UNITS + 1, closed=closed)
    at, word = unit.id, int(closed)
    before = (Tap("units.before", "units.list", (at, page - 1, word)),) if page else ()
    after = (Tap("units.after", "units.list", (at, page + 1, word)),) if len(here) > MOST_UNITS else ()
    request.reply(
        "units/list",
        *[(Tap("units.unit", "units.show", (each.id,), {"path": each.name}),) for each in here[:MOST_UNITS]],
        *([(*before, *after)] if before or after else []),
        (_back(unit),),
        replace=True,
        unit=unit.name,
        closed=closed,
        page=page + 1,
    )


def show(request: Request, unit: Unit, *, replace: bool = False) -> None:
    """The card of a unit, and what can be done with it."""
    found, today = cards.card(request.session, request.setup, unit, request.now), request.setup.today(request.now)
    request.reply(
        "units/card",
        *_rows(request, unit, found, today),
        replace=replace,
        name=unit.name,
        above=[each.name for each in units.path(unit)[1:]],
        type=type_name(request, unit.type, unit.name),
        opened=unit.opened_on,
        to_come=unit.opened_on is not None and unit.opened_on > today,
        closed=unit.closed_on,
        successors=[each.name for each in found.successors],
        numbers=found.numbers,
        below=found.below,
        living=found.living,
        admins=[(each.full_name, each.role) for each in found.admins[:MOST_ADMINS]],
        more_admins=max(0, len(found.admins) - MOST_ADMINS),
        tag=found.tag.tag if found.tag else None,
        by_name=tag_roster.signs(request.setup.campaign, unit),
        twins=list(found.twins),
        planned=[(each.day, each.name, path_of(each.parent) if each.parent else None) for each in found.planned],
        due=[(each.duty.rule, request.setup.local(each.due_at), each.due_at < request.now) for each in found.due],
        more_due=found.owed - len(found.due),
    )


def unit_at(request: Request, number: int) -> Unit | None:
    """The unit, if it is in this admin's part of the tree; says so if it is not."""
    unit = request.session.get(Unit, number)
    if unit is None or unit.campaign != request.setup.campaign.code or not units.is_within(unit, request.me.unit_id):
        request.reply("units/not_yours")
        return None
    return unit


def type_name(request: Request, type_: str, name: str = "") -> str:
    """What a type of unit is called."""
    try:
        row = request.setup.campaign.unit_type(type_, name)
    except KeyError:
        return type_
    return row.vi if request.language == "vi" else row.en


def found_by(request: Request, typed: str, **how: Any) -> list[Unit]:
    """Units of this admin's part of the tree whose name holds what was typed; one more than are shown."""
    today, campaign, within = request.setup.today(request.now), request.setup.campaign.code, request.me.unit_id
    return list(units.find(request.session, campaign, typed, today, MOST_UNITS + 1, within=within, **how))


def path_of(unit: Unit) -> str:
    """The unit and all above it, on a button."""
    return " › ".join(each.name for each in units.path(unit))


def leave(request: Request) -> None:
    """Leave a search or a change of a unit; another conversation goes on."""
    if request.conversation and request.conversation.step.startswith("units."):
        request.end()


def _show_found(request: Request, typed: str) -> None:
    found = found_by(request, typed, to_come=True)
    rows: list[Row] = [(Tap("units.unit", "units.show", (each.id,), {"path": path_of(each)}),) for each in found]
    more, number = len(found) > MOST_UNITS, len(found[:MOST_UNITS])
    request.reply("units/found", *rows[:MOST_UNITS], (_back(request.me.unit),), typed=typed, number=number, more=more)


def _back(unit: Unit) -> Tap:
    return Tap("units.back", "units.show", (unit.id,))


def _rows(request: Request, unit: Unit, card: Card, today: date) -> list[Row]:
    rows: list[Row] = []
    if card.living:
        rows.append((Tap("units.below", "units.list", (unit.id, 0, 0), {"number": card.living}),))
    if card.closed:
        rows.append((Tap("units.closed", "units.list", (unit.id, 0, 1), {"number": card.closed}),))
    rows.append((Tap("units.members", "members.list", ("all", unit.id, 0)), Tap("units.tags", "tags.show", _tag(unit))))
    rows += _changes(request, unit, card, today)
    up = unit.parent if unit.parent and unit.id != request.me.unit_id else None
    rows.append((Tap("units.find", "units.find"), *((Tap("units.up", "units.show", (up.id,)),) if up else ())))
    return rows


def _changes(request: Request, unit: Unit, card: Card, today: date) -> list[Row]:
    """What a coordinator may do with a unit that is not closed, and what was planned of it."""
    if not unit_changes.may_change(request.me, unit):
        return []
    planned = [_recall(each) for each in card.planned if unit_plans.may_take_back(request.me, each)]
    if unit.closed_on and unit.closed_on <= today:
        return planned
    rename, add = Tap("units.rename", "units.rename", (unit.id,)), Tap("units.add", "units.add", (unit.id,))
    rows: list[Row] = [(rename, add)]
    if may_close(request.me, unit):
        rows.append((Tap("units.move", "units.move", (unit.id,)), Tap("units.close", "units.close", (unit.id,))))
    return [*rows, *planned]


def _recall(row: UnitChange) -> Row:
    # A number of a row may be given again: the second in which it was planned is not.
    args, values = (row.unit_id, int(row.set_at.timestamp())), {"name": f"{row.day.day}/{row.day.month}/{row.day.year}"}
    if row.name:
        return (Tap("units.recall_name", "units.recall", args, values, solemn=True),)
    return (Tap("units.recall_move", "units.recall", args, values, solemn=True),)


def _tag(unit: Unit) -> tuple[str]:
    return (f"u{unit.id}",)
