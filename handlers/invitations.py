"""/moi: a join link for members, and links that give a role and work once; who opens one, takes it or leaves it."""

import io
from collections.abc import Sequence
from typing import Any

from bot import outbox
from bot.actions import invitations, roles
from bot.buttons import Copy, Row, Tap
from bot.domain.days import read_day
from bot.messages import FileKind
from bot.request import Request
from bot.routing import Router
from bot.setup import WayIn
from bot.storage import holders
from bot.storage.models import Invitation, Membership, Role, Unit
from handlers.roles import A_PAGE, pages, unit_below

router = Router()

QR_PIXELS_A_MODULE = 10


@router.command("moi", "invite")
def invite(request: Request) -> None:
    """A join link to the admin's unit, as text and as a QR picture."""
    invitation = invitations.create(request.session, request.me, request.me.unit, request.now)
    ways = ways_in(request, invitation.code)
    file = outbox.keep_file(request.session, "moi.png", _qr_picture(ways[0]), FileKind.PHOTO, request.now)
    rows: list[Row] = [to_copy(ways)]
    if roles.gives(request.me, request.now):
        rows.append((Tap("invite.role", "invite.role", (request.me.unit_id,)),))
    rows.append((Tap("invite.list", "invite.list", (0,)),))
    until = request.setup.local(invitation.expires_at)
    request.reply("approval/invitation", *rows, file=file, ways=ways, unit=request.me.unit.name, until=until)


@router.button("invite.role")
def choose_role(request: Request) -> None:
    """Which role the link is to give."""
    unit = unit_below(request, int(request.args[0]))
    if unit is None:
        return
    found = roles.to_offer(request.me, unit, request.now)
    rows: list[Row] = [(_tap_role(role, unit),) for role in found]
    if rows:
        request.reply("invitations/role", *rows, (_back(unit),), unit=unit.name)
    else:
        request.reply("hint/not_allowed")


@router.button("invite.make")
def make(request: Request) -> None:
    """Make the link; for a deputy the last day is asked first."""
    unit = unit_below(request, int(request.args[0]))
    if unit is None or not _may_offer(request, unit, request.args[1]):
        return
    if request.args[1] == Role.DEPUTY:
        request.ask("invite.until", {"unit": unit.id})
        request.reply("roles/until", (_back(unit),), replace=True, name=None)
        return
    _show(request, invitations.create(request.session, request.me, unit, request.now, Role(request.args[1])))


@router.step("invite.until")
def until_typed(request: Request) -> None:
    """The last day of the deputy who is to come."""
    unit = unit_below(request, request.data["unit"])
    if unit is None:
        return
    day = read_day(request.message.text, request.setup.today(request.now))
    until = roles.end_of_deputy(request.setup, day, request.now) if day else None
    if until is None:
        request.reply("roles/until_bad", (_back(unit),), today=request.setup.today(request.now))
        return
    request.end()
    if _may_offer(request, unit, Role.DEPUTY):
        _show(request, invitations.create(request.session, request.me, unit, request.now, Role.DEPUTY, until))


@router.button("invite.list")
def list_open(request: Request) -> None:
    """The invitations that still work, a page at a time; each can be withdrawn."""
    # Under an invitation it is a message of its own: a picture cannot become a list, and a link is still to be copied.
    _list(request, max(0, int(request.args[0])), replace="turn" in request.args)


@router.button("invite.withdraw")
def withdraw(request: Request) -> None:
    """It works no more: one's own, or one into a unit over which one gives roles."""
    invitation = request.session.get(Invitation, request.args[0], with_for_update=True)
    if invitation is None or invitation.used_at or invitation.expires_at <= request.now:
        request.notice("hint/stale")
        return
    own = invitation.created_by_id == request.me.id
    if not own and not roles.may_give(request.me, invitation.unit, Role(invitation.role), request.now):
        request.reply("hint/not_allowed")
        return
    invitations.withdraw(invitation, request.now)
    request.session.flush()
    _list(request, 0, replace=True)


@router.button("invite.accept")
def accept(request: Request) -> None:
    """A member of the unit takes the role."""
    invitation = _for_me(request)
    if invitation is None:
        return
    take_role(request, invitation)


def take_role(request: Request, invitation: Invitation) -> None:
    """Who has just become a member by the invitation, or says yes to it, has its role."""
    invitations.accept(request.session, request.setup, invitation, request.me, request.now)
    last = roles.last_day(request.setup, invitation.deputy_until)
    values: dict[str, Any] = {"unit": request.me.unit.name, "role": request.me.role, "last": last}
    replace = request.action == "invite.accept"
    request.reply("invitations/accepted", (Tap("help.show", "help.show"),), replace=replace, **values)


@router.button("invite.decline")
def decline(request: Request) -> None:
    """A member of the unit does not want it."""
    invitation = _for_me(request)
    if invitation is None:
        return
    invitations.decline(request.session, request.setup, invitation, request.me, request.now)
    request.reply("invitations/declined", replace=True)


