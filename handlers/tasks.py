"""/nhiemvu: the tasks of a plan: a unit's admin says that one is done, those above see who has done what."""

from typing import Any

from bot.actions import deadline_changes
from bot.actions import tasks as doing
from bot.actions.reminders import duty_name
from bot.buttons import Row, Tap
from bot.request import Access, Request
from bot.routing import Router
from bot.storage import duties
from bot.storage import tasks as stored
from bot.storage.models import Duty, Obligation, ObligationState

router = Router()

A_PAGE = 6
UNITS_OF_PAGE = 8
LONGEST_REMARK = 200


@router.command("nhiemvu", "tasks")
def show_own(request: Request) -> None:
    """The tasks of one's own unit, open ones first."""
    _list(request, 0)


@router.button("tasks.list")
def turn_own(request: Request) -> None:
    """The same, another page."""
    _list(request, int(request.args[0]))


@router.button("tasks.done")
def finish(request: Request) -> None:
    """The task is done; a line about it may follow."""
    owed = _own(request)
    if owed is None:
        return
    if not doing.finish(owed, request.me, request.now):
        request.notice("hint/stale")
        return
    request.ask("tasks.remark", {"task": owed.id})
    rows: list[Row] = [(Tap("tasks.undo", "tasks.undo", (owed.id,)),), (Tap("tasks.list", "tasks.list", (0,)),)]
    late = owed.state == ObligationState.LATE
    request.reply("tasks/done", *rows, replace=True, **_about(request, owed), late=late, most=LONGEST_REMARK)


@router.button("tasks.undo")
def reopen(request: Request) -> None:
    """It was pressed by mistake."""
    owed = _own(request)
    if owed is None:
        return
    if not doing.reopen(owed):
        request.notice("hint/stale")
        return
    leave(request)
    _list(request, 0)


@router.step("tasks.remark")
def remark(request: Request) -> None:
    """A line about how it was done."""
    owed, words = doing.locked(request.session, request.data["task"], request.me), request.line
    if owed is None or owed.state not in doing.DONE:
        request.end()
        request.reply("tasks/not_yours")
    elif not words or len(words) > LONGEST_REMARK:
        request.reply("reports/words_bad", most=LONGEST_REMARK)
    else:
        request.end()
        doing.remark(owed, words)
        back = (Tap("tasks.list", "tasks.list", (0,)),)
        request.reply("tasks/remarked", back, **_about(request, owed))


@router.button("tasks.all")
def show_all(request: Request) -> None:
    """All tasks of the campaign, and how many units of one's own part of the tree have done them."""
    leave(request)
    found = stored.of_campaign(request.session, request.setup.campaign.code)
    page = _page(request.args[0], len(found), A_PAGE)
    here = found[page * A_PAGE : (page + 1) * A_PAGE]
    counts = stored.counts(request.session, [duty.id for duty in here], request.me.unit_id)
    rows: list[Row] = [
        (Tap("tasks.show", "tasks.show", (duty.id, 0), {"name": duty_name(duty, request.language)}),) for duty in here
    ]
    rows += _turning(
        Tap("reports.before", "tasks.all", (page - 1,)),
        Tap("reports.after", "tasks.all", (page + 1,)),
        page,
        more=(page + 1) * A_PAGE < len(found),
    )
    rows += _add_row(request)
    request.reply(
        "tasks/all",
        *rows,
        (Tap("tasks.list", "tasks.list", (0,)),),
        replace=True,
        unit=request.me.unit.name,
        tasks=[_counted(request, duty, counts.get(duty.id, {})) for duty in here],
        total=len(found),
    )


