"""Reminders: what a person must hear within one morning is one message, and only while it is owed.

A step is written down in the transaction that queues its message, so that it is said once, whoever runs this how often.
A message that is not sent in time is withdrawn with its steps and decided anew, as meanwhile the report may be filed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from bot import metrics, outbox
from bot.actions.progress import is_for_member
from bot.actions.reminder_times import Hours, Turn, hours, turns
from bot.buttons import Row, Tap
from bot.domain.deadlines import due_steps
from bot.domain.handins import week_start
from bot.messages import Priority
from bot.setup import Setup
from bot.speech import say_to_account
from bot.storage import reminders as stored
from bot.storage.models import Duty, Obligation, ReminderState
from bot.storage.reminders import DutyPeriod, MemberQuota, Owed
from bot.storage.tasks import is_task

AT_ONCE = 200
# About what the messenger takes in a minute: whoever comes later is asked for when it is his turn.
MOST_WAITING = 1600
MOST_LINES = 12
MOST_TO_FILE = 4
REMIND_AT = time(8)
DAY = timedelta(days=1)
FRIDAY, SUNDAY = timedelta(days=4), timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Word:
    """A step to be written down for a person: said, and whether late, or only superseded."""

    owed: Owed
    step: str
    at: datetime
    late: bool = False
    said: bool = True


def remind(session: Session, setup: Setup, now: datetime) -> int:
    """Tell people what they owe; how much was said and written down. At most 200 people a call, 1,600 in the queue.

    A job: it is called until it says 0, so that whoever is chosen here must be told, or his superseded steps written.
    """
    open_hours = hours(session, setup, now)
    if open_hours.quiet.covers(now) or outbox.waiting(session, Priority.REMINDER) >= MOST_WAITING:
        return 0
    coming = turns(session, setup, open_hours, now)
    quota = quota_of(setup, open_hours, now)
    people = _who_hears(session, setup, coming, quota, now)
    if not people:
        return 0
    owed, written = _write_down(session, setup, coming, open_hours, people, now)
    left = stored.behind_quota(session, quota, people=people) if quota else {}
    until = open_hours.helps_until(now)
    told = [_tell(session, setup, person_id, owed[person_id], quota, left, now, until) for person_id in people]
    return written + sum(told)


def withdraw_unsent(session: Session, _setup: Setup, now: datetime) -> int:
    """Take back what was queued and not sent in time, with the steps that it would have said; how many messages."""
    keys = outbox.withdraw_expired(session, now)
    stored.forget_said(session, keys)
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


def lines_of(setup: Setup, language: str, owed: Sequence[Obligation], now: datetime) -> list[dict[str, Any]]:
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


def may_wait(setup: Setup, each: Obligation, now: datetime) -> bool:
    """Whether it may be put off until tomorrow: not if it is due before."""
    return not now < each.due_at <= snoozed_until(setup, now)


def _line(setup: Setup, due_at: datetime, names: list[str], now: datetime) -> dict[str, Any]:
    due = setup.local(due_at)
    days = (due.date() - setup.today(now)).days
    return {"names": list(dict.fromkeys(names)), "due": due, "days": days, "overdue": due_at <= now}


def _who_hears(
    session: Session, setup: Setup, coming: Mapping[DutyPeriod, Turn], quota: MemberQuota | None, now: datetime
) -> list[int]:
    """People to whom something must be said now, or whose superseded steps must be written down."""
    campaign, people = setup.campaign.code, dict[int, None]()
    for period, turn in coming.items():
        if turn.reached:
            people |= dict.fromkeys(stored.untold(session, campaign, period, turn.reached, now, AT_ONCE))
        people |= dict.fromkeys(stored.woken(session, campaign, period, now, AT_ONCE))
        if len(people) >= AT_ONCE:
            return list(people)[:AT_ONCE]
    if quota and quota.let_in_by <= now:
        people |= dict.fromkeys(stored.behind_quota(session, quota, AT_ONCE))
    return list(people)[:AT_ONCE]


def _write_down(
    session: Session,
    setup: Setup,
    coming: Mapping[DutyPeriod, Turn],
    open_hours: Hours,
    people: Sequence[int],
    now: datetime,
) -> tuple[Mapping[int, list[tuple[Word, int]]], int]:
    """Person → what he hears, each with its row's id; and how many rows. What another replica wrote is left out."""
    last = max((period.due_at for period in coming), default=now)
    owed = [each for each in stored.owed_by(session, setup.campaign.code, people, last) if _period(each) in coming]
    told = stored.told(session, people, {each.obligation.id for each in owed})
    snoozes = stored.snoozes(session, people)
    words: list[Word] = []
    for each in owed:
        place = (each.obligation.id, each.person_id)
        until = snoozes.get(place)
        if until is None or until <= now:
            words += _words(each, coming[_period(each)], open_hours, told.get(place, set()), until, now)
            if until:
                stored.wake(session, each.person_id, each.obligation.id)
    written = stored.record(session, [_row(word, now) for word in words])
    said: dict[int, list[tuple[Word, int]]] = defaultdict(list)
    for word in words:
        row = written.get((word.owed.obligation.id, word.owed.person_id, word.step))
        if word.said and row is not None:
            said[word.owed.person_id].append((word, row))
            metrics.REMINDER_LAG.observe((now - word.at).total_seconds())
    return said, len(written)


