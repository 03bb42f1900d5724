"""/ketnoi: one person with several accounts, joined by a code that one account shows and the other says."""

from typing import Any

from bot.actions import accounts
from bot.actions.accounts import Joining
from bot.buttons import Copy, Row, Tap
from bot.request import Request
from bot.routing import Router
from bot.storage import people
from bot.storage.models import Account

router = Router()

LONGEST_CODE = 40
ANSWERS = {
    Joining.JOINED: "accounts/joined",
    Joining.BAD: "accounts/bad",
    Joining.SAME: "accounts/same",
    Joining.TAKEN: "accounts/taken",
}


@router.command("ketnoi", "connect")
def connect(request: Request) -> None:
    """One's accounts; with a code after it, or before one is known, the code of the other account."""
    if request.args:
        _join(request, " ".join(request.args)[:LONGEST_CODE])
    elif request.account is None:
        request.ask("accounts.code", {})
        request.reply("accounts/ask")
    else:
        _show(request)


@router.button("accounts.list")
def show(request: Request) -> None:
    """One's accounts."""
    _show(request)


@router.button("accounts.new")
def make_code(request: Request) -> None:
    """A code to be said on the other account."""
    if request.account is None:
        return
    code = accounts.make_code(request.session, request.setup, request.account.person_id, request.now)
    shown = f"{code[:4]}-{code[4:]}"
    until = request.setup.local(request.now + accounts.CODE_LASTS)
    request.reply("accounts/code", (Copy("accounts.copy", f"/ketnoi {shown}"),), code=shown, until=until)


@router.button("accounts.enter")
def ask_code(request: Request) -> None:
    """The code that the other account shows."""
    request.ask("accounts.code", {})
    request.reply("accounts/ask")


@router.step("accounts.code")
def code_typed(request: Request) -> None:
    """The code in one's own spelling."""
    _join(request, request.line[:LONGEST_CODE])


@router.button("accounts.drop")
def ask_drop(request: Request) -> None:
    """Whether this account is to be taken away."""
    account = _own(request)
    if account:
        yes, back = (
            Tap("accounts.drop_yes", "accounts.drop!", (account.id,), solemn=True),
            Tap("accounts.back", "accounts.list"),
        )
        request.reply("accounts/drop", (yes, back), replace=True, account=_line(request, account))


@router.button("accounts.drop!")
def drop(request: Request) -> None:
    """Take it away; the last one stays."""
    account = _own(request)
    if account is None:
        return
    own = account is request.account
    if not accounts.drop(request.session, account):
        request.reply("accounts/last", replace=True)
        return
    language = request.language
    if own:
        request.account = request.membership = None
    request.reply("accounts/dropped", replace=True, language=language, own=own)


def _show(request: Request) -> None:
    if request.account is None:
        return
    found = people.accounts_of(request.session, request.account.person_id)
    rows: list[Row] = [(Tap("accounts.new", "accounts.new"),), (Tap("accounts.enter", "accounts.enter"),)]
    lines = [(number, _line(request, each)) for number, each in enumerate(found, 1)]
    if len(found) > 1:
        rows += [
            (Tap("accounts.drop", "accounts.drop", (each.id,), {"number": number}),)
            for number, each in enumerate(found, 1)
        ]
    request.reply("accounts/list", *rows, replace=request.message.press is not None, accounts=lines)


def _line(request: Request, account: Account) -> dict[str, Any]:
    since, used = (request.setup.local(at) if at else None for at in (account.created_at, account.used_at))
    here = account is request.account
    return {"channel": account.channel, "since": since, "used": used, "here": here, "reachable": account.reachable}


def _own(request: Request) -> Account | None:
    account = request.session.get(Account, int(request.args[0]))
    if account is None or request.account is None or account.person_id != request.account.person_id:
        request.notice("hint/stale")
        return None
    return account


def _join(request: Request, code: str) -> None:
    result = accounts.join(request.session, request.setup, code, request.message.address, request.now)
    if result is Joining.BAD:
        request.ask("accounts.code", {})
    else:
        request.end()
    if result is Joining.JOINED:
        request.account = people.account_of(request.session, request.message.address)
    rows: list[Row] = [(Tap("profile.show", "profile.show"),)] if result is Joining.JOINED else []
    request.reply(ANSWERS[result], *rows)
