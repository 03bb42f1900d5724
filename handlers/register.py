"""/dangky: a person joins a unit, one short question after the other. Every step survives a restart of the bot."""

import re
from typing import Any

from bot.actions import membership as joining
from bot.actions import reorganisation
from bot.buttons import Row, Tap
from bot.domain.names import name_fault, tidy_name
from bot.request import Request
from bot.routing import Router
from bot.storage import units
from bot.storage.models import Invitation, Role, Unit
from handlers.invitations import take_role

router = Router()

CODE_LENGTH = 12
MOST_UNITS = 8
LONGEST_DETAIL = 60
LONGEST_TYPED = 100  # of a unit's name that is looked for
STEPS = ("name", "unit", "kind", "rank", "position", "facebook", "summary")
SKIPPABLE = ("rank", "position", "facebook")
CANCEL = Tap("register.cancel", "register.cancel")
BACK = Tap("register.back", "register.back")


def is_code(text: str) -> bool:
    """Whether a start link's argument can be a join code; it is not put on a button otherwise."""
    return re.fullmatch(rf"[A-Za-z0-9_-]{{1,{CODE_LENGTH}}}", text) is not None


@router.command("dangky", "register")
@router.button("register.begin")
def begin(request: Request) -> None:
    """Start the questions, unless the person is a member already or waits for approval."""
    if not _stands_already(request):
        _ask(request, "name", {})


def begin_in_unit(request: Request, invitation: Invitation) -> None:
    """Start the questions from a join link: the unit is given, and so is its admin's approval."""
    if _stands_already(request):
        return
    if reorganisation.follow(request.session, invitation, request.setup.today(request.now)):
        _ask(request, "name", {"unit": invitation.unit_id, "invitation": invitation.code})
    else:
        request.reply("reorganise/invitation", (Tap("register.begin", "register.begin"),), unit=invitation.unit.name)


@router.command("huy", "cancel")
def cancel_by_word(request: Request) -> None:
    """Leave whatever conversation the chat is in."""
    if request.conversation is None:
        request.reply("register/nothing_to_cancel")
        return
    subject = request.conversation.step.partition(".")[0]
    request.end()
    request.reply("posts/left_open" if subject == "posts" else "register/cancelled")


@router.button("register.cancel")
def cancel(request: Request) -> None:
    """Leave the registration."""
    if _step(request) is None:
        request.notice("hint/stale")
        return
    request.end()
    request.reply("register/cancelled", replace=True)


@router.button("register.back")
def back(request: Request) -> None:
    """One question back."""
    step = _step(request)
    if step is None:
        request.notice("hint/stale")
        return
    asked = _steps(request.data)
    _ask(request, asked[max(0, asked.index(step) - 1)], request.data, replace=True)


@router.step("register.name")
def name(request: Request) -> None:
    """The full name, with its spelling mended and shown."""
    fault = name_fault(request.message.text)
    if fault:
        request.reply("register/name_bad", (CANCEL,), fault=fault)
        return
    _next(request, "name", {"name": tidy_name(request.message.text)})


@router.step("register.unit")
def search_unit(request: Request) -> None:
    """Part of the unit's name, with or without diacritics: choose from what fits."""
    typed = request.line[:LONGEST_TYPED]
    day = request.setup.today(request.now)
    found = units.find(request.session, request.setup.campaign.code, typed, day, MOST_UNITS + 1)
    rows: list[Row] = [
        (Tap("register.unit", "register.unit", (unit.id,), {"path": _path(unit)}),) for unit in found[:MOST_UNITS]
    ]
    request.reply(
        "register/unit_found" if found else "register/unit_none",
        *rows,
        (BACK, CANCEL),
        typed=typed,
        more=len(found) > MOST_UNITS,
    )


@router.button("register.unit")
def choose_unit(request: Request) -> None:
    """A press on one of the units found."""
    unit = request.session.get(Unit, int(request.args[0]))
    if _step(request) != "unit" or unit is None or unit.campaign != request.setup.campaign.code:
        request.notice("hint/stale")
        return
    _next(request, "unit", {"unit": unit.id}, replace=True)


@router.button("register.kind")
def choose_kind(request: Request) -> None:
    """A press on the kind of member."""
    kinds = {kind.code for kind in request.setup.campaign.membership.kinds}
    if _step(request) != "kind" or request.args[0] not in kinds:
        request.notice("hint/stale")
        return
    _next(request, "kind", {"kind": request.args[0]}, replace=True)


