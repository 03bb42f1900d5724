"""What a change of a unit, or a new one, would bring: shown before it is saved."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.actions import unit_changes as changes
from bot.actions import unit_effects as effects
from bot.actions import unit_plans as plans
from bot.actions.successors import last_day
from bot.actions.unit_changes import MOST_TAGS, Change, Effect, Fault, NewTag
from bot.buttons import Tap
from bot.campaigns import Duty
from bot.request import Request
from bot.storage import people, unit_changes
from bot.storage.models import Membership, Unit
from handlers.units import path_of, type_name

MOST_SHOWN = 5
MOST_WARNED = 3


def show_change(request: Request, unit: Unit, data: dict[str, Any]) -> None:
    """Another name, or another unit above, from the day on that stands in `data`, else from today.

    If that cannot be, the question that was open stays so.
    """
    change = change_of(request, unit, data)
    brings = changes.effect(request.session, request.setup, change)
    fault = fault_of(request, change, brings)
    if fault:
        refuse(request, unit, fault, change.parent)
        return
    request.ask("units.confirm", {**data, "print": print_of(change, brings)})
    request.reply(
        "units/confirm",
        (Tap("units.save", "units.save", (unit.id,), solemn=True),),
        (Tap("units.when", "units.when", (unit.id,)), leave(unit)),
        replace=request.message.press is not None,
        unit=path_of(unit),
        day=change.day if change.day > request.setup.today(request.now) else None,
        name=change.name if change.name != unit.name else None,
        **_type(request, change),
        **_moved(request, change),
        **_owed(request, change),
        **_tags_shown(request, change, brings),
        along=effects.along(request.session, change),
        planned=[
            (each.day, each.name, each.parent.name if each.parent else None)
            for each in unit_changes.of_unit(request.session, unit.id)
        ],
    )


def show_new(request: Request, parent: Unit, data: dict[str, Any], day: date) -> None:
    """A new unit under `parent`."""
    request.ask("units.confirm", data)
    tag: NewTag | None = changes.tag_of_new(request.session, request.setup, parent, data["type"], data["name"], day)
    owed = changes.owed_by(request.session, request.setup, data["type"], data["name"], day)
    request.reply(
        "units/confirm_new",
        (Tap("units.save", "units.save", (parent.id,), solemn=True),),
        (leave(parent),),
        replace=request.message.press is not None,
        name=data["name"],
        type=type_name(request, data["type"], data["name"]),
        parent=path_of(parent),
        day=day,
        tag=tag.tag if tag else None,
        none_needed=request.setup.campaign.tag_rule is None,
        twins=list(tag.twins) if tag else [],
        duties=_names(request, owed),
    )


def change_of(request: Request, unit: Unit, data: dict[str, Any]) -> Change:
    """The change that the conversation is about, which `data` knows."""
    today = request.setup.today(request.now)
    parent = request.session.get_one(Unit, data["parent"]) if data["parent"] else None
    return Change(unit, data["name"], parent, date.fromisoformat(data["day"]) if data.get("day") else today)


def fault_of(request: Request, change: Change, brings: Effect) -> Fault | None:
    """What speaks against the change, as things stand now."""
    today = request.setup.today(request.now)
    if change.day < today:
        return "past"
    if not changes.may_make(request.me, change):
        return "outside"
    if change.day > today and plans.is_planned(request.session, change):
        return "planned"
    return changes.fault_of(request.session, change) or ("many" if len(brings.tags) > MOST_TAGS else None)


def print_of(change: Change, brings: Effect) -> str:
    """What tells whether the change and its effect are still those that were shown."""
    tags = [(each.holder.name, each.old, each.tag, each.twins) for each in brings.tags]
    shown = (change.unit.name, change.unit.parent_id, change.day, change.outlives, tags, brings.set_by_hand)
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def refuse(request: Request, unit: Unit, fault: Fault, above: Unit | None = None) -> None:
    """Say what speaks against it, of the unit `above` too; the question stays open."""
    closes, today = above.closed_on if above else None, request.setup.today(request.now)
    request.reply(
        "units/fault",
        (leave(unit),),
        unit=unit.name,
        fault=fault,
        above=above.name if above else None,
        closes=closes,
        sooner=closes is not None and closes > today and above is not unit,
    )


def leave(unit: Unit) -> Tap:
    """Back to the unit's card, and nothing is changed."""
    return Tap("units.leave", "units.show", (unit.id,))


def _type(request: Request, change: Change) -> dict[str, Any]:
    """The type of the unit before and after, where its name makes it another one."""
    before, after = (type_name(request, change.unit.type, name) for name in (change.unit.name, change.name))
    return {"type": (before, after) if before != after else None}


def _moved(request: Request, change: Change) -> dict[str, Any]:
    old, new = change.unit.parent, change.parent
    if not change.moves or old is None or new is None:
        return {"parent": None}
    gained, lost = effects.watchers(request.session, change)
    values = {"parent": path_of(new), "old_parent": old.name, "led": bool(people.deciders_in(request.session, new))}
    return {**values, "gained": _people(gained), "lost": _people(lost), "closes": change.outlives}


def _people(found: Sequence[Membership]) -> dict[str, Any]:
    names = [f"{each.full_name}, {each.unit.name}" for each in found[:MOST_SHOWN]]
    return {"number": len(found), "names": names}


def _owed(request: Request, change: Change) -> dict[str, Any]:
    """The names of the reports that the unit owes only after the change, and only before it; quotas likewise."""
    found = effects.dues(request.session, request.setup, change, request.now)
    return {
        "owed": _names(request, found.more),
        "not_owed": _names(request, found.less),
        "quotas": found.quotas_more,
        "no_quotas": found.quotas_less,
        "stay": found.stay,
        "fall_away": found.fall_away,
    }


def _names(request: Request, duties: Sequence[Duty]) -> list[str]:
    return [each.vi if request.language == "vi" else each.en for each in duties]


def _tags_shown(request: Request, change: Change, brings: Effect) -> dict[str, Any]:
    settled = [each for each in brings.tags if not each.twins]
    clashing = [each for each in brings.tags if each.twins]
    near = effects.near(request.session, request.setup, brings)
    return {
        "number": len(settled),
        "tags": [(each.holder.name, each.old, each.tag) for each in settled[:MOST_SHOWN]],
        "grace": request.setup.campaign.tag_grace_days,
        "last": last_day(request.setup, change.day),
        "clashes": [(each.holder.name, each.tag, each.twins[0]) for each in clashing[:MOST_WARNED]],
        "more_clashes": max(0, len(clashing) - MOST_WARNED),
        "near": near[:MOST_WARNED],
        "more_near": max(0, len(near) - MOST_WARNED),
        "by_hand": brings.set_by_hand,
    }
