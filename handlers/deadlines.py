"""/thoihan: what is due next and where it stands; for the campaign's coordinators the duties, to be changed."""

from datetime import date, datetime, time, timedelta
from typing import Any

from bot import outbox
from bot.actions import deadline_changes, excuses, roster, wanted
from bot.actions.deadline_changes import Shape
from bot.buttons import Row, Tap
from bot.campaigns import Duty as DutyProfile
from bot.documents.deadline import Deadline
from bot.documents.ics import calendar
from bot.messages import FileKind
from bot.request import Request
from bot.routing import Router
from bot.storage import duties, obligations
from bot.storage.duties import Coming
from bot.storage.models import Duty, Obligation, ObligationState, Role
from bot.storage.tasks import is_task
from bot.texts import WEEKDAYS, render

router = Router()

MOST = 8
MOST_OVERDUE = 5
LATELY, MOST_KNOWN = timedelta(days=7), 50
MINUTE = timedelta(minutes=1)
FIELDS = ("day", "hour", "owed", "cut_off", "steps", "remind_at", "off_day", "name", "end")


@router.command("thoihan", "deadlines")
def show(request: Request) -> None:
    """The next deadlines of one's unit; of a unit that owes nothing, the campaign's."""
    rows: list[Row] = [(Tap("deadlines.year", "deadlines.year"), Tap("deadlines.ics", "deadlines.ics"))]
    rows += [(Tap("deadlines.change", "deadlines.list"),)] if may_change(request) else []
    rows += [(Tap("reminders.excuses", "excuse.list"),)] if _has_excused(request) else []
    unit = request.me.unit
    known = obligations.of_unit(request.session, unit.id, request.now - LATELY, MOST_KNOWN)
    overdue = duties.overdue_of_unit(request.session, unit.id, request.now)
    if known or overdue:
        settled = [each for each in known if each.due_at < request.now and each.state != ObligationState.OPEN]
        values: dict[str, Any] = {
            "upcoming": [_line(request, each) for each in known if each.due_at >= request.now][:MOST],
            "settled": [_line(request, each) for each in settled],
            "overdue": [_line(request, each) for each in overdue[:MOST_OVERDUE]],
            "more": max(len(overdue) - MOST_OVERDUE, 0),
        }
        request.reply("deadlines/of_unit", *rows, unit=unit.name, **values)
        return
    counted, periods = _of_campaign(request)
    lines = [_period(request, each, counted=counted) for each in periods]
    request.reply("deadlines/of_campaign", *rows, unit=unit.name, periods=lines)


@router.button("deadlines.year")
def draw_year(request: Request) -> None:
    """The next 12 months as a picture: drawn in the background, as drawing takes a while."""
    to, subject = request.message.address, {"unit": request.me.unit_id}
    wanted.want(request.session, request.setup, to, request.language, "year_ahead", subject, request.now)
    request.reply("pictures/drawing", passing=True)


@router.button("deadlines.ics")
def send_calendar(request: Request) -> None:
    """The deadlines of the next 12 months as a file for calendars: those of one's unit, or the campaign's."""
    setup, unit = request.setup, request.me.unit
    found = duties.living(request.session, setup.campaign.code, setup.today(request.now))
    shapes = [deadline_changes.shape_of(request.session, duty) for duty in found]
    named = (unit.type, unit.name, unit.code)
    own = [shape for shape in shapes if setup.campaign.owes(shape.profile, *named)] or shapes
    deadlines = [each for shape in own for each in _deadlines(request, shape)]
    content = calendar(deadlines, setup.today(request.now), render("deadlines/calendar", request.language))
    file = outbox.keep_file(request.session, "thoi-han-bao-cao.ics", content, FileKind.DOCUMENT, request.now)
    request.reply("deadlines/ics", file=file, number=len(deadlines))


