"""/sapxep: a coordinator says which unit went into which others, and from when on; its members say which is theirs."""

import unicodedata
from dataclasses import asdict, replace
from datetime import date

from bot.actions import reorganisation, successors
from bot.actions.successors import Part
from bot.buttons import Copy, Row, Tap
from bot.domain.folding import fold
from bot.request import Request
from bot.routing import Router
from bot.storage import people, units
from bot.storage.models import Unit
from handlers.register import LONGEST_TYPED

router = Router()

MOST_UNITS = 8
MOST_PARTS = 10
LONGEST_NAME = 80
# What the name of a new commune begins with.
COMMUNE_WORDS = ("xa ", "phuong ", "thi tran ", "dac khu ")
CANCEL = Tap("reorganise.cancel", "reorganise.cancel")


@router.command("sapxep", "reorganise")
def begin(request: Request) -> None:
    """Ask which unit goes."""
    request.ask("reorganise.unit", {})
    request.reply("reorganise/unit", (CANCEL,), replace=request.message.press is not None)


@router.button("reorganise.cancel")
def cancel(request: Request) -> None:
    """Leave it; nothing was changed."""
    if not step_of(request):
        request.notice("hint/stale")
        return
    request.end()
    request.reply("register/cancelled", replace=True)


@router.step("reorganise.unit")
def search_unit(request: Request) -> None:
    """Part of the name of the unit that goes: choose from those below the coordinator's own."""
    typed, today = request.line[:LONGEST_TYPED], request.setup.today(request.now)
    campaign, within = request.setup.campaign.code, request.me.unit_id
    found = units.find(request.session, campaign, typed, today, MOST_UNITS + 1, within=within)
    rows: list[Row] = [
        (Tap("reorganise.unit", "reorganise.unit", (each.id,), {"path": _path(each)}),) for each in found[:MOST_UNITS]
    ]
    _show_found(request, *rows, (CANCEL,), typed=typed, number=len(found), new=None, adding=False)


@router.button("reorganise.unit")
def choose_unit(request: Request) -> None:
    """The unit that goes; it must not have gone before, and nothing may live below it."""
    unit = request.session.get(Unit, int(request.args[0]))
    if step_of(request) != "unit" or unit is None or unit.campaign != request.setup.campaign.code:
        request.notice("hint/stale")
        return
    if not successors.may_close(request.me, unit):
        request.notice("hint/not_allowed")
        return
    below = units.living_below(request.session, unit.id, date.max)
    if unit.closed_on or below:
        names = [each.name for each in below]
        request.reply("reorganise/refused", (CANCEL,), unit=unit.name, closed_on=unit.closed_on, below=names)
        return
    show_parts(request, unit, successors.propose(request.session, request.setup, unit))


@router.step("reorganise.parts")
def search_part(request: Request) -> None:
    """The name of another successor: units that fit, and a new one if there is none of this name yet."""
    unit = unit_at_hand(request, "parts")
    if unit is None:
        return
    typed, today = request.line[:LONGEST_TYPED], request.setup.today(request.now)
    campaign, within = request.setup.campaign.code, request.me.unit_id
    found = units.find(request.session, campaign, typed, today, MOST_UNITS + 2, within=within, to_come=True)
    found = [each for each in found if each.id != unit.id]
    new = _new_name(request, unit, typed)
    request.ask("reorganise.parts", {**request.data, "typed": new})
    rows: list[Row] = [
        (Tap("reorganise.add", "reorganise.add", (unit.id, each.id), {"path": _path(each)}),)
        for each in found[:MOST_UNITS]
    ]
    rows += [(Tap("reorganise.new", "reorganise.new", (unit.id,), {"name": new}),)] if new else []
    _show_found(request, *rows, leave(unit), typed=typed, number=len(found), new=new, adding=True)


@router.button("reorganise.part")
def take_or_leave(request: Request) -> None:
    """Take one of the successors shown, or leave it out."""
    unit = unit_at_hand(request, "parts")
    parts, place = parts_of(request), int(request.args[1])
    if unit and place < len(parts):
        parts[place] = replace(parts[place], taken=not parts[place].taken)
        show_parts(request, unit, parts)


@router.button("reorganise.add")
def add_unit(request: Request) -> None:
    """One more successor: a unit of the campaign."""
    unit = unit_at_hand(request, "parts")
    other = request.session.get(Unit, int(request.args[1]))
    if unit is None or other is None:
        return
    if other.id == unit.id or not units.is_within(other, request.me.unit_id):
        request.notice("hint/not_allowed")
        return
    _add(request, unit, Part(other.name, other.id, place=other.parent.name if other.parent else None))


@router.button("reorganise.new")
def add_new(request: Request) -> None:
    """One more successor: a unit that is to be made, with the name that was typed."""
    unit = unit_at_hand(request, "parts")
    name = request.data.get("typed")
    if unit and name:
        _add(request, unit, Part(name))


