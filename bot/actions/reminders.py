"""Reminders: what a person must hear within one morning is one message, and only while it is owed.

When the moment of a step has come, it is written down as due for all whom it concerns. They are told as the messenger
takes it: only then it is decided what each hears, as meanwhile the report may be filed. A step is marked as said in the
transaction that queues its message, so that it is said once, whoever runs this how often. A message that is not sent in
time is withdrawn with its steps and decided anew.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Protocol

from sqlalchemy.orm import Session

from bot import outbox
from bot.actions.progress import is_for_member
from bot.actions.reminder_steps import Said, write_down
from bot.actions.reminder_times import Hours, Turn, hours, turns
from bot.buttons import Row, Tap
from bot.domain.handins import week_start
from bot.messages import Address, Outgoing, Priority
from bot.setup import Setup
from bot.speech import worded
from bot.storage import obligations
from bot.storage import reminder_steps as steps
from bot.storage import reminders as stored
from bot.storage.models import Duty, Unit
from bot.storage.reminders import DutyPeriod, MemberQuota, Reachable, UnitName
from bot.storage.tasks import is_task

PLANNED_AT_ONCE = 2500
AT_ONCE = 300
# About what the messenger takes in a minute: whoever comes later is asked for when it is his turn.
MOST_WAITING = 1600
MOST_LINES = 12
MOST_TO_FILE = 4
REMIND_AT = time(8)
DAY = timedelta(days=1)
FRIDAY, SUNDAY = timedelta(days=4), timedelta(days=6)


class Due(Protocol):
    """What is told of an obligation."""

    @property
    def id(self) -> int: ...
    @property
    def duty(self) -> Duty: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def unit(self) -> Unit | UnitName: ...


def remind(session: Session, setup: Setup, now: datetime) -> int:
    """Write down what is due, at most 2,500 steps a call; then tell people, at most 300 a call and 1,600 in the queue.

    A job: it is called until it says 0, which is how much was written down and said.
    """
    open_hours = hours(session, setup, now)
    if open_hours.quiet.covers(now):
        return 0
    obligations.hold_still(session, setup.campaign.code)
    coming = turns(session, setup, open_hours, now)
    return _plan(session, setup, coming, now) or _tell(session, setup, coming, open_hours, now)


def _plan(session: Session, setup: Setup, coming: Mapping[DutyPeriod, Turn], now: datetime) -> int:
    left = PLANNED_AT_ONCE
    for period, turn in coming.items():
        if turn.reached and left:
            step = turn.reached
            left -= steps.plan(session, setup.campaign.code, period, step.name, step.at, now, left)
    return PLANNED_AT_ONCE - left


def _tell(session: Session, setup: Setup, coming: Mapping[DutyPeriod, Turn], open_hours: Hours, now: datetime) -> int:
    """Whoever is chosen here must be told, or his due steps be no more: else there would be no end."""
    if outbox.waiting(session, Priority.REMINDER) >= MOST_WAITING:
        return 0
    quota = quota_of(setup, open_hours, now)
    due = steps.due(session, setup.campaign.code, AT_ONCE)
    people = _who_hears(session, due, coming, quota, now)
    if not people:
        return 0
    reachable = stored.reachable(session, people)  # before anything is written down as said
    owed = stored.owed_by(session, reachable, {each: turn.duty for each, turn in coming.items()})
    # Asked for once those rows are locked: another replica may have told somebody meanwhile. The key of a message that
    # tells of the quota is that of the whole, as only that tells who heard of it.
    left = stored.behind_quota(session, quota, people=people) if quota else {}
    keys = {person_id: f"{quota.key}{person_id}" for person_id in left} if quota else {}
    said, written = write_down(session, owed, coming, open_hours, keys, now)
    told: list[tuple[str, Address, Outgoing]] = []
    for person_id, at in reachable.items():
        words, posts = said.get(person_id, ()), left.get(person_id, 0)
        if words:
            told.append((words[0].key, at.to, _of_reports(setup, at, words, posts, now)))
        elif posts:
            told.append((keys[person_id], at.to, _of_posts(setup, at, posts, now)))
    outbox.put_all(session, told, now, Priority.REMINDER, open_hours.helps_until(now))
    # What was due for these and not said is owed no more, or put off.
    return written + len(told) + steps.forget_due(session, [id_ for id_, _ in due])


def withdraw_unsent(session: Session, _setup: Setup, now: datetime) -> int:
    """Take back what was queued and not sent in time, with the steps that it would have said; how many messages."""
    keys = outbox.withdraw_expired(session, now)
    steps.forget_said(session, keys)
    return len(keys)


def quota_of(setup: Setup, open_hours: Hours, now: datetime) -> MemberQuota | None:
    """The weekly quota of members on the day on which they are reminded of it: Friday, or the working day before."""
    wanted = _posts_a_week(setup)
    monday = week_start(setup.local(now))
    friday, today = monday.date() + FRIDAY, setup.today(now)
    calendar = open_hours.calendar
    day = friday if calendar.is_working(friday) else calendar.working_day_before(friday)
    if not wanted or day != today:
        return None
    year, week, _ = today.isocalendar()
    let_in_by = datetime.combine(today, REMIND_AT, setup.zone)
    return MemberQuota(setup.campaign.code, f"quota:{year}-W{week:02}:", wanted, monday, let_in_by)


def _posts_a_week(setup: Setup) -> dict[str, int]:
    """What is asked of each kind of member."""
    quotas = [each for each in setup.campaign.quotas if each.per == "week"]
    kinds = [kind.code for kind in setup.campaign.membership.kinds]
    asked = {kind: [each.at_least for each in quotas if is_for_member(each, kind)] for kind in kinds}
    return {kind: max(numbers) for kind, numbers in asked.items() if numbers}


def lines_of(setup: Setup, language: str, owed: Sequence[Due], now: datetime) -> list[dict[str, Any]]:
    """For each unit its reports, those due together in one line; `days` from today to the due day."""
    found: dict[str, dict[datetime, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in owed[:MOST_LINES]:
        found[each.unit.name][each.due_at].append(duty_name(each.duty, language))
    return [
        {"name": unit, "lines": [_line(setup, due_at, names, now) for due_at, names in by_due.items()]}
        for unit, by_due in found.items()
    ]


def duty_name(duty: Duty, language: str) -> str:
    """A report's name."""
    return str(duty.rule["vi" if language == "vi" else "en"])