@router.step("register.kind")
def kind_by_word(request: Request) -> None:
    """Words where a button is meant: take them if they name a kind, else show the buttons again."""
    said = request.message.text.strip().casefold()
    for kind in request.setup.campaign.membership.kinds:
        if said in (kind.vi.casefold(), kind.en.casefold()):
            _next(request, "kind", {"kind": kind.code})
            return
    _ask(request, "kind", request.data)


@router.step("register.rank", "register.position", "register.facebook")
def detail(request: Request) -> None:
    """Rank, position or Facebook name in the person's own words."""
    said = request.line
    if not said or len(said) > LONGEST_DETAIL:
        request.reply("register/detail_bad", (BACK, CANCEL), most=LONGEST_DETAIL)
        return
    step = _step(request) or ""
    _next(request, step, {step: said})


@router.button("register.skip")
def skip(request: Request) -> None:
    """Leave a detail out; the button carries which, so that a second press skips nothing else."""
    step = _step(request)
    if step not in SKIPPABLE or request.args[0] != step:
        request.notice("hint/stale")
        return
    _next(request, step, {step: None}, replace=True)


@router.step("register.summary")
def show_summary_again(request: Request) -> None:
    """Words where the confirm button is meant."""
    _ask(request, "summary", request.data)


@router.button("register.confirm")
def confirm(request: Request) -> None:
    """Write the membership down; where the campaign asks for it, the unit's admins are asked."""
    if _step(request) != "summary" or request.account is None:
        request.notice("hint/stale")
        return
    data = request.data
    unit = request.session.get_one(Unit, data["unit"])
    invitation = joining.invited_by(request.session, data.get("invitation"), unit, request.now)
    application = joining.Application(
        data["name"], unit, data["kind"], data["rank"], data["position"], data["facebook"]
    )
    invited = invitation is not None
    member = joining.join(request.session, request.setup, request.account, application, request.now, invited=invited)
    request.end()
    if member.state == "active":
        request.membership = member
        request.reply("register/done", (Tap("tag.show", "tag.show"),), replace=True, unit=unit.name)
        if invitation and invitation.role != Role.MEMBER:
            take_role(request, invitation)
    else:
        request.reply("register/waiting", replace=True, unit=unit.name)


def _stands_already(request: Request) -> bool:
    if request.membership:
        unit = request.membership.unit.name
        request.reply("register/already", (Tap("profile.show", "profile.show"),), unit=unit)
        return True
    pending = request.pending
    if pending:
        request.reply("register/waiting", unit=pending.unit.name)
    return pending is not None


def _step(request: Request) -> str | None:
    """The question that is open; None outside a registration."""
    kind, _, step = (request.conversation.step if request.conversation else "").partition(".")
    return step if kind == "register" else None


def _steps(data: dict[str, Any]) -> list[str]:
    """The questions of this registration: a join link answers the one for the unit."""
    return [step for step in STEPS if not (step == "unit" and data.get("invitation"))]


def _next(request: Request, step: str, answer: dict[str, Any], *, replace: bool = False) -> None:
    asked = _steps(request.data)
    _ask(request, asked[asked.index(step) + 1], {**request.data, **answer}, replace=replace)


def _ask(request: Request, step: str, data: dict[str, Any], *, replace: bool = False) -> None:
    request.ask(f"register.{step}", data)
    unit = request.session.get(Unit, data["unit"]) if data.get("unit") else None
    kinds = request.setup.campaign.membership.kinds
    request.reply(
        f"register/{step}",
        *_buttons(request, step),
        replace=replace,
        data={key: data.get(key) for key in ("name", *SKIPPABLE)},
        unit=_path(unit) if unit else None,
        kind=next((_kind_name(request, kind) for kind in kinds if kind.code == data.get("kind")), None),
    )


def _buttons(request: Request, step: str) -> list[Row]:
    if step == "name":
        return [(Tap("claims.begin", "claims.begin"),), (CANCEL,)]
    if step == "kind":
        kinds = request.setup.campaign.membership.kinds
        rows: list[Row] = [
            (Tap("register.kind", "register.kind", (kind.code,), {"name": _kind_name(request, kind)}),)
            for kind in kinds
        ]
        return [*rows, (BACK, CANCEL)]
    if step in SKIPPABLE:
        return [(Tap("register.skip", "register.skip", (step,)),), (BACK, CANCEL)]
    if step == "summary":
        return [(Tap("register.confirm", "register.confirm"),), (BACK, CANCEL)]
    return [(BACK, CANCEL)]


def _kind_name(request: Request, kind: Any) -> str:
    return str(kind.vi if request.language == "vi" else kind.en)


def _path(unit: Unit) -> str:
    return " › ".join(each.name for each in units.path(unit))
