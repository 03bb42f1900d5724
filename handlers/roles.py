"""/vaitro: who holds which role in a unit; giving one and taking one away."""

from datetime import date
from typing import Any

from bot.actions import roles
from bot.buttons import Row, Tap
from bot.request import Access, Request
from bot.routing import Router
from bot.storage import holders, people, units
from bot.storage.models import Membership, Role, Unit

router = Router()

A_PAGE = 8
LONGEST_TYPED = 100


@router.command("vaitro", "roles")
def show_own(request: Request) -> None:
    """Who holds a role in one's own unit."""
    _show(request, request.me.unit, 0)


@router.button("roles.unit")
def show_unit(request: Request) -> None:
    """The same for a unit below, a page at a time."""
    unit = unit_below(request, int(request.args[0]))
    if unit:
        _show(request, unit, max(0, int(request.args[1])))


@router.button("roles.elsewhere")
def ask_unit(request: Request) -> None:
    """Which other unit: part of its name is typed."""
    request.ask("roles.elsewhere", {})
    request.reply("roles/elsewhere", (back(request.me.unit),), replace=True)


@router.step("roles.elsewhere")
def search_unit(request: Request) -> None:
    """Units below one's own that fit."""
    typed, today = request.line[:LONGEST_TYPED], request.setup.today(request.now)
    campaign, within = request.setup.campaign.code, request.me.unit_id
    found = units.find(request.session, campaign, typed, today, A_PAGE + 1, within=within)
    rows: list[Row] = [
        (Tap("roles.unit", "roles.unit", (each.id, 0), {"path": path_of(each)}),) for each in found[:A_PAGE]
    ]
    values: dict[str, Any] = {"typed": typed, "number": len(rows), "more": len(found) > A_PAGE}
    request.reply("roles/units_found", *rows, (back(request.me.unit),), **values)


@router.button("roles.without")
def list_without(request: Request) -> None:
    """The units in which nobody who decides can be reached, a page at a time."""
    page = max(0, int(request.args[0]))
    found = holders.without(request.session, request.me.unit_id, request.setup.today(request.now))
    here = found[page * A_PAGE : (page + 1) * A_PAGE]
    before = Tap("roles.before", "roles.without", (page - 1,))
    after = Tap("roles.after", "roles.without", (page + 1,))
    turn = pages(page, len(found), before, after)
    request.reply(
        "roles/without",
        *[(Tap("roles.unit", "roles.unit", (each.id, 0), {"path": path_of(each)}),) for each in here],
        *turn,
        (back(request.me.unit),),
        replace=request.message.press is not None,
        units=[(number, path_of(each)) for number, each in enumerate(here, page * A_PAGE + 1)],
        total=len(found),
    )


@router.button("roles.find")
def ask_member(request: Request) -> None:
    """Who is to get a role: part of his name is typed."""
    unit = unit_below(request, int(request.args[0]))
    if unit:
        request.ask("roles.find", {"unit": unit.id})
        request.reply("roles/find", (back(unit),), replace=True, unit=unit.name)


@router.step("roles.find")
def search_member(request: Request) -> None:
    """People of the unit and of all below it who fit."""
    unit = unit_below(request, request.data["unit"])
    if unit is None:
        return
    typed = request.line[:LONGEST_TYPED]
    found = holders.search(request.session, unit.id, typed, A_PAGE + 1)
    rows: list[Row] = [(_tap_member(each),) for each in found[:A_PAGE]]
    values: dict[str, Any] = {"typed": typed, "unit": unit.name, "number": len(rows), "more": len(found) > A_PAGE}
    request.reply("roles/found", *rows, (back(unit),), **values)


@router.button("roles.member")
def show_member(request: Request) -> None:
    """One member's role, and what may be done about it."""
    member = member_below(request, int(request.args[0]))
    if member is None:
        return
    found = roles.to_give(request.me, member, request.now)
    rows: list[Row] = [(_tap_role(role, member),) for role in found]
    role = people.role_at(member, request.now)
    if role != Role.MEMBER and roles.may_change(request.me, member, request.now):
        rows.append((Tap("roles.take", "roles.take", (member.id,)),))
    request.reply(
        "roles/member",
        *rows,
        (back(member.unit),),
        replace=True,
        name=member.full_name,
        path=path_of(member.unit),
        role=role,
        last=last_day(request, member),
        why=None if rows else _why_not(request, member),
    )


