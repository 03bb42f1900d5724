"""A broadcast on its way and after: a second coordinator's word, pause, stop, who was not reached, send again."""

from dataclasses import replace

from bot.actions import broadcast_files, broadcast_progress, broadcast_running, broadcasts
from bot.actions.broadcast_report import outcomes, why
from bot.actions.wanted import want
from bot.buttons import Row, Tap
from bot.domain.audience import Groups
from bot.request import Request
from bot.routing import Router
from bot.storage import broadcasts as stored
from bot.storage import recipients
from bot.storage.models import Broadcast, BroadcastState
from handlers.broadcasts import leave, managed, show_card, show_progress

router = Router()

A_PAGE = 8
LONGEST_REASON = 200


@router.button("broadcast.approve")
def approve(request: Request) -> None:
    """A second coordinator agrees."""
    broadcast = _asked(request, int(request.args[0]))
    if broadcast:
        broadcasts.approve(request.session, request.setup, broadcast, request.me, request.now)
        starts = request.setup.local(broadcast.starts_at) if broadcast.starts_at else None
        request.reply("broadcasts/agreed", replace=True, number=broadcast.id, starts=starts)


@router.button("broadcast.refuse")
def ask_reason(request: Request) -> None:
    """Why it must not go."""
    broadcast = _asked(request, int(request.args[0]))
    if broadcast:
        request.ask("broadcast.reason", {"broadcast": broadcast.id})
        request.reply("broadcasts/ask_reason", number=broadcast.id, most=LONGEST_REASON)


@router.step("broadcast.reason")
def refuse(request: Request) -> None:
    """The reason as it was typed."""
    if not request.line or len(request.line) > LONGEST_REASON:
        request.reply("broadcasts/reason_bad", most=LONGEST_REASON)
        return
    number = int(request.data["broadcast"])
    request.end()
    broadcast = _asked(request, number)
    if broadcast:
        broadcasts.refuse(request.session, request.setup, broadcast, request.me, request.line, request.now)
        request.reply("broadcasts/disagreed", number=broadcast.id)


@router.button("broadcast.pause")
def pause(request: Request) -> None:
    """Tell nobody else for now."""
    broadcast = managed(request)
    if broadcast:
        done = broadcast_running.pause(request.session, broadcast)
        _show(request, broadcast, done=done)


@router.button("broadcast.resume")
def resume(request: Request) -> None:
    """Go on."""
    broadcast = managed(request)
    if broadcast:
        done = broadcast_running.resume(request.session, request.setup, broadcast, request.now)
        _show(request, broadcast, done=done)


@router.button("broadcast.stop")
def ask_stop(request: Request) -> None:
    """Stopping is for good: ask once more."""
    broadcast = managed(request)
    if broadcast is None:
        return
    left = broadcast_progress.values(request.session, request.setup, broadcast, request.now)["left"]
    yes = Tap("broadcasts.stop_yes", "broadcast.stop!", (broadcast.id,), solemn=True)
    row = (yes, Tap("broadcasts.keep", "broadcast.show", (broadcast.id,)))
    request.reply("broadcasts/stop", row, number=broadcast.id, left=left)


@router.button("broadcast.stop!")
def stop(request: Request) -> None:
    """Tell nobody else, for good."""
    broadcast = managed(request)
    if broadcast:
        done = broadcast_running.stop(request.session, broadcast, request.now)
        _show(request, broadcast, done=done)


@router.button("broadcast.unreached")
def list_unreached(request: Request) -> None:
    """Who did not get it and why, a page at a time."""
    broadcast = managed(request)
    if broadcast is None:
        return
    page = max(0, int(request.args[1]))
    found = recipients.lines(request.session, broadcast.id, recipients.UNREACHED, offset=page * A_PAGE, most=A_PAGE + 1)
    reasons, states = why(request.language), outcomes(request.language)
    at = broadcast.id
    before = (Tap("broadcasts.before", "broadcast.unreached", (at, page - 1)),) if page else ()
    after = (Tap("broadcasts.after", "broadcast.unreached", (at, page + 1)),) if len(found) > A_PAGE else ()
    rows: list[Row] = [(*before, *after)] if before or after else []
    request.reply(
        "broadcasts/unreached",
        *rows,
        (Tap("broadcasts.to_progress", "broadcast.show", (at,)),),
        replace=True,
        number=at,
        lines=[
            (number, each.name, each.unit, states[each.state], reasons.get(each.reason, each.reason))
            for number, each in enumerate(found[:A_PAGE], page * A_PAGE + 1)
        ],
    )


@router.button("broadcast.report")
def send_report(request: Request) -> None:
    """The report for Excel, with telephone numbers: made in the background."""
    broadcast = managed(request)
    if broadcast:
        to, subject = request.message.address, {"broadcast": broadcast.id}
        want(request.session, request.setup, to, request.language, "broadcast", subject, request.now)
        request.reply("broadcasts/making")


@router.button("broadcast.again")
def write_again(request: Request) -> None:
    """The same words as a new draft, to those whom it did not reach."""
    broadcast = managed(request)
    if broadcast is None:
        return
    figures = recipients.figures(request.session, broadcast.id)
    if broadcast.ended_at is None or not any(figures.get(state) for state in stored.NOT_REACHED):
        request.notice("broadcasts/nobody_left")
        return
    leave(request)
    whom = replace(broadcasts.audience_of(broadcast), not_reached=broadcast.id, no_post=False, groups=Groups.NONE)
    words, here = broadcast.text, request.message.address
    again = broadcasts.draft(request.session, request.setup, request.me, words, whom, request.now, at=here)
    broadcast_files.attach_same(request.session, request.setup, again, broadcast, request.now)
    again.again_of_id, again.confirm = broadcast.id, broadcast.confirm
    show_card(request, again)


def _asked(request: Request, number: int) -> Broadcast | None:
    """The broadcast that waits for a second coordinator, if this is one; says so if not."""
    broadcast = stored.locked(request.session, number)
    if broadcast is None or not broadcasts.may_approve(request.me, broadcast):
        request.reply("broadcasts/not_yours")
        return None
    if broadcast.state != BroadcastState.ASKED:
        request.reply("broadcasts/settled", replace=True, number=number, state=broadcast.state)
        return None
    return broadcast


def _show(request: Request, broadcast: Broadcast, *, done: bool) -> None:
    if done or broadcast.started_at:
        show_progress(request, broadcast)
    else:
        request.notice("hint/stale")
