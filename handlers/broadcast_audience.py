"""Who gets a broadcast: the choices behind the button “Đối tượng”, each narrowing the one's own part of the tree."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bot.actions import broadcasts
from bot.actions.broadcast_audience import ROLES, describe, member_kinds, unit_types
from bot.buttons import Row, Tap
from bot.domain.audience import Audience, Groups
from bot.domain.folding import fold
from bot.request import Request
from bot.routing import Router
from bot.storage import reminders, units
from bot.storage.models import Broadcast, Duty, Membership, MembershipState, Unit
from bot.storage.people import ROLES_THAT_DECIDE
from bot.texts import render
from handlers.broadcast_sending import back
from handlers.broadcasts import draft_of, leave, own_draft

router = Router()

LATELY = timedelta(days=31)
MOST_PERIODS = 8
MOST_LISTED = 200
MOST_SHOWN = 10
NEXT_GROUPS = {Groups.NONE: Groups.BESIDES, Groups.BESIDES: Groups.INSTEAD, Groups.INSTEAD: Groups.NONE}


@router.button("broadcast.audience")
def show(request: Request) -> None:
    """The choices."""
    leave(request)
    broadcast = own_draft(request)
    if broadcast:
        _show(request, broadcast)


@router.button("broadcast.choose")
def choose(request: Request) -> None:
    """The values of one choice, each to be switched on and off."""
    broadcast = own_draft(request)
    if broadcast:
        _show_values(request, broadcast, request.args[1])


@router.button("broadcast.toggle")
def toggle(request: Request) -> None:
    """A value is meant, or is not."""
    broadcast = own_draft(request)
    field, place = request.args[1], int(request.args[2])
    values = list(_values(request).get(field, {}))
    if broadcast is None or not 0 <= place < len(values):
        return
    _set(broadcast, broadcasts.audience_of(broadcast).toggled(field, values[place]))
    _show_values(request, broadcast, field)


@router.button("broadcast.missing")
def choose_missing(request: Request) -> None:
    """The periods that somebody in one's part of the tree has not filed yet."""
    broadcast = own_draft(request)
    if broadcast is None:
        return
    found = reminders.open_periods(
        request.session, request.setup.campaign.code, request.now - LATELY, request.now + LATELY
    )
    rows: list[Row] = []
    for period, _ in found[:MOST_PERIODS]:
        due = request.setup.local(period.due_at)
        duty = request.session.get_one(Duty, period.duty_id)
        name = f"{duty.rule[request.language]} {due.day}/{due.month}"
        rows.append(
            (Tap("broadcasts.value", "broadcast.owing", (broadcast.id, duty.id, period.period), {"name": name}),)
        )
    rows.append((Tap("broadcasts.nobody_owes", "broadcast.owing", (broadcast.id, 0, "")), _to_choices(broadcast)))
    request.reply("broadcasts/choose_missing", *rows, replace=True, empty=not found)


@router.button("broadcast.owing")
def take_missing(request: Request) -> None:
    """Those who file for the units that have not filed this."""
    broadcast = own_draft(request)
    if broadcast is None:
        return
    duty = request.session.get(Duty, int(request.args[1]))
    found = broadcasts.audience_of(broadcast)
    if duty is not None and duty.campaign == request.setup.campaign.code:
        roles = found.roles or tuple(role.value for role in ROLES if role in ROLES_THAT_DECIDE)
        found = replace(found, missing=(duty.id, request.args[2]), roles=roles)
    else:
        found = replace(found, missing=None, roles=())
    _set(broadcast, found)
    _show(request, broadcast)


@router.button("broadcast.no_post")
def switch_no_post(request: Request) -> None:
    """Only those who handed in no post this week, or all."""
    broadcast = own_draft(request)
    if broadcast:
        found = broadcasts.audience_of(broadcast)
        _set(broadcast, replace(found, no_post=not found.no_post))
        _show(request, broadcast)


@router.button("broadcast.groups")
def switch_groups(request: Request) -> None:
    """The linked groups not at all, besides the members, or instead of them."""
    broadcast = own_draft(request)
    if broadcast:
        found = broadcasts.audience_of(broadcast)
        _set(broadcast, replace(found, groups=NEXT_GROUPS[found.groups]))
        _show(request, broadcast)


@router.button("broadcast.everybody")
def take_everybody(request: Request) -> None:
    """No choice at all."""
    broadcast = own_draft(request)
    if broadcast:
        _set(broadcast, Audience(broadcast.unit_id))
        _show(request, broadcast)


@router.button("broadcast.listing")
def ask_list(request: Request) -> None:
    """Units and people by name, or people by number."""
    broadcast = own_draft(request)
    if broadcast:
        request.ask("broadcast.listing", {"broadcast": broadcast.id})
        request.reply("broadcasts/ask_list", (_to_choices(broadcast),), replace=True, most=MOST_LISTED)


