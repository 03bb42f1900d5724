"""/hoso, /xuatdulieu, /xoadulieu: what is held about a person, all of it as a file, and its erasure."""

import json
import unicodedata

from bot import outbox
from bot.actions import data_requests, personal_data, roles, tags
from bot.actions.membership import kind_name
from bot.buttons import Row, Tap
from bot.messages import FileKind
from bot.request import Request
from bot.routing import Router
from bot.storage.models import DataRequestKind, Membership
from handlers.start import subject_of

router = Router()

WORDS_THAT_ERASE = {"vi": "XÓA HẾT", "en": "ERASE ALL"}


@router.command("hoso", "profile")
@router.button("profile.show")
def show(request: Request) -> None:
    """Profile in short."""
    member = request.membership
    pending = request.pending
    shown = member or pending
    rows: list[Row] = [(Tap("profile.export", "profile.export"), Tap("profile.erase", "profile.erase"))]
    if member:
        unname = Tap("summaries.unnamed", "summaries.named", (0,))
        rows.append((unname if member.named else Tap("summaries.named", "summaries.named", (1,)),))
    wanted = request.account is None or request.account.person.wants_broadcasts
    if member:
        no_more = Tap("profile.no_broadcasts", "profile.broadcasts", (0,))
        rows.append((no_more if wanted else Tap("profile.broadcasts", "profile.broadcasts", (1,)),))
    request.reply(
        "profile/show",
        *rows,
        member=shown,
        waiting=member is None and pending is not None,
        wants_broadcasts=wanted,
        kind=kind_name(request.setup, shown.kind, request.language) if shown else None,
        tag=_tag(request, member) if member else None,
    )


@router.button("profile.broadcasts")
def choose_broadcasts(request: Request) -> None:
    """Broadcasts come to the person, or only those that are a duty."""
    if request.account:
        request.account.person.wants_broadcasts = request.args[0] == "1"
        request.reply("profile/broadcasts", replace=True, wanted=request.account.person.wants_broadcasts)


@router.command("xuatdulieu", "mydata")
@router.button("profile.export")
def export(request: Request) -> None:
    """Everything held about the person, as a JSON file."""
    if request.account is None:
        return
    _note(request, DataRequestKind.ACCESS)
    held = personal_data.held_about(request.session, request.account.person_id, subject_of(request))
    content = json.dumps(held, ensure_ascii=False, indent=2).encode()
    file = outbox.keep_file(request.session, "du-lieu-cua-toi.json", content, FileKind.DOCUMENT, request.now)
    request.reply("profile/exported", file=file)


@router.command("xoadulieu", "erase")
@router.button("profile.erase")
def ask_erase(request: Request) -> None:
    """Say what goes and what stays; words confirm it, as a button is pressed too easily."""
    request.ask("profile.erase", {})
    rows: list[Row] = [(Tap("profile.keep", "profile.keep"),)]
    leads = request.membership is not None and roles.gives(request.membership, request.now)
    if leads:
        rows.insert(0, (Tap("handover.begin", "handover.list", (0,)),))
    request.reply("profile/erase", *rows, words=WORDS_THAT_ERASE[request.language], leads=leads)


@router.button("profile.keep")
def keep(request: Request) -> None:
    """Do not erase after all."""
    if request.conversation and request.conversation.step == "profile.erase":
        request.end()
    request.reply("profile/kept", replace=True)


@router.step("profile.erase")
def erase(request: Request) -> None:
    """Erase if the words are right; anything else keeps everything."""
    if request.account is None:
        return
    language, words = request.language, WORDS_THAT_ERASE[request.language]
    if _plain(request.message.text) != _plain(words):
        request.reply("profile/erase_words_differ", (Tap("profile.keep", "profile.keep"),), words=words)
        return
    request.end()
    _note(request, DataRequestKind.ERASURE)
    personal_data.erase(request.session, request.account.person_id)
    request.account = request.membership = None
    request.reply("profile/erased", language=language)


def _note(request: Request, kind: DataRequestKind) -> None:
    """What somebody does with his data by himself stands in the register of requests as answered."""
    if request.account:
        who = (request.account.person_id, subject_of(request), request.membership)
        data_requests.answered_at_once(request.session, request.setup, who, kind, request.now)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _tag(request: Request, member: Membership) -> str:
    return tags.required_tag(request.session, request.setup, member, request.setup.today(request.now))
