"""/thanhvien: an admin's list of a unit's members, the search by name, and what is kept about one of them."""

from collections.abc import Mapping
from typing import Any, get_args

from bot.actions import claims
from bot.actions import members as keeping
from bot.actions.membership import answers, kind_name
from bot.buttons import Copy, Row, Tap
from bot.request import Request
from bot.routing import Router
from bot.storage import members, people, units
from bot.storage.members import Which
from bot.storage.models import Membership, MembershipState, Unit
from handlers.invitations import to_copy, ways_in
from handlers.report_files import have_made
from handlers.units import unit_at

router = Router()

A_PAGE = 8
LONGEST_TYPED = 100
WHICH: Mapping[str, Which] = {each: each for each in get_args(Which)}


@router.command("thanhvien", "members")
def show_own(request: Request) -> None:
    """The members of the admin's own unit, or those below whose name holds what stands after the command."""
    if request.args:
        _show_found(request, " ".join(request.args)[:LONGEST_TYPED])
    else:
        show_list(request, request.me.unit, "all", 0)


@router.button("members.list")
def show_page(request: Request) -> None:
    """A page of a unit's members, of one kind of them."""
    unit = unit_at(request, int(request.args[1]))
    which = WHICH.get(request.args[0], "all")
    if unit:
        leave(request)
        show_list(request, unit, which, int(request.args[2]), replace=True)


@router.button("members.find")
def ask_name(request: Request) -> None:
    """Part of a name is what comes next."""
    request.ask("members.find", {})
    request.reply("members/find", (back_to(request.me.unit),), unit=request.me.unit.name)


@router.step("members.find")
def find(request: Request) -> None:
    """Part of a member's name, with or without diacritics."""
    _show_found(request, request.line[:LONGEST_TYPED])


@router.button("members.show")
def show_chosen(request: Request) -> None:
    """What is kept about a member; what was being changed is left."""
    member = member_at(request, int(request.args[0]))
    if member:
        leave(request)
        show(request, member, replace=True)


@router.button("members.code")
def show_code(request: Request) -> None:
    """The code by which somebody of the roster takes his row, and the link that holds it."""
    member = member_at(request, int(request.args[0]))
    if member is None:
        return
    if member.state != MembershipState.LISTED:
        request.notice("hint/stale")
        return
    member.claim_code = member.claim_code or claims.new_code()
    ways = ways_in(request, claims.START + member.claim_code)
    rows = (Copy("members.copy_code", member.claim_code), *to_copy(ways))
    back = (Tap("members.back", "members.show", (member.id,)),)
    request.reply("members/code", rows, back, replace=True, name=member.full_name, code=member.claim_code, ways=ways)


@router.button("members.export")
def export(request: Request) -> None:
    """Everybody of a unit and all below it as a sheet; telephone numbers only for a coordinator."""
    unit = unit_at(request, int(request.args[0]))
    if unit:
        keeping.note_export(request.session, request.actor("members.export"), unit, "members")
        have_made(request, "members", unit=unit.id, by=request.me.id)


def show_list(request: Request, unit: Unit, which: Which, page: int, *, replace: bool = False) -> None:
    """A page of a unit's members."""
    numbers = members.numbers(request.session, unit.id)
    here = members.of_unit(request.session, unit.id, which, page, A_PAGE)
    here_, all_ = list(enumerate(here, page * A_PAGE + 1)), (Tap("members.all", "members.list", ("all", unit.id, 0)),)
    request.reply(
        "members/list",
        *[(_tap(number, each),) for number, each in here_],
        *_turning(which, unit, page, numbers[which]),
        *_filters(unit, which, numbers),
        (Tap("members.find", "members.find"), Tap("members.export", "members.export", (unit.id,))),
        (Tap("members.unit", "units.show", (unit.id,)), *(all_ if which != "all" else ())),
        replace=replace,
        unit=unit.name,
        which=which,
        total=numbers[which],
        members=[(number, _line(request, each)) for number, each in here_],
    )


