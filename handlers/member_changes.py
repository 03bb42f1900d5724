"""From a member's card an admin corrects what is kept, moves the member elsewhere, lets him go, takes him back."""

from bot.actions import members as keeping
from bot.actions.members import LONGEST_REASON
from bot.actions.membership import kind_name
from bot.buttons import Row, Tap
from bot.domain.names import name_fault, tidy_name
from bot.request import Request
from bot.routing import Router
from bot.storage.models import Membership, MembershipState, Role, Unit
from handlers.members import member_at, show
from handlers.register import LONGEST_DETAIL
from handlers.units import MOST_UNITS, found_by, path_of, unit_at

router = Router()

THERE = (MembershipState.ACTIVE, MembershipState.LISTED)


@router.button("members.change")
def ask_what(request: Request) -> None:
    """Which of the details is wrong; kinds are chosen by a tap."""
    member = _there(request, int(request.args[0]))
    if member is None:
        return
    rows: list[Row] = [
        (Tap("members.kind", "members.kind", (member.id, kind.code), {"name": _named(request, kind.code)}),)
        for kind in request.setup.campaign.membership.kinds
        if kind.code != member.kind
    ]
    details = (
        Tap("members.name", "members.detail", (member.id, "name")),
        Tap("members.rank", "members.detail", (member.id, "rank")),
        Tap("members.position", "members.detail", (member.id, "position")),
    )
    request.reply("members/change", details, *rows, (_leave(member),), replace=True, name=member.full_name)


@router.button("members.kind")
def set_kind(request: Request) -> None:
    """Another kind of member."""
    member = _there(request, int(request.args[0]))
    kinds = {kind.code for kind in request.setup.campaign.membership.kinds}
    if member and request.args[1] in kinds:
        keeping.set_kind(member, request.args[1])
        show(request, member, replace=True)


@router.button("members.detail")
def ask_detail(request: Request) -> None:
    """The rank or the position is what comes next."""
    member, what = _there(request, int(request.args[0])), request.args[1]
    if member and what in keeping.DETAILS:
        request.ask("members.detail", {"member": member.id, "what": what})
        none = (Tap("members.none", "members.none", (member.id, what)),) if what != "name" else ()
        request.reply("members/detail", (*none, _leave(member)), replace=True, name=member.full_name, what=what)


@router.step("members.detail")
def take_detail(request: Request) -> None:
    """The rank or the position as it was typed."""
    member, said, what = _there(request, request.data["member"]), request.line, request.data["what"]
    if member is None:
        return
    fault = name_fault(said) if what == "name" else None
    if fault:
        request.reply("register/name_bad", (_leave(member),), fault=fault)
        return
    if what == "name":
        _set(request, member, what, tidy_name(said))
        return
    if not said or len(said) > LONGEST_DETAIL:
        request.reply("register/detail_bad", (_leave(member),), most=LONGEST_DETAIL)
        return
    _set(request, member, what, said)


@router.button("members.none")
def no_detail(request: Request) -> None:
    """No rank, or no position."""
    member, what = _there(request, int(request.args[0])), request.args[1]
    if member and what in keeping.DETAILS and what != "name":
        _set(request, member, what, None)


@router.button("members.move")
def ask_unit(request: Request) -> None:
    """Into which unit the member goes."""
    member = _sent_away(request, int(request.args[0]))
    if member:
        request.ask("members.unit", {"member": member.id})
        request.reply("members/move", (_leave(member),), replace=True, name=member.full_name)


@router.step("members.unit")
def find_unit(request: Request) -> None:
    """Part of the unit's name: choose from those of the admin's part of the tree."""
    member = _sent_away(request, request.data["member"])
    if member is None:
        return
    typed = request.line[:LONGEST_DETAIL]
    found = [each for each in found_by(request, typed) if each.id != member.unit_id]
    rows: list[Row] = [
        (Tap("units.unit", "members.to", (member.id, each.id), {"path": path_of(each)}),) for each in found
    ]
    more, number = len(found) > MOST_UNITS, len(found[:MOST_UNITS])
    request.reply("units/found", *rows[:MOST_UNITS], (_leave(member),), typed=typed, number=number, more=more)


