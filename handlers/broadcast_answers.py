"""What members do with a broadcast: confirm that they read it, ask its author, and hear from him."""

from bot.actions import broadcast_answers, broadcasts
from bot.request import Request
from bot.routing import Router
from bot.storage import recipients
from bot.storage.models import Broadcast, Recipient

router = Router()


@router.button("broadcast.read")
def confirm_read(request: Request) -> None:
    """I have read it."""
    each = request.session.get(Recipient, int(request.args[0]))
    if each is None or not _is_mine(request, each):
        request.notice("hint/stale")
        return
    each.read_at = each.read_at or request.now
    request.notice("broadcasts/read")


@router.replies
def take_reply(request: Request) -> None:
    """A reply to a broadcast's message goes to its author."""
    message = request.message
    each = recipients.of_message(request.session, message.address, message.replies_to or "")
    if each is None or not _is_mine(request, each):
        request.reply("hint/stale")
        return
    _pass_on(request, each)


@router.button("broadcast.ask")
def ask_more(request: Request) -> None:
    """Write to the author once more."""
    each = request.session.get(Recipient, int(request.args[0]))
    if each is None or not _is_mine(request, each):
        request.notice("hint/stale")
        return
    request.ask("broadcast.ask", {"recipient": each.id})
    request.reply("broadcasts/write", most=broadcast_answers.LONGEST, to_author=True)


@router.step("broadcast.ask")
def take_more(request: Request) -> None:
    """What the member writes to the author."""
    each = request.session.get(Recipient, int(request.data["recipient"]))
    if each is None or not _is_mine(request, each):
        request.end()
        request.reply("hint/stale")
    elif _pass_on(request, each):
        request.end()


@router.button("broadcast.answer")
def ask_answer(request: Request) -> None:
    """What to answer to a member."""
    each = _answered(request, int(request.args[0]))
    if each:
        request.ask("broadcast.answer", {"recipient": each.id})
        request.reply("broadcasts/write", most=broadcast_answers.LONGEST, to_author=False)


@router.step("broadcast.answer")
def answer(request: Request) -> None:
    """The author's words to the member."""
    words = request.message.text
    if not words or len(words) > broadcast_answers.LONGEST:
        request.reply("broadcasts/words_bad", most=broadcast_answers.LONGEST)
        return
    number = int(request.data["recipient"])
    request.end()
    each = _answered(request, number)
    if each:
        done = broadcast_answers.answer_back(request.session, request.setup, each, request.me, words, request.now)
        request.reply("broadcasts/passed_on", done=done)


def _pass_on(request: Request, each: Recipient) -> bool:
    """False if there was nothing that could be passed on, which was said."""
    message = request.message
    said = message.text or message.picture or message.document
    if not said or len(message.text) > broadcast_answers.LONGEST:
        request.reply("broadcasts/words_bad", most=broadcast_answers.LONGEST)
        return False
    done = broadcast_answers.pass_on(request.session, request.setup, each, request.me, message, request.now)
    request.reply("broadcasts/passed_on", done=done)
    return True


def _is_mine(request: Request, each: Recipient) -> bool:
    return request.account is not None and each.person_id == request.account.person_id


def _answered(request: Request, number: int) -> Recipient | None:
    each = request.session.get(Recipient, number)
    broadcast = request.session.get(Broadcast, each.broadcast_id) if each else None
    if each is None or broadcast is None or not broadcasts.may_manage(request.me, broadcast):
        request.reply("broadcasts/not_yours")
        return None
    return each
