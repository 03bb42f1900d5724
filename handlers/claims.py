"""“Tôi có mã”: whoever stands in the roster already takes his row with the code that he was given."""

from bot.actions import claims
from bot.actions.membership import kind_name
from bot.buttons import Row, Tap
from bot.request import Request
from bot.routing import Router

router = Router()

LEAVE: Row = (Tap("claims.without", "register.begin"), Tap("register.cancel", "claims.cancel"))


@router.button("claims.begin")
def ask_code(request: Request) -> None:
    """The code is what comes next."""
    if not _stands_already(request):
        request.ask("claims.code", {})
        request.reply("claims/ask", LEAVE, replace=True)


@router.step("claims.code")
def take_code(request: Request) -> None:
    """A code as it was typed."""
    claim_by(request, request.line)


@router.button("claims.cancel")
def cancel(request: Request) -> None:
    """No code after all."""
    if request.conversation is None or request.conversation.step != "claims.code":
        request.notice("hint/stale")
        return
    request.end()
    request.reply("register/cancelled", replace=True)


def claim_by(request: Request, typed: str) -> None:
    """Take the row of this code, or say what is wrong with it."""
    if request.account is None or _stands_already(request):
        return
    found = claims.claim(request.session, request.setup, request.account, typed, request.now)
    if isinstance(found, str):
        left = claims.tries_left(request.account, request.setup, request.now)
        request.ask("claims.code", {})
        request.reply("claims/wrong", LEAVE, left=left)
        return
    request.end()
    request.membership = found
    kind = kind_name(request.setup, found.kind, request.language)
    request.reply("claims/done", (Tap("tag.show", "tag.show"),), member=found, kind=kind)


def _stands_already(request: Request) -> bool:
    if request.membership is None:
        return False
    request.reply("register/already", (Tap("profile.show", "profile.show"),), unit=request.membership.unit.name)
    return True