@router.button("members.to")
def show_move(request: Request) -> None:
    """What the move brings, before it is done."""
    member, to = _moving(request)
    if member is None or to is None:
        return
    today = request.setup.today(request.now)
    request.reply(
        "members/move_confirm",
        (Tap("members.move_yes", "members.to!", (member.id, to.id), solemn=True), _leave(member)),
        replace=True,
        name=member.full_name,
        old=path_of(member.unit),
        unit=path_of(to),
        tag=keeping.tag_after(request.session, request.setup, member, to, today),
        has_role=member.role != Role.MEMBER,
    )


@router.button("members.to!")
def move(request: Request) -> None:
    """The member goes on in the other unit."""
    member, to = _moving(request)
    if member and to:
        _end(request)
        keeping.move(request.session, request.setup, member, to, request.me, request.now)
        show(request, member, replace=True)


@router.button("members.let_go")
def ask_reason(request: Request) -> None:
    """Why he is a member no more; he is told so."""
    member = _sent_away(request, int(request.args[0]))
    if member:
        request.ask("members.reason", {"member": member.id})
        request.reply("members/reason", (_leave(member),), replace=True, name=member.full_name, unit=member.unit.name)


@router.step("members.reason")
def let_go(request: Request) -> None:
    """He is a member no more, for the reason that was typed."""
    member, reason = _sent_away(request, request.data["member"]), request.line
    if member is None:
        return
    if not reason or len(reason) > LONGEST_REASON:
        request.reply("members/reason_bad", (_leave(member),), most=LONGEST_REASON)
        return
    request.end()
    keeping.let_go(request.session, request.setup, member, reason, request.now)
    undo = (Tap("members.bring_back", "members.bring_back", (member.id,)), _leave(member))
    told = member.person_id is not None
    request.reply("members/gone", undo, name=member.full_name, unit=member.unit.name, told=told)


@router.button("members.bring_back")
def bring_back(request: Request) -> None:
    """He is a member again, as before."""
    member = member_at(request, int(request.args[0]))
    if member is None:
        return
    if not keeping.may_send_away(request.me, member):
        request.reply("members/not_yours")
        return
    became = keeping.bring_back(request.session, request.setup, member, request.now)
    if became == "ok":
        show(request, member, replace=True)
    else:
        request.reply("members/not_back", (_leave(member),), name=member.full_name, why=became)


def _there(request: Request, number: int) -> Membership | None:
    """The member, if he is this admin's and still in the unit."""
    member = member_at(request, number)
    if member and member.state not in THERE:
        request.notice("hint/stale")
        return None
    return member


def _sent_away(request: Request, number: int) -> Membership | None:
    """The member, if this admin may move him or let him go; says so if not."""
    member = _there(request, number)
    if member and not keeping.may_send_away(request.me, member):
        _end(request)
        request.reply("members/not_yours")
        return None
    return member


def _moving(request: Request) -> tuple[Membership | None, Unit | None]:
    """The member and the unit of a button, if he may be moved there by this admin."""
    member = _sent_away(request, int(request.args[0]))
    to = unit_at(request, int(request.args[1])) if member else None
    if to and (to.closed_on or (member and to.id == member.unit_id)):
        request.notice("hint/stale")
        return None, None
    return member, to


def _set(request: Request, member: Membership, what: str, value: str | None) -> None:
    _end(request)
    keeping.set_detail(request.session, request.setup, member, what, value, request.me, request.now)
    show(request, member, replace=request.message.press is not None)


def _end(request: Request) -> None:
    if request.conversation and request.conversation.step.startswith("members."):
        request.end()


def _named(request: Request, code: str) -> str:
    return kind_name(request.setup, code, request.language)


def _leave(member: Membership) -> Tap:
    return Tap("members.leave", "members.show", (member.id,))
