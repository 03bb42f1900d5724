"""What people answer to reminders: put off until tomorrow, handed over on paper, remind all; excuses taken back."""

from datetime import UTC, datetime
from typing import Any

from bot.actions import excuses, overdue, paper, reminder_times, reminders
from bot.actions.reminders import duty_name
from bot.buttons import Row, Tap
from bot.request import Request
from bot.routing import Router
from bot.storage import reminder_steps, snoozes
from bot.storage.models import Membership, Obligation, ObligationState

router = Router()

MOST_TO_CHOOSE = 8
MOST_EXCUSES = 15


@router.button("remind.snooze")
def snooze(request: Request) -> None:
    """Hear no more of all that the message named until tomorrow morning, but for what is due before."""
    found = [each for each in _named(request) if reminders.may_wait(request.setup, each, request.now)]
    if not found:
        request.notice("hint/stale")
        return
    until = reminders.snoozed_until(request.setup, request.now)
    snoozes.snooze(request.session, request.me.person_id or 0, [each.id for each in found], until)
    request.notice("reminders/snoozed", until=until)


@router.button("remind.paper")
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


@router.button("remind.paper!")
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


@router.button("remind.received")
def confirm_paper(request: Request) -> None:
    """The paper came: the obligation is excused."""
    each = _to_confirm(request)
    if each:
        paper.confirm(request.session, request.setup, each, request.me, request.now)
        _say_settled(request, each, came=True)


@router.button("remind.missing")
def deny_paper(request: Request) -> None:
    """The paper did not come: it stays owed."""
    each = _to_confirm(request)
    if each:
        paper.deny(request.session, request.setup, each, request.now)
        _say_settled(request, each, came=False)


@router.button("remind.all")
def remind_all(request: Request) -> None:
    """Tell those who file for the late units below one's own, at an hour at which people may be told."""
    due_at = datetime.fromtimestamp(int(request.args[0]), UTC)
    open_hours = reminder_times.hours(request.session, request.setup, request.now)
    if not open_hours.may_speak(request.now, due_at):
        request.reply("reminders/not_now", when=open_hours.next_for_late(request.now, reminders.REMIND_AT))
        return
    units, told, unheard = overdue.urge(request.session, request.setup, request.me, due_at, request.now)
    request.reply("reminders/all_told", units=units, told=told, unheard=unheard)


@router.button("excuse.list")
def list_excuses(request: Request) -> None:
    """What units below were excused from lately, each with a button that leads to taking it back."""
    found = excuses.below(request.session, request.me, request.now, MOST_EXCUSES)
    rows: list[Row] = [
        (Tap("reminders.excuse", "excuse.show", (each.id,), {"number": number, "name": each.unit.name}),)
        for number, each in enumerate(found, 1)
    ]
    request.reply("reminders/excuses", *rows, replace=True, excuses=[_about(request, each) for each in found])


@router.button("excuse.show")
def ask_to_take_back(request: Request) -> None:
    """Why the unit need not file, and whether it should after all."""
    each = _excused(request)
    if each:
        rows = (
            Tap("reminders.take_back", "excuse.undo", (each.id,), solemn=True),
            Tap("reminders.keep", "excuse.list"),
        )
        request.reply("reminders/excuse", rows, replace=True, each=_about(request, each))


@router.button("excuse.undo")
def take_back(request: Request) -> None:
    """The unit owes the report again."""
    each = _excused(request)
    if each:
        told = excuses.take_back(request.session, request.setup, each, request.me, request.now)
        owed = each.state == ObligationState.OPEN
        back = (Tap("reminders.excuses", "excuse.list"),)
        request.reply("reminders/taken_back", back, replace=True, each=_about(request, each), owed=owed, told=told)


def _excused(request: Request) -> Obligation | None:
    """The excuse that a button is about, if it still stands and is his to take back; says so if not."""
    each = paper.lock(request.session, int(request.args[0]))
    if each is None or not excuses.may_take_back(request.me, each):
        request.notice("hint/not_allowed")
        return None
    if each.state != ObligationState.EXCUSED:
        request.reply("reminders/paper_gone", replace=True)
        return None
    return each


def _about(request: Request, each: Obligation) -> dict[str, Any]:
    by = request.session.get(Membership, each.settled_by_id) if each.settled_by_id else None
    return {
        "unit": each.unit.name,
        "duty": duty_name(each.duty, request.language),
        "due": request.setup.local(each.due_at),
        "reason": each.reason or "",
        "by": by.full_name if by else None,
        "at": request.setup.local(each.settled_at) if each.settled_at else None,
        "overdue": request.now > each.due_at,
    }


def _named(request: Request) -> list[Obligation]:
    """What the message of the pressed button named, as far as it is open and this person still files for it."""
    found = reminder_steps.of_message(request.session, int(request.args[0]), request.me.person_id or 0)
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
    undo = (Tap("reminders.take_back", "excuse.show", (each.id,)),)
    rows: list[Row] = [undo] if came and excuses.may_take_back(request.me, each) else []
    request.reply("reminders/paper_settled", *rows, replace=True, duty=duty, unit=each.unit.name, came=came)
