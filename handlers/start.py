"""/start: what the bot is, what it keeps and why; consent asked and recorded. Also the language."""

import hashlib
import hmac

from bot.buttons import Row, Tap
from bot.request import Access, Request
from bot.routing import Router
from bot.storage import people
from bot.storage.models import Consent, Invitation
from bot.texts import LANGUAGES
from handlers import register

router = Router()


@router.command("start", "batdau", access=Access.ANYONE)
def start(request: Request) -> None:
    """Greet; a join link's code goes along until consent is given."""
    code = request.args[0] if request.args else ""
    if request.account:
        _go_on(request, code)
    else:
        _ask_consent(request, code, request.language)


@router.button("start.again", access=Access.ANYONE)
def again(request: Request) -> None:
    """From a hint: show the consent text."""
    if request.account:
        _go_on(request, "")
    else:
        _ask_consent(request, "", request.language)


@router.button("start.language", access=Access.ANYONE)
def in_language(request: Request) -> None:
    """The consent text in another language."""
    language, code = request.args[0], request.args[1]
    if request.account is None and language in LANGUAGES:
        _ask_consent(request, code, language)


@router.button("start.yes", access=Access.ANYONE)
def agree(request: Request) -> None:
    """Record the yes; only now is anything kept about the person."""
    language, code = request.args
    if request.account is None:
        record_answer(request, language, agreed=True)
        request.account = people.add_person(request.session, request.message.address, language, request.now)
    request.end()
    _go_on(request, code)


@router.button("start.no", access=Access.ANYONE)
def refuse(request: Request) -> None:
    """Record the no, and keep nothing."""
    language = request.args[0]
    if request.account:
        _go_on(request, "")
        return
    record_answer(request, language, agreed=False)
    request.end()
    request.reply("start/refused", (Tap("start.begin", "start.again"),), replace=True, language=language)


@router.command("ngonngu", "language", access=Access.ANYONE)
def choose_language(request: Request) -> None:
    """Offer the languages."""
    request.reply("start/language", tuple(Tap(f"language.{code}", "language", (code,)) for code in LANGUAGES))


@router.button("language", access=Access.ANYONE)
def set_language(request: Request) -> None:
    """Speak this language from now on."""
    language = request.args[0]
    if language not in LANGUAGES:
        return
    if request.account is None:
        _ask_consent(request, "", language)
        return
    request.account.person.language = language
    request.reply("start/language_set", replace=True)


def record_answer(request: Request, language: str, *, agreed: bool) -> None:
    """Keep the answer with the version of the text and the time, under a keyed hash of the account."""
    request.session.add(
        Consent(
            subject=subject_of(request),
            version=request.setup.campaign.consent_version,
            language=language,
            answer=agreed,
            answered_at=request.now,
        )
    )


def subject_of(request: Request) -> str:
    """The keyed hash under which the answers of this account are kept."""
    at = request.message.address
    return hmac.new(request.setup.key, f"consent|{at.channel}|{at.chat}".encode(), hashlib.sha256).hexdigest()


def _ask_consent(request: Request, code: str, language: str) -> None:
    other = next(each for each in LANGUAGES if each != language)
    kept_code = code if register.is_code(code) else ""
    rows: tuple[Row, ...] = (
        (Tap("start.yes", "start.yes", (language, kept_code)), Tap("start.no", "start.no", (language,))),
        (Tap(f"language.{other}", "start.language", (other, kept_code)),),
    )
    request.ask("start.consent", {}, language)
    request.reply(
        "start/consent",
        *rows,
        language=language,
        replace=request.message.press is not None,
        campaign=request.setup.campaign,
    )


@router.step("start.consent", access=Access.ANYONE)
def waiting_for_consent(request: Request) -> None:
    """Anything said before the answer: nothing of it is kept."""
    request.reply("hint/need_consent", (Tap("start.begin", "start.again"),))


def _go_on(request: Request, code: str) -> None:
    invitation = request.session.get(Invitation, code) if code else None
    if invitation and invitation.expires_at > request.now:
        register.begin_in_unit(request, invitation)
    elif code:
        request.reply("start/bad_code", (Tap("register.begin", "register.begin"),))
    elif request.membership:
        request.reply("start/welcome_back", name=request.membership.full_name, unit=request.membership.unit.name)
    else:
        request.reply("start/agreed", (Tap("register.begin", "register.begin"),))