@router.button("deadlines.list")
def list_duties(request: Request) -> None:
    """The duties that go on, each with a button to change it."""
    if not allowed(request):
        return
    leave(request)
    living = duties.living(request.session, request.setup.campaign.code, request.setup.today(request.now))
    found = [duty for duty in living if not is_task(duty)]
    shown = [card_of(request, duty) for duty in found]
    rows: list[Row] = [
        (Tap("deadlines.duty", "deadlines.duty", (duty.id,), {"name": card["name"]}),)
        for duty, card in zip(found, shown, strict=True)
    ]
    rows.append((Tap("deadlines.add", "deadlines.add"),))
    if deadline_changes.ended(request.session, request.setup, request.now, 1):
        rows.append((Tap("deadlines.ended", "deadlines.ended"),))
    request.reply("deadlines/duties", *rows, replace=True, duties=shown)


@router.button("deadlines.duty")
def show_duty(request: Request) -> None:
    """One duty with all that can be changed about it."""
    duty = duty_at(request, request.args[0])
    if duty is None:
        return
    leave(request)
    shape = deadline_changes.shape_of(request.session, duty)
    upcoming = deadline_changes.periods_of(shape, request.setup, request.now)
    request.reply(
        "deadlines/duty",
        *_field_rows(duty),
        replace=True,
        **card_of(request, duty),
        upcoming=[request.setup.local(each.due_at) for each in upcoming if each.due_at > request.now][:3],
        source=shape.profile.source,
    )


def duty_at(request: Request, number: str) -> Duty | None:
    """The duty that a button is about, if it is this coordinator's to change and goes on."""
    if not allowed(request):
        return None
    duty = duties.found(request.session, request.setup.campaign.code, int(number))
    if duty is None or deadline_changes.has_ended(duty, request.setup.today(request.now)):
        request.notice("hint/stale")
        return None
    return duty


def may_change(request: Request) -> bool:
    """Whether the person may change deadlines and days off."""
    return deadline_changes.may_change(request.me)


def allowed(request: Request) -> bool:
    """The same, said to him if he may not; whatever was being changed is left."""
    if may_change(request):
        return True
    leave(request)
    request.reply("deadlines/not_yours")
    return False


def leave(request: Request) -> None:
    """Leave what was being changed here; another conversation goes on."""
    if step_of(request):
        request.end()


def step_of(request: Request) -> str:
    """The question that is open; "" outside these conversations."""
    step = request.conversation.step if request.conversation else ""
    return step if step.startswith(("deadlines.", "daysoff.")) else ""


def name_of(request: Request, profile: DutyProfile) -> str:
    """The report's name in the person's language."""
    return profile.vi if request.language == "vi" else profile.en


def type_name(request: Request, type_: str) -> str:
    """What units of this type are called."""
    row = request.setup.campaign.general_type(type_)
    return (row.vi if request.language == "vi" else row.en) if row else type_


def owner_names(request: Request, profile: DutyProfile) -> list[str]:
    """The classes of units and the single ones that owe it besides."""
    campaign = request.setup.campaign
    rows = {code: campaign.class_named(code) for code in profile.owners}
    named = {code: (row.vi if request.language == "vi" else row.en) for code, row in rows.items() if row}
    units = {code: roster.unit_with_code(request.session, campaign.code, code) for code in rows if code not in named}
    return [*named.values(), *(unit.name for unit in units.values() if unit)]


def step_name(request: Request, step: str) -> str:
    """A reminder's step in words, “3 ngày trước”."""
    return render("deadlines/step", request.language, step=step)


def day_name(request: Request, day: date) -> str:
    """A day as a button shows it."""
    return f"{WEEKDAYS[request.language][day.weekday()]} {day.day}/{day.month}/{day.year}"


def card_of(request: Request, duty: Duty) -> dict[str, Any]:
    """What a template shows of a duty as it is."""
    return card(request, DutyProfile.model_validate(duty.rule), duty.ended_on)


def card(request: Request, profile: DutyProfile, ended_on: date | None) -> dict[str, Any]:
    """What a template shows of a duty."""
    return {
        "name": name_of(request, profile),
        "wording": profile.wording,
        "due": profile.due,
        "owed_by": [*(type_name(request, type_) for type_ in profile.owed_by), *owner_names(request, profile)],
        "cut_off_days": profile.cut_off_days,
        "steps": [step_name(request, step) for step in profile.steps],
        "remind_at": profile.remind_at,
        "before_day_off": profile.on_day_off == "remind_before",
        "ended_on": ended_on,
    }


