"""/thongbao: write to many and see who would get it; what was sent before."""

from html import escape
from typing import Any

from bot.actions import broadcast_files, broadcast_pace, broadcast_progress, broadcast_words, broadcasts
from bot.actions.broadcast_audience import describe
from bot.actions.broadcast_report import why
from bot.buttons import Row, Tap
from bot.domain.audience import Audience
from bot.messages import Attachment
from bot.request import Access, Request
from bot.routing import Router
from bot.storage import attachments
from bot.storage import broadcasts as stored
from bot.storage.models import Broadcast, BroadcastState

router = Router()

A_PAGE = 6
LONGEST_TEXT = 3800
LONGEST_CAPTION = 800
CANCEL = Tap("broadcasts.cancel", "broadcast.list")


@router.command("thongbao", "broadcast")
@router.button("broadcast.list")
def show_list(request: Request) -> None:
    """What was sent in one's part of the tree, and a button to write anew."""
    leave(request)
    before = int(request.args[0]) if request.message.press and request.args else None
    code, unit_id = request.setup.campaign.code, request.me.unit_id
    found = stored.below_unit(request.session, code, unit_id, before, A_PAGE + 1)
    rows: list[Row] = [(Tap("broadcasts.new", "broadcast.new"),)]
    rows += [(Tap("broadcasts.one", "broadcast.show", (each.id,), {"number": each.id}),) for each in found[:A_PAGE]]
    if len(found) > A_PAGE:
        rows.append((Tap("broadcasts.older", "broadcast.list", (found[A_PAGE - 1].id,)),))
    lines = [_line(request, each) for each in found[:A_PAGE]]
    request.reply("broadcasts/list", *rows, replace=request.message.press is not None, broadcasts=lines)


@router.button("broadcast.new")
def ask_text(request: Request) -> None:
    """What is to be said."""
    request.ask("broadcast.text", {})
    request.reply("broadcasts/ask_text", (CANCEL,), replace=True, files=_takes_files(request), anew=False)


@router.button("broadcast.edit")
def ask_other_text(request: Request) -> None:
    """Other words for a draft."""
    broadcast = own_draft(request)
    if broadcast:
        request.ask("broadcast.text", {"broadcast": broadcast.id})
        request.reply("broadcasts/ask_text", (CANCEL,), files=_takes_files(request), anew=True)


@router.step("broadcast.text")
def take_text(request: Request) -> None:
    """The words with their marks, a picture, or a file."""
    message = request.message
    attached = message.picture or message.document
    most = LONGEST_CAPTION if attached else LONGEST_TEXT
    if message.attachment is Attachment.OTHER or not (message.text or attached) or len(message.text) > most:
        length, files = len(message.text), _takes_files(request)
        request.reply("broadcasts/text_bad", (CANCEL,), most=most, length=length, files=files)
        return
    text = message.html or escape(message.text, quote=False)
    known = request.data.get("broadcast")
    request.end()
    broadcast = draft_of(request, int(known)) if known else None
    if known and broadcast is None:
        return
    if broadcast is None:
        everybody = Audience(request.me.unit_id)
        broadcast = broadcasts.draft(
            request.session, request.setup, request.me, text, everybody, request.now, at=message.address
        )
    broadcast.text = text
    broadcast.channel, broadcast.chat = message.address.channel, message.address.chat
    came = message.picture, message.document
    broadcast_files.attach(request.session, request.setup, broadcast, message.address.channel, *came, request.now)
    show_card(request, broadcast)


@router.button("broadcast.card")
def show_draft(request: Request) -> None:
    """The draft: who would get it, who not and why, how long it takes."""
    leave(request)
    broadcast = own_draft(request)
    if broadcast:
        show_card(request, broadcast)


@router.button("broadcast.show")
def show(request: Request) -> None:
    """One broadcast: a draft to go on with, or how far it is."""
    broadcast = managed(request)
    if broadcast is None:
        return
    if broadcast.state == BroadcastState.DRAFT:
        show_card(request, broadcast)
    elif broadcast.started_at:
        show_progress(request, broadcast)
    else:
        show_waiting(request, broadcast)


def show_progress(request: Request, broadcast: Broadcast) -> None:
    """How far it is, in place of the message whose button was pressed."""
    values = broadcast_progress.values(request.session, request.setup, broadcast, request.now)
    rows = broadcast_progress.rows(broadcast, values, coordinator=request.access >= Access.COORDINATOR)
    request.reply("broadcasts/progress", *rows, replace=True, **values)


