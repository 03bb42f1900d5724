"""/vanhanh: the installation's health for its operators, and who coordinates; nothing of posts or people's data."""

from importlib.metadata import version
from typing import Any

from bot.actions import operators as operating
from bot.actions import quotas, roles
from bot.buttons import Row, Tap
from bot.domain.folding import fold
from bot.messages import Address
from bot.request import Request
from bot.routing import Router
from bot.storage import holders, operators
from bot.storage.models import InboxState, Membership, MembershipState, OutboxState, Role
from handlers.roles import A_PAGE, LONGEST_TYPED, named

router = Router()

MOST_JOBS = 40
MEBIBYTE = 1024 * 1024


@router.command("vanhanh", "operate")
def operate(request: Request) -> None:
    """How the installation is; with the code of the start, becoming its operator."""
    at = Address(request.message.address.channel, request.message.sender)
    if request.args and not request.is_operator:
        if operating.redeem(request.session, request.setup, " ".join(request.args), at, request.now):
            request.reply("operate/welcome", (Tap("operate.show", "operate.show"),))
        else:
            request.reply("operate/code_bad")
    elif request.is_operator:
        _show(request)
    else:
        request.reply("operate/not_operator")


@router.button("operate.show")
def show(request: Request) -> None:
    """How the installation is."""
    _show(request)


@router.button("operate.operators")
def list_operators(request: Request) -> None:
    """Who looks after the installation."""
    found = [
        {"channel": each.channel, "chat": each.chat, "since": request.setup.local(each.since), "by_code": each.by_code}
        for each in operators.all_of_them(request.session)
    ]
    request.reply("operate/operators", (_BACK,), replace=True, operators=found[:MOST_JOBS])


@router.button("operate.find")
def ask_name(request: Request) -> None:
    """Who is to coordinate: part of a name or of the unit's name is typed."""
    request.ask("operate.find", {})
    there = operators.in_roots(request.session, request.setup.campaign.code)
    holding = [each.full_name for each in there if each.role == Role.COORDINATOR]
    request.reply("operate/find", (_BACK,), replace=True, names=holding[:A_PAGE], more=max(0, len(holding) - A_PAGE))


@router.step("operate.find")
def search(request: Request) -> None:
    """People registered at the top of the campaign who fit; also those who wait: nobody may be there to let them in."""
    typed = request.line[:LONGEST_TYPED]
    there = operators.in_roots(request.session, request.setup.campaign.code)
    found = [each for each in there if holders.fits(fold(typed).split(), f"{each.full_name} {each.unit.name}")]
    rows: list[Row] = [(Tap("roles.member", "operate.member", (each.id,), named(each)),) for each in found[:A_PAGE]]
    request.reply("operate/found", *rows, (_BACK,), typed=typed, number=len(rows), more=len(found) > A_PAGE)


@router.button("operate.member")
def ask_appoint(request: Request) -> None:
    """Whether this person is to coordinate, or no longer."""
    member = _at_the_top(request)
    if member is None:
        return
    holds = member.role == Role.COORDINATOR
    appoint_yes = Tap("operate.appoint_yes", "operate.appoint!", (member.id,), solemn=True)
    yes = Tap("operate.dismiss_yes", "operate.dismiss!", (member.id,), solemn=True) if holds else appoint_yes
    values: dict[str, Any] = {"name": member.full_name, "unit": member.unit.name, "holds": holds}
    request.reply("operate/confirm", (yes, _BACK), replace=True, **values)


@router.button("operate.appoint!")
def appoint(request: Request) -> None:
    """He coordinates from now on; one who waited is let in."""
    member = _at_the_top(request)
    if member is None:
        return
    if member.state == MembershipState.PENDING:
        member.state, member.decided_at = MembershipState.ACTIVE, request.now
    _set(request, member, Role.COORDINATOR)


@router.button("operate.dismiss!")
def dismiss(request: Request) -> None:
    """He coordinates no more."""
    member = _at_the_top(request)
    if member:
        _set(request, member, Role.MEMBER)


def _set(request: Request, member: Membership, role: Role) -> None:
    roles.set_role(request.session, request.setup, member, role, None, "", request.now)
    values: dict[str, Any] = {"name": member.full_name, "unit": member.unit.name, "role": role, "last": None}
    request.reply("roles/done", (_BACK,), replace=True, **values)


def _show(request: Request) -> None:
    health = operators.health(request.session)
    setup = request.setup
    request.reply(
        "operate/show",
        (Tap("operate.find", "operate.find"), Tap("operate.operators", "operate.operators")),
        (Tap("operate.again", "operate.show"),),
        replace=request.message.press is not None,
        version=version("sotin"),
        campaigns=[each.campaign.code for each in setup.in_each()],
        waiting=max(0, health.inbox.get(InboxState.WAITING, 0) - 1),  # but for the one that asks
        dead=health.inbox.get(InboxState.DEAD, 0),
        to_send=health.outbox.get(OutboxState.WAITING, 0) + health.outbox.get(OutboxState.SENDING, 0),
        failed=health.outbox.get(OutboxState.FAILED, 0),
        in_doubt=health.outbox.get(OutboxState.IN_DOUBT, 0),
        size=round(health.size / MEBIBYTE, 1),
        quotas=quotas.seen(request.session, setup, request.now),
        **quotas.SHARES,
        ran=[(name, setup.local(at)) for name, at in health.ran][:MOST_JOBS],
        at=setup.local(request.now),
    )


def _at_the_top(request: Request) -> Membership | None:
    there = operators.in_roots(request.session, request.setup.campaign.code)
    member = next((each for each in there if each.id == int(request.args[0])), None)
    if member is None:
        request.notice("hint/stale")
    return member


_BACK = Tap("operate.back", "operate.show")