def unit_below(request: Request, unit_id: int) -> Unit | None:
    """The unit if it is one's own or below; if not, that is said."""
    unit = request.session.get(Unit, unit_id)
    if unit is None or not units.is_within(unit, request.me.unit_id):
        request.reply("hint/not_allowed")
        return None
    return unit


def pages(page: int, total: int, before: Tap, after: Tap) -> list[Row]:
    """The row that turns pages; none where there is but one."""
    taps = ([before] if page else []) + ([after] if (page + 1) * A_PAGE < total else [])
    return [tuple(taps)] if taps else []


def path_of(unit: Unit) -> str:
    """The unit and all above it in one line."""
    return " › ".join(each.name for each in units.path(unit))


def last_day(request: Request, member: Membership) -> date | None:
    """The last day of a deputy."""
    until = member.role_until if people.role_at(member, request.now) == Role.DEPUTY else None
    return roles.last_day(request.setup, until)


def named(member: Membership) -> dict[str, str]:
    """What stands on the button of a member: name and unit."""
    return {"name": f"{member.full_name} ({member.unit.name})"}


def _show(request: Request, unit: Unit, page: int) -> None:
    found = holders.of_unit(request.session, unit.id)
    here = found[page * A_PAGE : (page + 1) * A_PAGE]
    lines = [(each.full_name, people.role_at(each, request.now), last_day(request, each)) for each in here]
    may = roles.gives(request.me, request.now)
    rows: list[Row] = [(_tap_member(each),) for each in here if roles.may_change(request.me, each, request.now)]
    if may:
        rows.append((Tap("roles.find", "roles.find", (unit.id,)),))
        rows.append((Tap("roles.offer", "invite.role", (unit.id,)),))
    replace = request.message.press is not None
    values: dict[str, Any] = {"path": path_of(unit), "holders": lines, "may": may}
    before = Tap("roles.before", "roles.unit", (unit.id, page - 1))
    turn = pages(page, len(found), before, Tap("roles.after", "roles.unit", (unit.id, page + 1)))
    request.reply("roles/unit", *rows, *turn, *_elsewhere(request, unit), replace=replace, **values)


def _tap_member(member: Membership) -> Tap:
    return Tap("roles.member", "roles.member", (member.id,), named(member))


def _tap_role(role: Role, member: Membership) -> Tap:
    args = (member.id, role)
    if role == Role.DEPUTY:
        return Tap("roles.deputy", "roles.give", args)
    return Tap("roles.unit_admin" if role == Role.UNIT_ADMIN else "roles.coordinator", "roles.give", args)


def _elsewhere(request: Request, unit: Unit) -> list[Row]:
    """To the units below, and back from them."""
    rows: list[Row] = []
    today = request.setup.today(request.now)
    if units.living_below(request.session, request.me.unit_id, today):
        rows.append((Tap("roles.elsewhere", "roles.elsewhere"),))
    if request.may(Access.COORDINATOR):
        number = holders.count_without(request.session, request.me.unit_id, today)
        rows += [(Tap("roles.without", "roles.without", (0,), {"number": number}),)] if number else []
    return [*rows, *([(back(request.me.unit),)] if unit.id != request.me.unit_id else [])]


def member_below(request: Request, member_id: int) -> Membership | None:
    """An active member of one's own unit or below, locked; if there is none, that is said."""
    member = request.session.get(Membership, member_id, with_for_update=True)
    if member is None or member.state != "active" or member.full_name is None:
        request.notice("hint/stale")
        return None
    if not units.is_within(member.unit, request.me.unit_id):
        request.reply("hint/not_allowed")
        return None
    return member


def _why_not(request: Request, member: Membership) -> str:
    if not roles.gives(request.me, request.now):
        return "deputy"
    return "own" if member.person_id == request.me.person_id else "equal"


def back(unit: Unit) -> Tap:
    """The button that leads back to who holds a role in the unit."""
    return Tap("roles.back", "roles.unit", (unit.id, 0))