def show_waiting(request: Request, broadcast: Broadcast) -> None:
    """It waits for its hour or a second coordinator, or was refused."""
    refused = broadcast.state == BroadcastState.REFUSED
    label = "broadcasts.mend" if refused else "broadcasts.undo"
    starts = request.setup.local(broadcast.starts_at) if broadcast.starts_at else None
    row = (Tap(label, "broadcast.undo", (broadcast.id,)),)
    known: dict[str, Any] = {"state": broadcast.state, "starts": starts, "reason": broadcast.reason or ""}
    request.reply("broadcasts/waiting", row, replace=True, number=broadcast.id, **known)


def show_card(request: Request, broadcast: Broadcast) -> None:
    """The preview of a draft with all that can be done about it."""
    seen = broadcasts.preview(request.session, request.setup, broadcast, request.now)
    words, attached = why(request.language), attachments.of_broadcast(request.session, broadcast.id)
    parts = broadcasts.parts(request.session, request.setup, broadcast, seen, request.now)
    request.reply(
        "broadcasts/card",
        *_card_rows(broadcast),
        replace=request.message.press is not None,
        number=broadcast.id,
        beginning=_beginning(broadcast),
        attached=attached.kind if attached else None,
        no_copy=attached is not None and attached.fault is not None,
        audience=describe(request.session, request.setup, broadcasts.audience_of(broadcast), request.language),
        seen=seen,
        left_out=[(words[reason], count, who) for reason, (count, who) in seen.left_out.items()],
        seconds=int(broadcast_pace.lasts(parts).total_seconds()),
        parts=parts,
        starts=request.setup.local(broadcast.wanted_at) if broadcast.wanted_at else None,
        urgent=broadcast.urgent,
        asks=seen.reach > request.setup.campaign.broadcasts.approve_above,
    )


def own_draft(request: Request) -> Broadcast | None:
    """The draft that a button is about, if one may work on it; says so if not."""
    return draft_of(request, int(request.args[0]))


def managed(request: Request) -> Broadcast | None:
    """The broadcast that a button is about, locked, if it is of one's unit or below; says so if not."""
    return _managed(request, int(request.args[0]))


def leave(request: Request) -> None:
    """No question about a broadcast is open any more."""
    if request.conversation and request.conversation.step.startswith("broadcast."):
        request.end()


def _managed(request: Request, number: int) -> Broadcast | None:
    broadcast = stored.locked(request.session, number)
    if broadcast is None or broadcast.campaign != request.setup.campaign.code:
        request.reply("hint/stale")
        return None
    if not broadcasts.may_manage(request.me, broadcast):
        request.reply("broadcasts/not_yours")
        return None
    return broadcast


def draft_of(request: Request, number: int) -> Broadcast | None:
    broadcast = _managed(request, number)
    if broadcast and broadcast.state != BroadcastState.DRAFT:
        request.notice("hint/stale")
        return None
    return broadcast


def _card_rows(broadcast: Broadcast) -> list[Row]:
    at = (broadcast.id,)
    confirm = Tap("broadcasts.confirm_on" if broadcast.confirm else "broadcasts.confirm_off", "broadcast.confirm", at)
    urgent = Tap("broadcasts.urgent_on" if broadcast.urgent else "broadcasts.urgent_off", "broadcast.urgent", at)
    return [
        (Tap("broadcasts.audience", "broadcast.audience", at), Tap("broadcasts.when", "broadcast.when", at)),
        (confirm, urgent),
        (Tap("broadcasts.test", "broadcast.test", at), Tap("broadcasts.edit", "broadcast.edit", at)),
        (Tap("broadcasts.send", "broadcast.send", at, solemn=True), Tap("broadcasts.later", "broadcast.list")),
    ]


def _takes_files(request: Request) -> bool:
    return request.setup.can(request.message.address.channel).documents


def _line(request: Request, broadcast: Broadcast) -> dict[str, Any]:
    at = request.setup.local(broadcast.started_at or broadcast.created_at)
    return {"number": broadcast.id, "at": at, "state": broadcast.state, "beginning": _beginning(broadcast)}


def _beginning(broadcast: Broadcast) -> str:
    return broadcast_words.plain(broadcast.text)
