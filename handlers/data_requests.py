"""/yeucau: somebody asks about his data; the officers see what waits, until when, and answer."""

from typing import Any

from bot.actions import data_requests as asking
from bot.actions import members as keeping
from bot.actions.data_requests import LONGEST_WORDS, MOST_OPEN
from bot.buttons import Row, Tap
from bot.request import Access, Request
from bot.routing import Router
from bot.storage import data_requests
from bot.storage.models import DataRequest, DataRequestKind, Membership
from handlers.report_files import have_made
from handlers.start import subject_of

router = Router()

A_PAGE = 6
MOST_SHOWN = 5
ASK: dict[str, Tap] = {
    "access": Tap("data_requests.access", "data.ask", ("access",)),
    "correction": Tap("data_requests.correction", "data.ask", ("correction",)),
    "erasure": Tap("data_requests.erasure", "data.ask", ("erasure",)),
}
AT_ONCE: dict[str, Tap] = {
    "access": Tap("profile.export", "profile.export"),
    "erasure": Tap("profile.erase", "profile.erase"),
}
LEAVE = Tap("data_requests.leave", "data.leave")


@router.command("yeucau", "request")
@router.button("data.show")
def show(request: Request) -> None:
    """What can be asked, and what this person has asked so far; for officers the way to the register."""
    mine = _mine(request)
    rows: list[Row] = [(each,) for each in ASK.values()]
    if _is_officer(request):
        waiting = data_requests.number(request.session, request.setup.campaign.code, is_open=True)
        rows.append((Tap("data_requests.register", "data.register", (1, 0), {"number": waiting}),))
    shown = [_brief(request, row) for row in mine[:MOST_SHOWN]]
    request.reply("data_requests/show", *rows, mine=shown, more=max(0, len(mine) - MOST_SHOWN))


@router.button("data.ask")
def ask(request: Request) -> None:
    """What exactly, in the person's own words, or just so; or do it oneself at once."""
    kind = next((each for each in DataRequestKind if each == request.args[0]), None)
    if kind is None or sum(row.answered_at is None for row in _mine(request)) >= MOST_OPEN:
        request.reply("data_requests/too_many", most=MOST_OPEN)
        return
    request.ask("data.words", {"kind": kind})
    rows: list[Row] = [(AT_ONCE[kind],)] if kind in AT_ONCE else []
    if kind != DataRequestKind.CORRECTION:
        rows.append((Tap("data_requests.send", "data.send", (kind.value,)),))
    request.reply("data_requests/ask", *rows, (LEAVE,), replace=True, kind=kind)


@router.step("data.words")
def take_words(request: Request) -> None:
    """What the person asks, as it was typed."""
    words = request.message.text.strip()
    if not words or len(words) > LONGEST_WORDS:
        request.reply("data_requests/words_bad", (LEAVE,), most=LONGEST_WORDS)
        return
    _keep(request, request.data["kind"], words)


@router.button("data.send")
def send(request: Request) -> None:
    """The request without words."""
    if _step(request) != "words" or request.data["kind"] != request.args[0]:
        request.notice("hint/stale")
        return
    _keep(request, request.args[0], "")


@router.button("data.leave")
def leave(request: Request) -> None:
    """Neither ask nor answer after all."""
    if not _step(request):
        request.notice("hint/stale")
        return
    request.end()
    request.reply("register/cancelled", replace=True)


@router.button("data.register")
def show_register(request: Request) -> None:
    """A page of the register: what waits, or what was answered."""
    if not _check_officer(request):
        return
    is_open, page, campaign = request.args[0] == "1", int(request.args[1]), request.setup.campaign.code
    total = data_requests.number(request.session, campaign, is_open=is_open)
    here = data_requests.register(request.session, campaign, page, A_PAGE, is_open=is_open)
    word = int(is_open)
    before = (Tap("data_requests.before", "data.register", (word, page - 1)),) if page else ()
    more = (page + 1) * A_PAGE < total
    after = (Tap("data_requests.after", "data.register", (word, page + 1)),) if more else ()
    other = Tap("data_requests.answered", "data.register", (0, 0))
    request.reply(
        "data_requests/register",
        *[(Tap("data_requests.show", "data.request", (row.id,), {"number": row.id}),) for row in here],
        *([(*before, *after)] if before or after else []),
        (other if is_open else Tap("data_requests.waiting", "data.register", (1, 0)),),
        (Tap("data_requests.export", "data.export"),),
        replace=True,
        is_open=is_open,
        total=total,
        requests=[_brief(request, row) for row in here],
    )