def show(request: Request, member: Membership, *, replace: bool = False) -> None:
    """What is kept about a member, and what can be done with it."""
    accounts = people.accounts_of(request.session, member.person_id) if member.person_id else ()
    at = member.left_at or member.decided_at or member.created_at
    request.reply(
        "members/card",
        *_rows(request, member),
        replace=replace,
        member=member,
        path=[each.name for each in units.path(member.unit)],
        kind=kind_name(request.setup, member.kind, request.language),
        at=request.setup.local(at),
        reachable=any(each.reachable for each in accounts),
        phone=member.phone if keeping.may_see_phone(request.me) else None,
    )


def member_at(request: Request, number: int) -> Membership | None:
    """The member, if he is in this admin's part of the tree; says so if not."""
    member = request.session.get(Membership, number)
    if member is None or not keeping.may_see(request.me, member):
        request.reply("members/not_yours")
        return None
    return member


def back_to(unit: Unit) -> Tap:
    """The button that leads back to the unit's list."""
    return Tap("members.list", "members.list", ("all", unit.id, 0))


def leave(request: Request) -> None:
    """Leave a search or a change of a member; another conversation goes on."""
    if request.conversation and request.conversation.step.startswith("members."):
        request.end()


def _show_found(request: Request, typed: str) -> None:
    found = members.found(request.session, request.me.unit_id, typed, A_PAGE + 1)
    here = list(enumerate(found[:A_PAGE], 1))
    request.reply(
        "members/found",
        *[(_tap(number, each),) for number, each in here],
        (back_to(request.me.unit),),
        typed=typed,
        members=[(number, {**_line(request, each), "unit": each.unit.name}) for number, each in here],
        more=len(found) > A_PAGE,
    )


def _line(request: Request, member: Membership) -> dict[str, Any]:
    return {
        "name": member.full_name,
        "kind": kind_name(request.setup, member.kind, request.language),
        "role": member.role,
        "state": member.state,
    }


def _tap(number: int, member: Membership) -> Tap:
    return Tap("members.member", "members.show", (member.id,), {"number": number, "name": member.full_name})


def _turning(which: Which, unit: Unit, page: int, total: int) -> list[Row]:
    before = (Tap("members.before", "members.list", (which, unit.id, page - 1)),) if page else ()
    more = (page + 1) * A_PAGE < total
    after = (Tap("members.after", "members.list", (which, unit.id, page + 1)),) if more else ()
    return [(*before, *after)] if before or after else []


def _filters(unit: Unit, which: Which, numbers: Mapping[str, int]) -> list[Row]:
    """A button for each kind of list that holds somebody."""
    taps: dict[Which, Tap] = {
        "pending": Tap("members.pending", "members.list", ("pending", unit.id, 0), {"number": numbers["pending"]}),
        "silent": Tap("members.silent", "members.list", ("silent", unit.id, 0), {"number": numbers["silent"]}),
        "listed": Tap("members.listed", "members.list", ("listed", unit.id, 0), {"number": numbers["listed"]}),
        "left": Tap("members.left", "members.list", ("left", unit.id, 0), {"number": numbers["left"]}),
    }
    return [(tap,) for each, tap in taps.items() if each != which and numbers[each]]


def _rows(request: Request, member: Membership) -> list[Row]:
    rows: list[Row] = []
    if member.state == MembershipState.PENDING:
        rows += answers(request.session, member)
    if member.state == MembershipState.LISTED:
        rows.append((Tap("members.code", "members.code", (member.id,)),))
    if member.state in (MembershipState.ACTIVE, MembershipState.LISTED):
        rows.append((Tap("members.change", "members.change", (member.id,)),))
        if keeping.may_send_away(request.me, member):
            move = (Tap("members.move", "members.move", (member.id,)),)
            several = members.has_units_below(request.session, request.me.unit_id)
            rows.append((*(move if several else ()), Tap("members.let_go", "members.let_go", (member.id,))))
    if member.state == MembershipState.LEFT and keeping.may_send_away(request.me, member):
        rows.append((Tap("members.bring_back", "members.bring_back", (member.id,)),))
    return [*rows, (back_to(member.unit),)]
