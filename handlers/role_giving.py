"""Giving a role to a member and taking it away, each after a question; reached from the member's card of /vaitro."""

from typing import Any

from bot.actions import roles
from bot.buttons import Tap
from bot.domain.days import read_day
from bot.request import Request
from bot.routing import Router
from bot.storage.models import Membership, Role
from handlers.roles import back, last_day, member_below

router = Router()


@router.button("roles.give")
def give(request: Request) -> None:
    """Give the role: a deputy's last day is asked, the others are confirmed."""
    member, role = _may_give(request)
    if member is None or role is None:
        return
    if role == Role.DEPUTY:
        request.ask("roles.until", {"member": member.id})
        request.reply("roles/until", (_back_to(member),), replace=True, name=member.full_name)
    else:
        yes = Tap("roles.give_yes", "roles.give!", (member.id, role), solemn=True)
        _confirm(request, member, role, yes)


@router.step("roles.until")
def until_typed(request: Request) -> None:
    """The deputy's last day."""
    member = member_below(request, request.data["member"])
    if member is None:
        return
    day = read_day(request.message.text, request.setup.today(request.now))
    until = roles.end_of_deputy(request.setup, day, request.now) if day else None
    if until is None:
        request.reply("roles/until_bad", (_back_to(member),), today=request.setup.today(request.now))
        return
    request.end()
    if Role.DEPUTY not in roles.to_give(request.me, member, request.now):
        request.reply("hint/not_allowed")
        return
    roles.set_role(request.session, request.setup, member, Role.DEPUTY, until, request.me.full_name or "", request.now)
    _say_done(request, member, replace=False)


@router.button("roles.give!")
def give_confirmed(request: Request) -> None:
    """The role is given."""
    member, role = _may_give(request)
    if member is None or role is None or role == Role.DEPUTY:
        return
    roles.set_role(request.session, request.setup, member, role, None, request.me.full_name or "", request.now)
    _say_done(request, member)


@router.button("roles.take")
def take(request: Request) -> None:
    """Ask whether the role is to be taken away."""
    member = _may_take(request)
    if member:
        _confirm(request, member, Role.MEMBER, Tap("roles.take_yes", "roles.take!", (member.id,), solemn=True))


@router.button("roles.take!")
def take_confirmed(request: Request) -> None:
    """The role is taken away."""
    member = _may_take(request)
    if member:
        by = request.me.full_name or ""
        roles.set_role(request.session, request.setup, member, Role.MEMBER, None, by, request.now)
        _say_done(request, member)


def _may_give(request: Request) -> tuple[Membership | None, Role | None]:
    member = member_below(request, int(request.args[0]))
    role = request.args[1]
    if member is None:
        return None, None
    if role not in roles.to_give(request.me, member, request.now):
        request.reply("hint/not_allowed")
        return None, None
    return member, Role(role)


def _may_take(request: Request) -> Membership | None:
    member = member_below(request, int(request.args[0]))
    if member is None:
        return None
    if not roles.may_change(request.me, member, request.now):
        request.reply("hint/not_allowed")
        return None
    return member


def _confirm(request: Request, member: Membership, role: Role, yes: Tap) -> None:
    values: dict[str, Any] = {"name": member.full_name, "unit": member.unit.name, "role": role, "old": member.role}
    values["equal"] = role == request.me.role and member.unit_id == request.me.unit_id
    request.reply("roles/confirm", (yes, _back_to(member)), replace=True, **values)


def _say_done(request: Request, member: Membership, *, replace: bool = True) -> None:
    values: dict[str, Any] = {"name": member.full_name, "unit": member.unit.name, "role": member.role}
    last = last_day(request, member)
    request.reply("roles/done", (back(member.unit),), replace=replace, last=last, **values)


def _back_to(member: Membership) -> Tap:
    return Tap("roles.cancel", "roles.member", (member.id,))