@router.button("data.request")
def show_request(request: Request) -> None:
    """One request whole."""
    row = _at(request, int(request.args[0]))
    if row is None:
        return
    by = request.session.get(Membership, row.answered_by_id) if row.answered_by_id else None
    rows: list[Row] = [] if row.answered_at else [(Tap("data_requests.answer", "data.answer", (row.id,)),)]
    if row.kind == DataRequestKind.ERASURE and row.person_id and not row.answered_at:
        rows.append((Tap("data_requests.erase", "data.erase", (row.id,)),))
    request.reply(
        "data_requests/request",
        *rows,
        (Tap("data_requests.back", "data.register", (int(row.answered_at is None), 0)),),
        replace=True,
        each={**_brief(request, row), "words": row.words, "answer": row.answer},
        position=row.membership.position if row.membership else None,
        by=by.full_name if by else None,
    )


@router.button("data.erase")
def ask_erase(request: Request) -> None:
    """What erasing somebody means, before it is done."""
    row = _at(request, int(request.args[0]))
    if row is None or row.answered_at or row.kind != DataRequestKind.ERASURE:
        request.notice("data_requests/answered_before")
        return
    yes = Tap("data_requests.erase_yes", "data.erase!", (row.id,), solemn=True)
    back = Tap("data_requests.keep", "data.request", (row.id,))
    request.reply("data_requests/erase", (yes, back), replace=True, each=_brief(request, row))


@router.button("data.erase!")
def erase(request: Request) -> None:
    """Erase the person who asked for it."""
    row = _at(request, int(request.args[0]))
    if row is None:
        return
    number = row.id
    if row.person_id == request.me.person_id:
        request.reply("data_requests/by_yourself")
    elif asking.erase_for(request.session, request.setup, row, request.me, request.now):
        back = (Tap("data_requests.back", "data.register", (1, 0)),)
        request.reply("data_requests/erased", back, replace=True, number=number)
    else:
        request.notice("data_requests/answered_before")


@router.button("data.answer")
def ask_answer(request: Request) -> None:
    """The answer is what comes next."""
    row = _at(request, int(request.args[0]))
    if row is None or row.answered_at:
        request.notice("data_requests/answered_before")
        return
    request.ask("data.answer", {"request": row.id})
    request.reply("data_requests/ask_answer", (LEAVE,), each=_brief(request, row))


@router.step("data.answer")
def take_answer(request: Request) -> None:
    """Answer the person in these words."""
    words = request.message.text.strip()
    if not words or len(words) > LONGEST_WORDS:
        request.reply("data_requests/words_bad", (LEAVE,), most=LONGEST_WORDS)
        return
    number = request.data["request"]
    request.end()
    row = _at(request, number)
    if row is None:
        return
    told = asking.answer(request.session, request.setup, row, words, request.me, request.now)
    if told is None:
        request.reply("data_requests/answered_before")
        return
    back = (Tap("data_requests.back", "data.register", (1, 0)),)
    request.reply("data_requests/done", back, number=row.id, told=told, late=request.now > row.due_at)


@router.button("data.export")
def export(request: Request) -> None:
    """The register of the last year, for Excel."""
    if _check_officer(request):
        keeping.note_export(request.session, request.actor("data.export"), request.me.unit, "data_requests")
        have_made(request, "data_requests", unit=request.me.unit_id)


def _keep(request: Request, kind: str, words: str) -> None:
    if request.account is None:
        return
    request.end()
    who = (request.account.person_id, subject_of(request), request.membership)
    row = asking.ask(request.session, request.setup, who, DataRequestKind(kind), words, request.now)
    request.reply("data_requests/kept", each=_brief(request, row))


def _mine(request: Request) -> list[DataRequest]:
    if request.account is None:
        return []
    return list(data_requests.of_person(request.session, request.account.person_id, subject_of(request)))


def _brief(request: Request, row: DataRequest) -> dict[str, Any]:
    return {
        "number": row.id,
        "kind": row.kind,
        "name": asking.name_of(row),
        "unit": row.membership.unit.name if row.membership else None,
        "asked": request.setup.local(row.asked_at),
        "due": request.setup.local(row.due_at),
        "answered": request.setup.local(row.answered_at) if row.answered_at else None,
        "late": (row.answered_at or request.now) > row.due_at,
    }


def _is_officer(request: Request) -> bool:
    return request.access >= Access.COORDINATOR and asking.may_answer(request.session, request.me)


def _check_officer(request: Request) -> bool:
    if _is_officer(request):
        return True
    request.reply("data_requests/not_yours")
    return False


def _at(request: Request, number: int) -> DataRequest | None:
    """The request, locked, if this person answers for its campaign; says so if not."""
    if not _check_officer(request):
        return None
    row = data_requests.locked(request.session, number)
    if row is None or row.campaign != request.setup.campaign.code:
        request.reply("data_requests/not_yours")
        return None
    return row


def _step(request: Request) -> str:
    kind, _, step = (request.conversation.step if request.conversation else "").partition(".")
    return step if kind == "data" else ""