def offer(request: Request, invitation: Invitation) -> None:
    """A member opened a link that gives a role: ask whether he takes it."""
    unit, me = invitation.unit, request.me
    if me.unit_id != invitation.unit_id:
        request.reply("invitations/other_unit", unit=unit.name, own=me.unit.name)
    elif invitations.adds_nothing(invitation, me, request.now):
        request.reply("invitations/have", unit=unit.name, role=me.role)
    else:
        giver = request.session.get_one(Membership, invitation.created_by_id)
        request.reply("invitations/offer", rows_to_answer(invitation), **about(request, invitation, giver))


def rows_to_answer(invitation: Invitation) -> Row:
    """Yes and no to an invitation."""
    code = invitation.code
    return Tap("invite.accept", "invite.accept", (code,), solemn=True), Tap("invite.decline", "invite.decline", (code,))


def about(request: Request, invitation: Invitation, giver: Membership) -> dict[str, Any]:
    """What an invitation says of itself."""
    last = roles.last_day(request.setup, invitation.deputy_until)
    role = {"unit": invitation.unit.name, "role": invitation.role, "last": last}
    return {**role, "by": giver.full_name, "over": invitation.hands_over}


def ways_in(request: Request, code: str) -> tuple[WayIn, ...]:
    """How one comes to the bot with this code, first where the person is who asks."""
    return request.setup.ways_in(code, request.message.address.channel)


def to_copy(ways: Sequence[WayIn]) -> Row:
    """A button that copies each of the ways in."""
    return tuple(Copy("approval.copy_words" if way.door else "approval.copy_link", way.link) for way in ways)


def _for_me(request: Request) -> Invitation | None:
    """The invitation of the pressed button, if this member may answer it; if not, that is said."""
    invitation = invitations.usable(request.session, request.args[0], request.now)
    if invitation is None:
        request.reply("invitations/gone", replace=True)
    elif request.me.unit_id != invitation.unit_id or invitation.role == Role.MEMBER:
        request.reply("hint/not_allowed")
    elif invitations.adds_nothing(invitation, request.me, request.now):
        request.reply("invitations/have", unit=invitation.unit.name, role=request.me.role)
    elif invitation.created_by_id == request.me.id:
        request.reply("invitations/own")
    else:
        return invitation
    return None


def _tap_role(role: Role, unit: Unit) -> Tap:
    args = (unit.id, role)
    if role == Role.DEPUTY:
        return Tap("roles.deputy", "invite.make", args)
    return Tap("roles.unit_admin" if role == Role.UNIT_ADMIN else "roles.coordinator", "invite.make", args)


def _may_offer(request: Request, unit: Unit, role: str) -> bool:
    may = role in roles.to_offer(request.me, unit, request.now)
    if not may:
        request.reply("hint/not_allowed")
    return may


def _show(request: Request, invitation: Invitation) -> None:
    ways, last = ways_in(request, invitation.code), roles.last_day(request.setup, invitation.deputy_until)
    request.reply(
        "invitations/link",
        to_copy(ways),
        (Tap("invite.list", "invite.list", (0,)),),
        ways=ways,
        unit=invitation.unit.name,
        role=invitation.role,
        last=last,
        link_until=request.setup.local(invitation.expires_at),
    )


def _list(request: Request, page: int, *, replace: bool) -> None:
    found = holders.open_invitations(request.session, request.me.unit_id, request.now)
    here = found[page * A_PAGE : (page + 1) * A_PAGE]
    numbered = list(enumerate(here, page * A_PAGE + 1))
    rows: list[Row] = [
        (Tap("invite.withdraw", "invite.withdraw", (each.code,), {"number": number}),) for number, each in numbered
    ]
    lines = [(number, _line(request, each)) for number, each in numbered]
    before = Tap("roles.before", "invite.list", (page - 1, "turn"))
    after = Tap("roles.after", "invite.list", (page + 1, "turn"))
    turn = pages(page, len(found), before, after)
    request.reply("invitations/list", *rows, *turn, replace=replace, invitations=lines, total=len(found))


def _line(request: Request, invitation: Invitation) -> dict[str, Any]:
    giver = request.session.get_one(Membership, invitation.created_by_id)
    until = request.setup.local(invitation.expires_at)
    return {**about(request, invitation, giver), "until": until}


def _back(unit: Unit) -> Tap:
    return Tap("roles.back", "roles.unit", (unit.id, 0))


def _qr_picture(way: WayIn) -> bytes:
    """The link, else that of the door, as a QR code, PNG."""
    import segno

    picture = io.BytesIO()
    segno.make(way.door or way.link, error="m").save(picture, kind="png", scale=QR_PIXELS_A_MODULE)
    return picture.getvalue()