def outlook_values(request: Request, before: Shape | None, after: Shape) -> dict[str, Any]:
    """What a template shows of the change from `before` to `after`."""
    found = deadline_changes.outlook(request.session, request.setup, before, after, request.now)
    local = request.setup.local
    moved = [(each.before and local(each.before), each.after and local(each.after)) for each in found.moved]
    return {
        "moved": moved,
        "more": found.periods - len(moved),
        "upcoming": local(found.upcoming) if found.upcoming else None,
        "figures": [_last(local(end)) for end in found.figures or ()],
        "units_before": found.units_before,
        "units": found.units,
        "reminders": found.steps,
        "nothing": before == after,
    }


def _has_excused(request: Request) -> bool:
    is_coordinator = request.me.role == Role.COORDINATOR
    return is_coordinator and bool(excuses.below(request.session, request.me, request.now, 1))


def _line(request: Request, row: Obligation) -> dict[str, Any]:
    """What a list shows of a report: its last minute, how long still (or over), where it stands."""
    return {
        "name": name_of(request, DutyProfile.model_validate(row.duty.rule)),
        "due": request.setup.local(row.due_at),
        "minutes": _minutes(row.due_at, request.now),
        "state": row.state,
        "settled": request.setup.local(row.settled_at) if row.settled_at else None,
        "opens": request.setup.local(row.opens_at) if row.opens_at > request.now else None,
    }


def _deadlines(request: Request, shape: Shape) -> list[Deadline]:
    """What is due by a duty within a year, as a calendar takes it."""
    setup, profile = request.setup, shape.profile
    key, name = f"{setup.campaign.code}:{profile.code}", name_of(request, profile)
    periods = deadline_changes.periods_of(shape, setup, request.now)
    return [Deadline(f"{key}:{each.period}", name, each.due_at, profile.wording) for each in periods]


def _of_campaign(request: Request) -> tuple[bool, list[Coming]]:
    """Whether the units below are to be counted, and the next periods: theirs, or the whole campaign's."""
    code = request.setup.campaign.code
    if request.me.role != Role.MEMBER:
        below = duties.coming(request.session, code, request.now, MOST, within=request.me.unit_id)
        if below:
            return True, below
    return False, duties.coming(request.session, code, request.now, MOST)


def _period(request: Request, each: Coming, *, counted: bool) -> dict[str, Any]:
    return {
        "name": name_of(request, DutyProfile.model_validate(each.duty.rule)),
        "due": request.setup.local(each.due_at),
        "minutes": _minutes(each.due_at, request.now),
        "counted": counted,
        "total": sum(each.states.values()),
        "filed": each.states.get(ObligationState.FILED, 0) + each.states.get(ObligationState.LATE, 0),
        "excused": each.states.get(ObligationState.EXCUSED, 0),
    }


def _last(end: datetime) -> datetime:
    """The end as people read it: midnight as the day's last minute."""
    return end if end.time() != time() else end - MINUTE


def _minutes(due_at: datetime, now: datetime) -> int:
    return int(abs(due_at - now) / MINUTE)


def _field_rows(duty: Duty) -> list[Row]:
    number = duty.id
    fields = (
        Tap("deadlines.day", "deadlines.set", (number, "day")),
        Tap("deadlines.hour", "deadlines.set", (number, "hour")),
        Tap("deadlines.owed", "deadlines.set", (number, "owed")),
        Tap("deadlines.cut_off", "deadlines.set", (number, "cut_off")),
        Tap("deadlines.steps", "deadlines.set", (number, "steps")),
        Tap("deadlines.remind_at", "deadlines.set", (number, "remind_at")),
        Tap("deadlines.off_day", "deadlines.set", (number, "off_day")),
        Tap("deadlines.name", "deadlines.set", (number, "name")),
        Tap("deadlines.periods", "deadlines.periods", (number,)),
        Tap("deadlines.end", "deadlines.set", (number, "end")),
    )
    pairs = [fields[place : place + 2] for place in range(0, len(fields), 2)]
    return [*pairs, (Tap("deadlines.back", "deadlines.list"),)]