@router.step("broadcast.listing")
def take_list(request: Request) -> None:
    """What was typed or pasted: one name or number a line, or between commas."""
    broadcast = draft_of(request, int(request.data["broadcast"]))
    if broadcast is None:
        request.end()
        return
    wanted = [" ".join(each.split()) for each in request.message.text.replace(",", "\n").replace(";", "\n").split("\n")]
    names = list(dict.fromkeys(each for each in wanted if each))[:MOST_LISTED]
    unit_ids: list[int] = []
    member_ids: list[int] = []
    unknown = []
    for name in names:
        found_units, found_members = _find(request, broadcast, name)
        unit_ids += found_units
        member_ids += found_members
        if not found_units and not found_members:
            unknown.append(name)
    if not unit_ids and not member_ids:
        request.reply("broadcasts/list_bad", (_to_choices(broadcast),), names=unknown[:MOST_SHOWN])
        return
    request.end()
    _set(broadcast, broadcasts.audience_of(broadcast).listing(tuple(unit_ids), tuple(member_ids)))
    _show(request, broadcast, unknown)


def _find(request: Request, broadcast: Broadcast, name: str) -> tuple[list[int], list[int]]:
    """The units, else the people, that this names exactly, in one's part of the tree."""
    today = request.setup.today(request.now)
    code = request.setup.campaign.code
    near = units.find(request.session, code, name, today, MOST_SHOWN, within=broadcast.unit_id)
    folded = fold(name)
    same = [unit.id for unit in near if unit.name.casefold() == name.casefold()]
    if same or (same := [unit.id for unit in near if unit.folded == folded]):
        return same, []
    people = select(Membership.id, Membership.full_name).join(Unit, Unit.id == Membership.unit_id)
    known = (MembershipState.ACTIVE, MembershipState.LISTED, MembershipState.LEFT)
    people = people.where(Membership.state.in_(known), Unit.id.in_(units.below(broadcast.unit_id)))
    if folded.replace(" ", "").isdecimal():
        digits = folded.replace(" ", "")
        found = request.session.execute(people.where(Membership.phone == digits))
        return [], [id_ for id_, _ in found] or _by_number(request, broadcast, digits)
    return [], [id_ for id_, _ in request.session.execute(people.where(Membership.folded == folded))]


def _by_number(request: Request, broadcast: Broadcast, digits: str) -> list[int]:
    member = request.session.get(Membership, int(digits)) if len(digits) < 10 else None
    return [member.id] if member and units.is_within(member.unit, broadcast.unit_id) else []


def _show(request: Request, broadcast: Broadcast, unknown: list[str] | None = None) -> None:
    found = broadcasts.audience_of(broadcast)
    seen = broadcasts.preview(request.session, request.setup, broadcast, request.now)
    at = (broadcast.id,)
    no_post = Tap("broadcasts.no_post_on" if found.no_post else "broadcasts.no_post_off", "broadcast.no_post", at)
    rows: list[Row] = [
        (
            Tap("broadcasts.unit_types", "broadcast.choose", (*at, "unit_types")),
            Tap("broadcasts.roles", "broadcast.choose", (*at, "roles")),
        ),
        (
            Tap("broadcasts.kinds", "broadcast.choose", (*at, "kinds")),
            Tap("broadcasts.missing", "broadcast.missing", at),
        ),
        (no_post, Tap("broadcasts.listing", "broadcast.listing", at)),
        (_tap_groups(broadcast, found.groups), Tap("broadcasts.everybody", "broadcast.everybody", at)),
        (back(broadcast),),
    ]
    request.reply(
        "broadcasts/audience",
        *rows,
        replace=request.message.press is not None,
        audience=describe(request.session, request.setup, found, request.language),
        reach=seen.reach,
        unknown=(unknown or [])[:MOST_SHOWN],
        more=max(0, len(unknown or []) - MOST_SHOWN),
    )


def _show_values(request: Request, broadcast: Broadcast, field: str) -> None:
    values = _values(request).get(field, {})
    chosen = getattr(broadcasts.audience_of(broadcast), field) if values else ()
    rows: list[Row] = [
        (
            Tap(
                "broadcasts.on" if value in chosen else "broadcasts.off",
                "broadcast.toggle",
                (broadcast.id, field, place),  # a code of the profile may be too long for a button
                {"name": name},
            ),
        )
        for place, (value, name) in enumerate(values.items())
    ]
    request.reply("broadcasts/choose", *rows, (_to_choices(broadcast),), replace=True, field=field)


def _values(request: Request) -> Mapping[str, Mapping[str, str]]:
    """What there is to choose from: code → name."""
    roles = {role.value: render("broadcasts/role", request.language, role=role.value) for role in ROLES}
    return {
        "unit_types": unit_types(request.setup, request.language),
        "roles": roles,
        "kinds": member_kinds(request.setup, request.language),
    }


def _set(broadcast: Broadcast, audience: Audience) -> None:
    broadcast.audience = audience.to_json()


def _tap_groups(broadcast: Broadcast, groups: Groups) -> Tap:
    if groups is Groups.NONE:
        return Tap("broadcasts.groups_none", "broadcast.groups", (broadcast.id,))
    if groups is Groups.BESIDES:
        return Tap("broadcasts.groups_besides", "broadcast.groups", (broadcast.id,))
    return Tap("broadcasts.groups_instead", "broadcast.groups", (broadcast.id,))


def _to_choices(broadcast: Broadcast) -> Tap:
    return Tap("broadcasts.to_choices", "broadcast.audience", (broadcast.id,))
