"""/start: what the bot is, what it keeps and why; consent asked and recorded. Also the language and the campaign."""

from bot.actions import invitations
from bot.actions.accounts import consent_subject
from bot.actions.claims import START
from bot.buttons import Row, Tap
from bot.campaigns import Campaign
from bot.request import Request
from bot.routing import Router
from bot.setup import mark_of
from bot.storage import people
from bot.storage.models import Consent, Invitation, Role
from bot.texts import LANGUAGES
from handlers import claims, register
from handlers.invitations import offer

router = Router()


@router.command("start", "batdau")
def start(request: Request) -> None:
    """Greet; a join link's code goes along until consent is given."""
    code = request.args[0] if request.args else ""
    invitation = _invitation(request, code)
    if invitation:
        request.turn_to(invitation.unit.campaign)
    if agreed(request):
        _go_on(request, code)
    elif request.setup.others and not invitation:
        offer_campaigns(request, code)
    else:
        _ask_consent(request, code, request.language)


@router.button("start.again")
def again(request: Request) -> None:
    """From a hint: show the consent text."""
    begin(request)


@router.button("start.language")
def in_language(request: Request) -> None:
    """The consent text in another language."""
    language, code = request.args[0], request.args[1]
    if language in LANGUAGES and not agreed(request):
        _ask_consent(request, code, language)


@router.button("start.yes")
def agree(request: Request) -> None:
    """Record the yes; only now is anything kept about the person."""
    language, code = request.args
    if not agreed(request):
        record_answer(request, language, agreed=True)
    if request.account is None:
        request.account = people.add_person(request.session, request.message.address, language, request.now)
    request.account.person.campaign = request.setup.campaign.code
    request.end()
    _go_on(request, code)


@router.button("start.no")
def refuse(request: Request) -> None:
    """Record the no, and keep nothing."""
    language = request.args[0]
    if agreed(request):
        _go_on(request, "")
        return
    record_answer(request, language, agreed=False)
    request.end()
    request.reply("start/refused", (Tap("start.begin", "start.again"),), replace=True, language=language)


@router.command("chuongtrinh", "campaign")
def choose_campaign(request: Request) -> None:
    """The campaigns of this installation, to act in another one."""
    if request.setup.others:
        offer_campaigns(request, "")
    else:
        request.reply("start/only_campaign", campaign=request.setup.campaign)


@router.button("campaign")
def act_in(request: Request) -> None:
    """Act in this campaign from now on; consent is asked for each."""
    mark, code = request.args
    codes = [each.campaign.code for each in request.setup.in_each()]
    chosen = next((each for each in codes if mark_of(each) == mark), None)
    if chosen is None:
        request.notice("hint/stale")
        return
    request.turn_to(chosen)
    begin(request, code)


def offer_campaigns(request: Request, code: str) -> None:
    """Ask in which campaign to act."""
    names = {each.campaign.code: named(request, each.campaign) for each in request.setup.in_each()}
    kept = code if register.is_code(code) else ""
    rows = [
        (Tap("start.campaign", "campaign", (mark_of(each), kept), {"name": names[each]}),) for each in sorted(names)
    ]
    request.reply("start/campaigns", *rows)


def named(request: Request, campaign: Campaign) -> str:
    """A campaign's name as this person reads it."""
    return campaign.name if request.language == "vi" else campaign.name_en


def begin(request: Request, code: str = "") -> None:
    """Go on where this person stands in this campaign: asked for consent, or greeted."""
    if not agreed(request):
        _ask_consent(request, code, request.language)
        return
    if request.account:
        request.account.person.campaign = request.setup.campaign.code
    _go_on(request, code)


def agreed(request: Request) -> bool:
    """Whether this person has agreed to the text of this campaign, as its members have."""
    if request.account is None or request.membership or not request.setup.others:
        return request.account is not None
    answers = people.consents_of(request.session, subject_of(request))
    of_campaign = [each.answer for each in answers if each.version == version_of(request.setup.campaign)]
    return bool(of_campaign and of_campaign[-1])


@router.command("ngonngu", "language")
def choose_language(request: Request) -> None:
    """Offer the languages."""
    request.reply("start/language", tuple(Tap(f"language.{code}", "language", (code,)) for code in LANGUAGES))


@router.button("language")
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
            version=version_of(request.setup.campaign),
            language=language,
            answer=agreed,
            answered_at=request.now,
        )
    )


def version_of(campaign: Campaign) -> str:
    """Which campaign's text in which version somebody answered to."""
    return f"{campaign.code} {campaign.consent_version}"


def subject_of(request: Request) -> str:
    """The keyed hash under which the answers of this account are kept."""
    return consent_subject(request.setup.key, request.message.address)


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


@router.step("start.consent")
def waiting_for_consent(request: Request) -> None:
    """Anything said before the answer: nothing of it is kept."""
    request.reply("hint/need_consent", (Tap("start.begin", "start.again"),))


def _invitation(request: Request, code: str) -> Invitation | None:
    return invitations.usable(request.session, code, request.now)


def _go_on(request: Request, code: str) -> None:
    invitation = _invitation(request, code)
    if invitation and invitation.role != Role.MEMBER and request.membership:
        offer(request, invitation)
    elif invitation:
        register.begin_in_unit(request, invitation)
    elif code.startswith(START):
        claims.claim_by(request, code)
    elif code:
        request.reply("start/bad_code", (Tap("register.begin", "register.begin"),))
    elif request.membership:
        request.reply("start/welcome_back", name=request.membership.full_name, unit=request.membership.unit.name)
    else:
        request.reply("start/agreed", (Tap("register.begin", "register.begin"),))