def snoozed_until(setup: Setup, now: datetime) -> datetime:
    """Tomorrow morning."""
    return datetime.combine(setup.today(now) + DAY, REMIND_AT, setup.zone)


def may_wait(setup: Setup, each: Due, now: datetime) -> bool:
    """Whether it may be put off until tomorrow: not if it is due before."""
    return not now < each.due_at <= snoozed_until(setup, now)


def _line(setup: Setup, due_at: datetime, names: list[str], now: datetime) -> dict[str, Any]:
    due = setup.local(due_at)
    days = (due.date() - setup.today(now)).days
    return {"names": list(dict.fromkeys(names)), "due": due, "days": days, "overdue": due_at <= now}


def _who_hears(
    session: Session,
    due: Sequence[tuple[int, int]],
    coming: Mapping[DutyPeriod, Turn],
    quota: MemberQuota | None,
    now: datetime,
) -> list[int]:
    """People to whom something must be said now, or whose superseded steps must be written down."""
    people = dict.fromkeys(person_id for _, person_id in due)
    for turn in coming.values():
        people |= dict.fromkeys(turn.woken)
    if quota and quota.let_in_by <= now and len(people) < AT_ONCE:
        people |= dict.fromkeys(stored.behind_quota(session, quota, AT_ONCE))
    return list(people)[:AT_ONCE]


def _of_reports(setup: Setup, at: Reachable, said: Sequence[Said], left: int, now: datetime) -> Outgoing:
    """One message about reports, and about posts if he still owes some."""
    owed = [each.word.owed for each in said]
    return worded(
        setup,
        at.to,
        at.language,
        "reminders/reports",
        _buttons(setup, at.language, owed, said[0].row, now),
        units=lines_of(setup, at.language, owed, now),
        more=max(0, len(owed) - MOST_LINES),
        late=any(each.word.late for each in said),
        tasks=all(is_task(each.duty) for each in owed),
        left=left,
        last=_sunday(setup, now),
    )


def _of_posts(setup: Setup, at: Reachable, left: int, now: datetime) -> Outgoing:
    tag: list[Row] = [(Tap("tag.show", "tag.show"),)] if setup.campaign.tag_rule else []
    return worded(setup, at.to, at.language, "reminders/quota", tag, left=left, last=_sunday(setup, now))


def _sunday(setup: Setup, now: datetime) -> datetime:
    return week_start(setup.local(now)) + SUNDAY


def _buttons(setup: Setup, language: str, owed: Sequence[Due], row: int, now: datetime) -> list[Row]:
    rows: list[Row] = file_buttons(language, owed)
    waiting = any(may_wait(setup, each, now) for each in owed)
    rows += [(Tap("reminders.snooze", "remind.snooze", (row,)),)] if waiting else []
    on_paper = [] if all(is_task(each.duty) for each in owed) else [(Tap("reminders.paper", "remind.paper", (row,)),)]
    return [*rows, *on_paper]


def file_buttons(language: str, owed: Sequence[Due]) -> list[Row]:
    """A button for each of the first reports that opens its form, or by which a task is done."""
    return [(_file_button(language, each),) for each in owed[:MOST_TO_FILE]]


def _file_button(language: str, each: Due) -> Tap:
    name = {"name": duty_name(each.duty, language)}
    if is_task(each.duty):
        return Tap("tasks.done", "tasks.done", (each.id,), name)
    return Tap("reminders.file", "report.file", (each.id,), name)