@router.button("tasks.show")
def show_task(request: Request) -> None:
    """One task in each unit of one's own part of the tree, a page at a time."""
    duty = duties.found(request.session, request.setup.campaign.code, int(request.args[0]))
    if duty is None or not stored.is_task(duty):
        request.notice("hint/stale")
        return
    found = stored.of_task(request.session, duty.id, request.me.unit_id)
    page = _page(request.args[1], len(found), UNITS_OF_PAGE)
    here = found[page * UNITS_OF_PAGE : (page + 1) * UNITS_OF_PAGE]
    rows = _turning(
        Tap("reports.before", "tasks.show", (duty.id, page - 1)),
        Tap("reports.after", "tasks.show", (duty.id, page + 1)),
        page,
        more=(page + 1) * UNITS_OF_PAGE < len(found),
    )
    if deadline_changes.may_change(request.me):
        rows.append((Tap("tasks.edit", "deadlines.duty", (duty.id,)),))
    request.reply(
        "tasks/task",
        *rows,
        (Tap("tasks.all", "tasks.all", (0,)),),
        replace=True,
        name=duty_name(duty, request.language),
        wording=duty.rule["wording"],
        units=[_about(request, owed) for owed in here],
        total=len(found),
    )


def leave(request: Request) -> None:
    """Leave what was being said of tasks; another conversation goes on."""
    if request.conversation and request.conversation.step.startswith("tasks."):
        request.end()


def _list(request: Request, asked: int) -> None:
    found = stored.of_unit(request.session, request.setup.campaign.code, request.me.unit_id)
    page = _page(asked, len(found), A_PAGE)
    here = found[page * A_PAGE : (page + 1) * A_PAGE]
    rows: list[Row] = [
        (Tap("tasks.done", "tasks.done", (owed.id,), {"name": duty_name(owed.duty, request.language)}),)
        for owed in here
        if owed.state == ObligationState.OPEN
    ]
    rows += _turning(
        Tap("reports.before", "tasks.list", (page - 1,)),
        Tap("reports.after", "tasks.list", (page + 1,)),
        page,
        more=(page + 1) * A_PAGE < len(found),
    )
    rows.append((Tap("tasks.all", "tasks.all", (0,)),))
    request.reply(
        "tasks/list",
        *rows,
        *_add_row(request),
        replace=request.message.press is not None,
        unit=request.me.unit.name,
        tasks=[_about(request, owed) for owed in here],
        total=len(found),
    )


def _own(request: Request) -> Obligation | None:
    owed = doing.locked(request.session, int(request.args[0]), request.me)
    if owed is None:
        request.reply("tasks/not_yours")
    return owed


def _about(request: Request, owed: Obligation) -> dict[str, Any]:
    """What a list shows of a task in one unit."""
    return {
        "name": duty_name(owed.duty, request.language),
        "unit": owed.unit.name,
        "due": request.setup.local(owed.due_at),
        "state": owed.state,
        "overdue": owed.state == ObligationState.OPEN and request.now > owed.due_at,
        "settled": request.setup.local(owed.settled_at) if owed.settled_at else None,
        "remark": owed.reason,
    }


def _counted(request: Request, duty: Duty, states: dict[str, int]) -> dict[str, Any]:
    """What a list shows of a task in all units."""
    on_time, late = states.get(ObligationState.FILED, 0), states.get(ObligationState.LATE, 0)
    return {
        "name": duty_name(duty, request.language),
        "wording": duty.rule["wording"],
        "total": sum(states.values()),
        "done": on_time + late,
        "late": late,
        "open": states.get(ObligationState.OPEN, 0),
        "past": max(duty.rule["dates"], default="") < request.setup.today(request.now).isoformat(),
    }


def _add_row(request: Request) -> list[Row]:
    return [(Tap("tasks.add", "tasks.add"),)] if request.access >= Access.COORDINATOR else []


def _page(asked: int | str, total: int, size: int) -> int:
    return min(max(int(asked), 0), max(0, -(-total // size) - 1))


def _turning(before: Tap, after: Tap, page: int, *, more: bool) -> list[Row]:
    here = (*((before,) if page else ()), *((after,) if more else ()))
    return [here] if here else []
