"""/nhiemvu for coordinators: a new task, question by question: what, who, until when; saved on confirm."""

from datetime import date
from typing import Any

from bot.actions import deadline_changes, roster
from bot.actions import tasks as doing
from bot.actions.tasks import FARTHEST, Draft
from bot.buttons import Row, Tap
from bot.domain.days import read_day
from bot.request import Request
from bot.routing import Router
from bot.storage import units
from bot.storage.models import Unit
from handlers.tasks import leave

router = Router()

LONGEST_NAME = 80
LONGEST_TYPED = 100
MOST_FOUND = 8
MOST_OWNERS = 20
IN_A_ROW = 2
CANCEL = (Tap("tasks.cancel", "tasks.cancel"),)


@router.button("tasks.add")
def begin(request: Request) -> None:
    """What is to be done."""
    request.ask("tasks.name", {})
    request.reply("tasks/name", CANCEL, most=LONGEST_NAME)


@router.button("tasks.cancel")
def cancel(request: Request) -> None:
    """Nothing is set after all."""
    leave(request)
    request.reply("tasks/cancelled", (Tap("tasks.all", "tasks.all", (0,)),), replace=True)


@router.step("tasks.name")
def take_name(request: Request) -> None:
    """The task in one line."""
    if not request.line or len(request.line) > LONGEST_NAME:
        request.reply("tasks/name", CANCEL, most=LONGEST_NAME)
        return
    _ask_owners(request, {"name": request.line, "owners": []})


@router.button("tasks.owner")
def toggle(request: Request) -> None:
    """A class of units, or one unit by its number, is to do it, or is not."""
    data = _data(request, "tasks.owners")
    if data is None:
        return
    owner, owners = _owner(request, request.args[0]), list(data["owners"])
    if owner in owners:
        owners.remove(owner)
    elif len(owners) < MOST_OWNERS and not doing.outside(request.session, request.setup, [owner], request.me):
        owners.append(owner)
    _ask_owners(request, {**data, "owners": owners})


@router.step("tasks.owners")
def search(request: Request) -> None:
    """Part of a unit's name: choose from those that fit."""
    day, campaign = request.setup.today(request.now), request.setup.campaign.code
    typed = request.line[:LONGEST_TYPED]
    found = units.find(request.session, campaign, typed, day, MOST_FOUND, within=request.me.unit_id)
    rows: list[Row] = [(Tap("tasks.owner", "tasks.owner", (unit.id,), {"name": _path(unit)}),) for unit in found]
    request.reply("tasks/found", *rows, CANCEL, typed=typed, number=len(found))


@router.button("tasks.next")
def ask_day(request: Request) -> None:
    """Until when."""
    data = _data(request, "tasks.owners")
    if data is None:
        return
    if not data["owners"]:
        request.notice("tasks/nobody")
        return
    request.ask("tasks.day", data)
    request.reply("tasks/day", CANCEL, replace=True, name=data["name"])


@router.step("tasks.day")
def take_day(request: Request) -> None:
    """The day, as it was typed; then all of it is shown before it is saved."""
    today = request.setup.today(request.now)
    day = read_day(request.line, today)
    if day is None or not today <= day <= today + FARTHEST:
        request.reply("tasks/day_bad", CANCEL)
        return
    data = {**request.data, "day": day.isoformat()}
    request.ask("tasks.confirm", data)
    _show(request, data)


@router.step("tasks.confirm")
def show_again(request: Request) -> None:
    """Words where a button is meant."""
    _show(request, request.data)


@router.button("tasks.save")
def save(request: Request) -> None:
    """The units have the task from now on, and are reminded as of reports."""
    data = _data(request, "tasks.confirm")
    if data is None:
        return
    draft = _draft(data)
    if doing.outside(request.session, request.setup, draft.owners, request.me):
        request.end()
        request.reply("tasks/not_yours")
        return
    request.end()
    number = len(doing.owners_of(request.session, request.setup, draft, request.setup.today(request.now)))
    duty = doing.add(request.session, request.setup, draft, request.me, request.now)
    show = (Tap("tasks.show", "tasks.show", (duty.id, 0), {"name": draft.name}),)
    request.reply("tasks/saved", show, replace=True, name=draft.name, day=draft.day, units=number)


def _ask_owners(request: Request, data: dict[str, Any]) -> None:
    request.ask("tasks.owners", data)
    chosen = data["owners"]
    rows: list[Row] = []
    if deadline_changes.may_change(request.me):
        taps = [_tap(request, code, chosen) for code in doing.classes(request.setup.campaign)]
        rows += [tuple(taps[at : at + IN_A_ROW]) for at in range(0, len(taps), IN_A_ROW)]
    single = [code for code in chosen if code not in doing.classes(request.setup.campaign)]
    rows += [(_tap(request, code, chosen),) for code in single]
    rows.append((Tap("tasks.next", "tasks.next"), *CANCEL))
    press = request.message.press is not None
    request.reply("tasks/owners", *rows, replace=press, name=data["name"], owners=_names(request, chosen))


def _show(request: Request, data: dict[str, Any]) -> None:
    draft = _draft(data)
    owners = doing.owners_of(request.session, request.setup, draft, request.setup.today(request.now))
    rows = (Tap("tasks.save", "tasks.save"), *CANCEL)
    names = _names(request, draft.owners)
    request.reply("tasks/confirm", rows, name=draft.name, day=draft.day, owners=names, units=len(owners))


def _draft(data: dict[str, Any]) -> Draft:
    return Draft(data["name"], tuple(data["owners"]), date.fromisoformat(data["day"]))


def _data(request: Request, step: str) -> dict[str, Any] | None:
    """What is known so far, if this question is open; says so if not."""
    if request.conversation is None or request.conversation.step != step:
        request.notice("hint/stale")
        return None
    return request.data


def _tap(request: Request, code: str, chosen: list[str]) -> Tap:
    name = {"name": _names(request, [code])[0]}
    unit = roster.unit_with_code(request.session, request.setup.campaign.code, code)
    known = doing.classes(request.setup.campaign)
    arg = unit.id if unit and code not in known else code
    return Tap("tasks.owner_on" if code in chosen else "tasks.owner", "tasks.owner", (arg,), name)


def _owner(request: Request, pressed: str) -> str:
    """The class of a button, or the code of its unit: codes come from outside, and may be too long for a button."""
    unit = request.session.get(Unit, int(pressed)) if pressed.isdecimal() else None
    return unit.code if unit and unit.campaign == request.setup.campaign.code else pressed


def _names(request: Request, owners: list[str] | tuple[str, ...]) -> list[str]:
    """What classes are called, and the names of single units."""
    known = doing.classes(request.setup.campaign)
    return [known[each][request.language != "vi"] if each in known else _unit_name(request, each) for each in owners]


def _unit_name(request: Request, code: str) -> str:
    unit = roster.unit_with_code(request.session, request.setup.campaign.code, code)
    return unit.name if unit else code


def _path(unit: Unit) -> str:
    return f"{unit.name}, {unit.parent.name}" if unit.parent else unit.name
