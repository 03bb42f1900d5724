"""When a broadcast goes and how; trying it on oneself, sending it, taking it back."""

from bot.actions import broadcast_words, broadcasts
from bot.actions.broadcasts import Submitted
from bot.buttons import Row, Tap
from bot.domain.moments import read_moment
from bot.request import Request
from bot.routing import Router
from bot.storage.models import Broadcast
from handlers.broadcasts import draft_of, leave, managed, own_draft, show_card

router = Router()

FARTHEST_DAYS = 31


@router.button("broadcast.confirm")
def switch_confirm(request: Request) -> None:
    """Ask members to confirm that they read it, or not."""
    broadcast = own_draft(request)
    if broadcast:
        broadcast.confirm = not broadcast.confirm
        show_card(request, broadcast)


@router.button("broadcast.urgent")
def switch_urgent(request: Request) -> None:
    """Send it in quiet hours, too, or not."""
    broadcast = own_draft(request)
    if broadcast:
        broadcast.urgent = not broadcast.urgent
        show_card(request, broadcast)


@router.button("broadcast.when")
def ask_when(request: Request) -> None:
    """When it is to go."""
    broadcast = own_draft(request)
    if broadcast:
        request.ask("broadcast.when", {"broadcast": broadcast.id})
        now = Tap("broadcasts.now", "broadcast.now", (broadcast.id,))
        request.reply("broadcasts/ask_when", (now,), (back(broadcast),), replace=True)


@router.button("broadcast.now")
def send_at_once(request: Request) -> None:
    """No later moment."""
    leave(request)
    broadcast = own_draft(request)
    if broadcast:
        broadcast.wanted_at = None
        show_card(request, broadcast)


@router.step("broadcast.when")
def take_when(request: Request) -> None:
    """The moment as it was typed."""
    broadcast = draft_of(request, int(request.data["broadcast"]))
    if broadcast is None:
        request.end()
        return
    now = request.setup.local(request.now)
    moment = read_moment(request.line[:60], now)
    if moment is None or moment <= now or (moment - now).days >= FARTHEST_DAYS:
        request.reply("broadcasts/when_bad", (back(broadcast),), most=FARTHEST_DAYS)
        return
    request.end()
    broadcast.wanted_at = moment
    show_card(request, broadcast)


@router.button("broadcast.test")
def try_on_oneself(request: Request) -> None:
    """Send it to oneself alone, as the others will see it."""
    broadcast = request.session.get(Broadcast, int(request.args[0]))
    if broadcast is None or broadcast.template:
        request.notice("hint/stale")
    elif not (broadcasts.may_manage(request.me, broadcast) or broadcasts.may_approve(request.me, broadcast)):
        request.reply("broadcasts/not_yours")
    else:
        to = request.message.address
        broadcast_words.show_to(request.session, request.setup, broadcast, to, request.language, request.now)
        request.notice("broadcasts/tried")


@router.button("broadcast.send")
def send(request: Request) -> None:
    """Let it go: in a minute, so that it can be taken back, or once a second coordinator agreed."""
    leave(request)
    broadcast = own_draft(request)
    if broadcast is None:
        return
    if broadcast.wanted_at and broadcast.wanted_at < request.now:
        broadcast.wanted_at = None
    _take_over(request, broadcast)
    outcome = broadcasts.submit(request.session, request.setup, broadcast, request.now)
    at = (broadcast.id,)
    if outcome in (Submitted.SET, Submitted.ASKED):
        rows: list[Row] = [(Tap("broadcasts.undo", "broadcast.undo", at),)]
        if outcome is Submitted.SET and request.message.press:
            broadcast.progress = request.message.press.message
    else:
        rows = [(back(broadcast),)]
    starts = request.setup.local(broadcast.starts_at) if broadcast.starts_at else None
    most = request.setup.campaign.broadcasts.approve_above
    request.reply("broadcasts/submitted", *rows, replace=True, outcome=outcome, starts=starts, most=most)


@router.button("broadcast.undo")
def takeback(request: Request) -> None:
    """Make it a draft again before it goes."""
    broadcast = managed(request)
    if broadcast is None:
        return
    if not broadcasts.undo(request.session, broadcast):
        request.notice("broadcasts/too_late")
        return
    show_card(request, broadcast)


def back(broadcast: Broadcast) -> Tap:
    """To the draft."""
    return Tap("broadcasts.back", "broadcast.card", (broadcast.id,))


def _take_over(request: Request, broadcast: Broadcast) -> None:
    """Whoever sends it answers for it: he is its author, and somebody else has to agree."""
    broadcast.by = request.me
    if broadcast.channel == request.message.address.channel:
        broadcast.chat = request.message.address.chat
