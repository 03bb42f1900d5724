"""/bangiao: an admin who leaves hands his role over to a member of his unit, or to whoever takes a link."""

from typing import Any

from bot.actions import invitations, roles
from bot.buttons import Row, Tap
from bot.request import Request
from bot.routing import Router
from bot.speech import say_to_person
from bot.storage import holders
from bot.storage.models import Membership
from handlers.invitations import about, rows_to_answer, to_copy, ways_in
from handlers.roles import A_PAGE, LONGEST_TYPED, named, pages

router = Router()


@router.command("bangiao", "handover")
@router.button("handover.list")
def list_members(request: Request) -> None:
    """Who could take the role: the members of the unit, a page at a time; a name can be typed as well."""
    if not _may(request):
        return
    page = max(0, int(request.args[0])) if request.message.press else 0
    found = holders.members(request.session, request.me.unit_id, request.me.id)
    rows: list[Row] = [
        (Tap("roles.member", "handover.to", (each.id,), named(each)),)
        for each in found[page * A_PAGE : (page + 1) * A_PAGE]
    ]
    before = Tap("roles.before", "handover.list", (page - 1,))
    after = Tap("roles.after", "handover.list", (page + 1,))
    request.ask("handover.name", {})
    request.reply(
        "handover/list",
        *rows,
        *pages(page, len(found), before, after),
        (Tap("handover.link", "handover.link"),),
        replace=request.message.press is not None and bool(request.args),
        unit=request.me.unit.name,
        role=request.me.role,
        total=len(found),
    )


@router.step("handover.name")
def search(request: Request) -> None:
    """Members of the unit whose name fits."""
    typed = request.line[:LONGEST_TYPED]
    found = holders.search(request.session, request.me.unit_id, typed, A_PAGE + 1, below_too=False)
    rows: list[Row] = [
        (Tap("roles.member", "handover.to", (each.id,), named(each)),)
        for each in found[:A_PAGE]
        if each.id != request.me.id
    ]
    values: dict[str, Any] = {"typed": typed, "unit": request.me.unit.name, "number": len(rows)}
    values["more"] = len(found) > A_PAGE
    request.reply("roles/found", *rows, (Tap("handover.link", "handover.link"),), **values)


@router.button("handover.to")
def offer_to(request: Request) -> None:
    """Ask this member; the role passes when he says yes."""
    member = request.session.get(Membership, int(request.args[0]))
    if not _may(request):
        return
    there = member and member.state == "active" and member.unit_id == request.me.unit_id and member.person_id
    if member is None or not there or member.person_id == request.me.person_id:
        request.reply("hint/not_allowed")
        return
    invitation = invitations.hand_over(request.session, request.me, request.now)
    rows, values = [rows_to_answer(invitation)], about(request, invitation, request.me)
    say_to_person(
        request.session, request.setup, member.person_id, "invitations/offer", request.now, rows=rows, **values
    )
    request.end()
    back = Tap("handover.withdraw", "invite.withdraw", (invitation.code,))
    request.reply("handover/asked", (back,), replace=True, name=member.full_name, role=request.me.role)


@router.button("handover.link")
def make_link(request: Request) -> None:
    """A link that works once: the role passes to who takes it."""
    if not _may(request):
        return
    invitation = invitations.hand_over(request.session, request.me, request.now)
    ways, until = ways_in(request, invitation.code), request.setup.local(invitation.expires_at)
    request.end()
    back = Tap("handover.withdraw", "invite.withdraw", (invitation.code,))
    values: dict[str, Any] = {
        "ways": ways,
        "link_until": until,
        "unit": request.me.unit.name,
        "role": request.me.role,
    }
    request.reply("handover/link", to_copy(ways), (back,), **values)


def _may(request: Request) -> bool:
    may = roles.gives(request.me, request.now)
    if not may:
        request.reply("handover/deputy")
    return may