def _period(owed: Owed) -> DutyPeriod:
    return DutyPeriod(owed.obligation.duty_id, owed.obligation.period, owed.obligation.due_at)


def _words(
    owed: Owed, turn: Turn, open_hours: Hours, done: set[str], until: datetime | None, now: datetime
) -> Iterator[Word]:
    decision = due_steps(turn.steps, now, done, turn.period.due_at, open_hours.calendar, open_hours.quiet)
    yield from (Word(owed, step.name, step.at, said=False) for step in decision.dropped)
    if decision.say:
        yield Word(owed, decision.say.name, decision.say.at, decision.late)
    elif until:
        yield Word(owed, f"{stored.SNOOZED}{until.astimezone(open_hours.quiet.zone):%Y-%m-%d}", until)


def _row(word: Word, now: datetime) -> dict[str, Any]:
    return {
        "obligation_id": word.owed.obligation.id,
        "person_id": word.owed.person_id,
        "step": word.step,
        "at": word.at,
        "state": ReminderState.SAID if word.said else ReminderState.DROPPED,
        "said_at": now,
        "late": word.late,
    }


def _tell(
    session: Session,
    setup: Setup,
    person_id: int,
    words: Sequence[tuple[Word, int]],
    quota: MemberQuota | None,
    left: Mapping[int, int],
    now: datetime,
    until: datetime,
) -> bool:
    """One message about reports and posts; the quota's key is that of the whole, as only that tells who heard of it."""
    account = stored.account_to_reach(session, person_id)
    quota_key = f"{quota.key}{person_id}" if quota and person_id in left else None
    if account is None or not (words or quota_key):
        return False
    owes: dict[str, Any] = {"left": left.get(person_id, 0), "last": week_start(setup.local(now)) + SUNDAY}
    say = partial(say_to_account, session, setup, account, now=now, priority=Priority.REMINDER, expires_at=until)
    if not words:
        tag: list[Row] = [(Tap("tag.show", "tag.show"),)] if setup.campaign.tag_rule else []
        return say("reminders/quota", rows=tag, key=quota_key, **owes)
    first, row = words[0]
    owed, language = [word.owed.obligation for word, _ in words], account.person.language
    key = quota_key or f"remind:{person_id}:{first.owed.obligation.id}:{first.step}:{int(now.timestamp())}"
    stored.said_in(session, [id_ for _, id_ in words], key)
    return say(
        "reminders/reports",
        rows=_buttons(setup, language, owed, row, now),
        key=key,
        units=lines_of(setup, language, owed, now),
        more=max(0, len(owed) - MOST_LINES),
        late=any(word.late for word, _ in words),
        tasks=all(is_task(each.duty) for each in owed),
        **owes,
    )


def _buttons(setup: Setup, language: str, owed: Sequence[Obligation], row: int, now: datetime) -> list[Row]:
    rows: list[Row] = file_buttons(language, owed)
    waiting = any(may_wait(setup, each, now) for each in owed)
    rows += [(Tap("reminders.snooze", "remind.snooze", (row,)),)] if waiting else []
    on_paper = [] if all(is_task(each.duty) for each in owed) else [(Tap("reminders.paper", "remind.paper", (row,)),)]
    return [*rows, *on_paper]


def file_buttons(language: str, owed: Sequence[Obligation]) -> list[Row]:
    """A button for each of the first reports that opens its form, or by which a task is done."""
    return [(_file_button(language, each),) for each in owed[:MOST_TO_FILE]]


def _file_button(language: str, each: Obligation) -> Tap:
    name = {"name": duty_name(each.duty, language)}
    if is_task(each.duty):
        return Tap("tasks.done", "tasks.done", (each.id,), name)
    return Tap("reminders.file", "report.file", (each.id,), name)
