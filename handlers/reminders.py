"""What people answer to reminders: put off until tomorrow, handed over on paper, remind all who are late."""

from datetime import UTC, datetime

from bot.actions import overdue, paper, reminder_times, reminders
from bot.actions.reminders import duty_name
from bot.buttons import Row, Tap
from bot.request import Access, Request
from bot.routing import Router
from bot.storage import reminders as stored
from bot.storage.models import Obligation, ObligationState

router = Router()

MOST_TO_CHOOSE = 8


@router.button("remind.snooze", access=Access.UNIT_ADMIN)
def snooze(request: Request) -> None:
    """Hear no more of all that the message named until tomorrow morning, but for what is due before."""
    found = [each for each in _named(request) if reminders.may_wait(request.setup, each, request.now)]
    if not found:
        request.notice("hint/stale")
        return
    until = reminders.snoozed_until(request.setup, request.now)
    stored.snooze(request.session, request.me.person_id or 0, [each.id for each in found], until)
    request.notice("reminders/snoozed", until=until)


@router.button("remind.paper", access=Access.UNIT_ADMIN)
def choose_paper(request: Request) -> None:
    """Which of the reports that the message named was handed over on paper."""
    found = _named(request)[:MOST_TO_CHOOSE]
    if not found:
        request.notice("hint/stale")
        return
    rows: list[Row] = [
        (Tap("reminders.paper_of", "remind.paper!", (each.id,), {"name": duty_name(each.duty, request.language)}),)
        for each in found
    ]
    request.reply("reminders/paper", *rows)


@router.button("remind.paper!", access=Access.UNIT_ADMIN)
def hand_over(request: Request) -> None:
    """Ask the coordinators above whether the paper came."""
    each = paper.lock(request.session, int(request.args[0]))
    if each is None or each.state != ObligationState.OPEN:
        request.notice("hint/stale")
        return
    if not paper.may_file(request.me, each):
        request.notice("hint/not_allowed")
        return
    waits = each.paper_at is not None
    asked = 0 if waits else paper.claim(request.session, request.setup, each, request.me, request.now)
    request.reply(
        "reminders/paper_sent", replace=True, duty=duty_name(each.duty, request.language), asked=asked, waits=waits
    )


@router.button("remind.received", access=Access.COORDINATOR)
def confirm_paper(request: Request) -> None:
    """The paper came: the obligation is excused."""
    each = _to_confirm(request)
    if each:
        paper.confirm(request.session, request.setup, each, request.me, request.now)
        _say_settled(request, each, came=True)


@router.button("remind.missing", access=Access.COORDINATOR)
def deny_paper(request: Request) -> None:
    """The paper did not come: it stays owed."""
    each = _to_confirm(request)
    if each:
        paper.deny(request.session, request.setup, each, request.now)
        _say_settled(request, each, came=False)


@router.button("remind.all", access=Access.UNIT_ADMIN)
def remind_all(request: Request) -> None:
    """Tell those who file for the late units below one's own, at an hour at which people may be told."""
    due_at = datetime.fromtimestamp(int(request.args[0]), UTC)
    open_hours = reminder_times.hours(request.session, request.setup, request.now)
    if not open_hours.may_speak(request.now, due_at):
        request.reply("reminders/not_now", when=open_hours.next_for_late(request.now, reminders.REMIND_AT))
        return
    units, told, unheard = overdue.urge(request.session, request.setup, request.me, due_at, request.now)
    request.reply("reminders/all_told", units=units, told=told, unheard=unheard)


def _named(request: Request) -> list[Obligation]:
    """What the message of the pressed button named, as far as it is open and this person still files for it."""
    found = stored.of_message(request.session, int(request.args[0]), request.me.person_id or 0)
    return [each for each in found if paper.may_file(request.me, each)]


def _to_confirm(request: Request) -> Obligation | None:
    each = paper.lock(request.session, int(request.args[0]))
    if each is None or each.state != ObligationState.OPEN or each.paper_at is None:
        request.reply("reminders/paper_gone", replace=True)
        return None
    if not paper.may_confirm(request.me, each):
        request.notice("hint/not_allowed")
        return None
    return each


def _say_settled(request: Request, each: Obligation, *, came: bool) -> None:
    duty = duty_name(each.duty, request.language)
    request.reply("reminders/paper_settled", replace=True, duty=duty, unit=each.unit.name, came=came)