@router.button("reorganise.choose")
def choose(request: Request) -> None:
    """A member of a unit that was divided says which of its parts is his; the choice is made once."""
    of, chosen = map(int, request.args)
    own = people.active_memberships(request.session, request.me.person_id)
    member = next((each for each in own if each.unit_id == of), None)
    if member:
        request.session.refresh(member.unit, with_for_update={"read": True})  # the closing may just be undone
    today = request.setup.today(request.now)
    offered = reorganisation.choices(request.session, member, today) if member else ()
    to = next((each for each in offered if each.id == chosen), None)
    if member is None or to is None:
        request.notice("hint/stale")
        return
    values = reorganisation.move(request.session, request.setup, member, to, request.now)
    request.reply("reorganise/moved", (Copy("tag.copy", values["tag"]),), **values)


def rows_to_choose(request: Request) -> list[Row]:
    """What stands under the answer to a hand-in as long as its author has not said which part of his unit is his."""
    return reorganisation.rows_to_choose(request.session, request.me, request.setup.today(request.now))


def step_of(request: Request) -> str:
    """The question that is open; "" outside this conversation."""
    kind, _, step = (request.conversation.step if request.conversation else "").partition(".")
    return step if kind == "reorganise" else ""


def unit_at_hand(request: Request, *steps: str) -> Unit | None:
    """The unit that the conversation is about, at one of these steps; says so if a button is of another one."""
    number, pressed = request.data.get("unit"), request.message.press is not None
    unit = request.session.get(Unit, number) if number else None
    if unit is None or step_of(request) not in steps or (pressed and request.args[0] != str(number)):
        request.notice("hint/stale")
        return None
    if not successors.may_close(request.me, unit):
        request.end()
        request.reply("hint/not_allowed")
        return None
    return unit


def parts_of(request: Request) -> list[Part]:
    """The successors that the conversation shows, taken or not."""
    return [Part(**each) for each in request.data.get("parts", [])]


def taken_parts(request: Request) -> list[Part]:
    """Those of them that are taken."""
    return [part for part in parts_of(request) if part.taken]


def untaken_parts(request: Request) -> list[Part]:
    """All of them, none of which is taken."""
    return [replace(part, taken=False) for part in parts_of(request)]


def show_parts(request: Request, unit: Unit, parts: list[Part]) -> None:
    """The successors so far, each a button that takes it or leaves it out."""
    request.ask("reorganise.parts", {"unit": unit.id, "parts": [asdict(part) for part in parts]})
    rows: list[Row] = [(_box(unit, part, place),) for place, part in enumerate(parts)]
    if any(part.taken for part in parts):
        rows.append((Tap("reorganise.next", "reorganise.parts", (unit.id,)),))
    else:
        rows.append((Tap("reorganise.none", "reorganise.none", (unit.id,)),))
    replace_it = request.message.press is not None
    request.reply("reorganise/parts", *rows, leave(unit), replace=replace_it, unit=_path(unit), parts=parts)


def leave(unit: Unit) -> Row:
    """The buttons back and out."""
    return (Tap("reorganise.back", "reorganise.back", (unit.id,)), CANCEL)


def _show_found(request: Request, *rows: Row, typed: str, number: int, new: str | None, adding: bool) -> None:
    more = number > MOST_UNITS
    request.reply("reorganise/found", *rows, typed=typed, number=number, more=more, new=new, adding=adding)


def _box(unit: Unit, part: Part, place: int) -> Tap:
    args, values = (unit.id, place), {"name": part.name}
    if part.taken:
        return Tap("reorganise.on", "reorganise.part", args, values)
    return Tap("reorganise.off", "reorganise.part", args, values)


def _add(request: Request, unit: Unit, part: Part) -> None:
    """Put a successor on the list, or take it again if it is there already."""
    parts = parts_of(request)
    known = [each for each in parts if (each.unit_id, fold(each.name)) == (part.unit_id, fold(part.name))]
    if known:
        parts[parts.index(known[0])] = replace(known[0], taken=True)
    elif len(parts) < MOST_PARTS:
        parts.append(part)
    show_parts(request, unit, parts)


def _new_name(request: Request, unit: Unit, typed: str) -> str | None:
    """The name of a unit to be made; None if it lacks its type word, or a unit beside it has the name already."""
    name = unicodedata.normalize("NFC", typed)
    whole = unit.type != "commune" or fold(name).startswith(COMMUNE_WORDS)
    beside = units.named(request.session, units.path(unit)[-1].id, name)
    listed = fold(name) in {fold(part.name) for part in parts_of(request)}
    fits = whole and any(map(str.isalpha, name)) and len(name) <= LONGEST_NAME
    return name[:1].upper() + name[1:] if fits and not beside and not listed else None


def _path(unit: Unit) -> str:
    return " › ".join(each.name for each in units.path(unit))
