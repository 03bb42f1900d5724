"""Reminders without the conversation: once, at the right hour, to those who owe; over Long An's tree."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from bot.actions import obligations, overdue, reminders
from bot.actions.housekeeping import prune_queues
from bot.actions.obligations import rule_for
from bot.actions.reminder_times import NOON, Hours, over_days_off, reach, steps_of
from bot.campaigns import load
from bot.domain.deadlines import Quiet, WorkingDays
from bot.domain.deadlines.rule import STEPS
from bot.setup import Setup
from bot.storage.db import open_engine
from bot.storage.models import (
    Account,
    DayOff,
    Duty,
    Membership,
    MembershipState,
    Obligation,
    ObligationState,
    OutboxRow,
    OutboxState,
    Person,
    Reminder,
    Role,
    Unit,
)
from bot.storage.reminder_steps import record
from bot.storage.reminders import DutyPeriod
from scheduler.jobs import Work
from tests.databases import A_MONDAY, Postgresql, Sqlite

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SETUP = Setup(load("long_an").model_copy(update={"quotas": ()}), ZONE, b"k" * 32, {})
WITH_QUOTA = Setup(load("long_an"), ZONE, b"k" * 32, {})
TUESDAY_8 = A_MONDAY + timedelta(hours=23)
FRIDAY_8 = A_MONDAY + timedelta(days=3, hours=23)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def engine(databases: Sqlite | Postgresql) -> Iterator[Engine]:
    opened = open_engine(databases.fresh("staged"))
    with Session(opened) as session, session.begin():
        obligations.plan(session, SETUP, A_MONDAY)
    yield opened
    opened.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as opened, opened.begin():
        yield opened


def planned(session: Session, now: datetime = TUESDAY_8, setup: Setup = SETUP) -> list[int]:
    """How many steps each call writes down while there is no room to tell, until there are none."""
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reminders, "MOST_WAITING", 0)
        while wrote := reminders.remind(session, setup, now):
            found.append(wrote)
            assert len(found) < 50
    return found


def to_the_end(session: Session, now: datetime, setup: Setup = SETUP) -> int:
    """As the scheduler calls the job: until there is nothing more to do; how often that was something to tell."""
    planned(session, now, setup)
    for calls in range(50):
        if not reminders.remind(session, setup, now):
            return calls
        session.expire_all()
    raise AssertionError("the job never finds an end")


def messages(session: Session, prefix: str = "remind:") -> list[OutboxRow]:
    statement = select(OutboxRow).where(OutboxRow.key.startswith(prefix)).order_by(OutboxRow.id)
    return list(session.scalars(statement))


def staff(session: Session, count: int, role: Role = Role.UNIT_ADMIN) -> None:
    """So many more people in as many communes."""
    communes = session.scalars(select(Unit).where(Unit.type == "commune").order_by(Unit.id)).all()
    for number in range(count):
        person = Person(language="vi", created_at=A_MONDAY)
        session.add(Account(person=person, channel="telegram", chat=str(9000 + number), created_at=A_MONDAY))
        session.add(
            Membership(
                person=person,
                unit=communes[number % len(communes)],
                full_name=f"Người {number}",
                kind="can_bo",
                role=role,
                state=MembershipState.ACTIVE,
                created_at=A_MONDAY,
                decided_at=A_MONDAY,
            )
        )
    session.flush()


def test_many_people_are_told_some_at_a_time_and_each_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "AT_ONCE", 20)
    staff(session, 45)
    assert to_the_end(session, TUESDAY_8) == 3
    told = Counter(row.chat for row in messages(session))
    assert len(told) == 46
    assert set(told.values()) == {1}


def test_many_members_hear_of_the_quota_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "AT_ONCE", 20)
    staff(session, 45, Role.MEMBER)
    assert to_the_end(session, FRIDAY_8, WITH_QUOTA) == 3
    told = Counter(row.chat for row in messages(session, "quota:"))
    assert len(told) == 48  # with the cast
    assert set(told.values()) == {1}
    assert messages(session) == []
    assert to_the_end(session, FRIDAY_8 + HOUR, WITH_QUOTA) == 0


def test_members_hear_of_the_quota_where_no_unit_owes_anything(session: Session) -> None:
    session.execute(update(Obligation).values(state=ObligationState.CLOSED))
    to_the_end(session, FRIDAY_8, WITH_QUOTA)
    assert len(messages(session, "quota:")) == 3


def test_who_was_let_in_after_the_morning_is_not_asked_for_posts_that_day(session: Session) -> None:
    session.execute(update(Membership).values(decided_at=FRIDAY_8 + HOUR))
    reminders.remind(session, WITH_QUOTA, FRIDAY_8 + 2 * HOUR)
    assert messages(session, "quota:") == []


def test_a_day_off_moves_the_reminder_to_the_working_day_before(session: Session) -> None:
    session.add(DayOff(campaign="long_an", day=date(2027, 3, 2), off=True, note="Nghỉ bù", set_at=A_MONDAY))
    session.flush()
    assert to_the_end(session, A_MONDAY) == 1  # Monday 09:00, for Monday 08:00
    assert len(messages(session)) == 1
    assert to_the_end(session, TUESDAY_8) == 0


def test_a_reminder_comes_before_a_long_run_of_days_off(session: Session) -> None:
    for day in range(4, 10):
        session.add(DayOff(campaign="long_an", day=date(2027, 3, day), off=True, note="Nghỉ", set_at=A_MONDAY))
    session.flush()
    wednesday = TUESDAY_8 + DAY
    to_the_end(session, wednesday)
    [row] = messages(session)
    assert "10/3/2027" in row.body  # the monthly report


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 23), st.sets(st.integers(0, 40), max_size=30), st.sampled_from((*STEPS, "before_7d", "before_99h"))
)
def test_no_step_of_today_is_further_ahead_than_the_job_looks(hour: int, off: set[int], step: str) -> None:
    now = (A_MONDAY + timedelta(days=1)).replace(hour=hour)
    calendar = WorkingDays(frozenset(now.astimezone(ZONE).date() + DAY * number for number in off))
    open_hours = Hours(calendar, Quiet(ZONE))
    rule = replace(rule_for(Duty(rule=load("long_an").owed[0].model_dump(mode="json"))), steps=(step,))
    noon = datetime.combine(now.astimezone(ZONE).date(), NOON, ZONE)
    length = reach([rule])[0]
    for days in range(40):
        due_at = now.replace(hour=10) + DAY * days
        comes = steps_of(rule, DutyPeriod(1, "", due_at), due_at - timedelta(days=60), open_hours)
        if due_at > now and open_hours.may_speak(now, due_at) and any(each.at < max(now, noon) for each in comes):
            assert due_at < now + length + over_days_off(now, open_hours)


def test_a_worked_saturday_is_a_day_to_remind_on(session: Session) -> None:
    saturday = A_MONDAY + timedelta(days=5)
    assert to_the_end(session, FRIDAY_8 + 10 * HOUR) == 1
    assert to_the_end(session, saturday) == 0
    session.add(DayOff(campaign="long_an", day=date(2027, 3, 6), off=False, note="Làm bù", set_at=A_MONDAY))
    session.flush()
    assert to_the_end(session, saturday) == 1


def test_what_another_transaction_wrote_down_is_not_said(session: Session) -> None:
    weekly = session.scalars(
        select(Obligation).join(Obligation.unit).where(Unit.name == "Xã Tuyên Thạnh").order_by(Obligation.due_at)
    ).first()
    bob = session.scalars(select(Membership).where(Membership.full_name == "Bob")).one()
    assert weekly
    row = {"obligation_id": weekly.id, "person_id": bob.person_id, "step": "before_3d", "at": TUESDAY_8}
    row |= {"state": "said", "said_at": TUESDAY_8, "late": False}
    assert list(record(session, [row])) == [(weekly.id, bob.person_id, "before_3d")]
    assert record(session, [row]) == {}
    assert to_the_end(session, TUESDAY_8) == 0
    assert messages(session) == []


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(10, 3 * 24 * 60), min_size=5, max_size=15))
def test_whenever_the_bot_wakes_it_says_a_thing_once_at_an_hour_that_is_allowed(
    sqlite: Sqlite, minutes: list[int]
) -> None:
    engine = open_engine(sqlite.fresh("staged"))
    with Session(engine) as session, session.begin():
        now = A_MONDAY
        obligations.plan(session, SETUP, now)
        for span in minutes:
            now += timedelta(minutes=span)
            before = len(messages(session))
            to_the_end(session, now)
            assert len(messages(session)) - before <= 1  # Bob alone files
        rows = session.scalars(select(Reminder).where(Reminder.state == "said")).all()
        assert max(Counter((row.obligation_id, row.step) for row in rows).values(), default=1) == 1
        for row in rows:
            local = row.said_at.astimezone(ZONE)
            due = session.get_one(Obligation, row.obligation_id).due_at.astimezone(ZONE)
            assert (6, 30) <= (local.hour, local.minute) < (21, 0)
            assert local.weekday() < 5 or local.date() == due.date()
            assert row.step.startswith("after_") or row.said_at < due
        mornings = Counter(row.said_at for row in rows if row.said_at.astimezone(ZONE).hour < 12)
        days = Counter(at.astimezone(ZONE).date() for at in mornings)
        assert max(days.values(), default=1) == 1
    engine.dispose()


def test_a_digest_counts_what_is_below_and_comes_once_though_the_outbox_forgets(session: Session) -> None:
    due = A_MONDAY + timedelta(days=4, hours=8)
    some = select(Unit.id).where(Unit.type == "commune").order_by(Unit.id).limit(100)
    filed = update(Obligation).where(Obligation.unit_id.in_(some), Obligation.due_at == due)
    session.execute(filed.values(state=ObligationState.FILED))
    assert overdue.tell_overdue(session, SETUP, due + HOUR - timedelta(seconds=1)) == 0
    assert overdue.tell_overdue(session, SETUP, due + HOUR) == 1
    [row] = messages(session, "overdue:")
    assert "106/206 đơn vị chưa nộp Báo cáo tuần" in row.body
    assert overdue.tell_overdue(session, SETUP, due + HOUR) == 0
    # The weekly report of 5/3 once more; the monthly and quarterly one of 10/3; the weekly ones of 12/3 and 19/3.
    assert _told(session, overdue.tell_overdue, due + 2 * HOUR, 17 * 24) == [
        "Mon 08/03",
        "Wed 10/03",
        "Thu 11/03",
        "Fri 12/03",
        "Mon 15/03",
        "Mon 15/03",
        "Fri 19/03",
        "Mon 22/03",
    ]


def test_downtime_of_three_days_makes_one_digest_that_says_it_is_late(session: Session) -> None:
    due = A_MONDAY + timedelta(days=4, hours=8)
    assert overdue.tell_overdue(session, SETUP, due + timedelta(days=3, hours=1)) == 1
    [row] = messages(session, "overdue:")
    assert "Tin này đến muộn hơn lịch" in row.body
    assert overdue.tell_overdue(session, SETUP, due + timedelta(days=3, hours=2)) == 0


def test_units_that_nobody_can_be_told_in_are_named_once_a_week(session: Session) -> None:
    bob = session.scalars(select(Account).where(Account.chat == "2003")).one()
    bob.reachable = False
    # For the weeks that end on 5/3, 12/3 (with the monthly and quarterly report, on 10/3), 19/3 and 26/3.
    told = _told(session, overdue.tell_unreachable, A_MONDAY, 19 * 24)
    assert told == ["Mon 01/03", "Wed 03/03", "Fri 12/03", "Fri 19/03"]


def _told(session: Session, job: Work, start: datetime, hours: int) -> list[str]:
    """On which days the job told how many, while the outbox forgets what it may; looked at every two hours."""
    told = []
    for each in range(0, hours, 2):
        now = start + timedelta(hours=each)
        settled = func.coalesce(OutboxRow.settled_at, now)
        session.execute(update(OutboxRow).values(state=OutboxState.SENT, settled_at=settled))
        prune_queues(session, SETUP, now)
        told += [f"{now.astimezone(ZONE):%a %d/%m}"] * job(session, SETUP, now)
    return told


def test_when_somebody_can_be_told_everywhere_no_coordinator_is_disturbed(session: Session) -> None:
    for unit in session.scalars(select(Unit)).all():
        person = Person(language="vi", created_at=datetime(2027, 1, 1, tzinfo=UTC))
        session.add(Account(person=person, channel="telegram", chat=f"u{unit.id}", created_at=A_MONDAY))
        values = {"kind": "can_bo", "role": Role.UNIT_ADMIN, "state": MembershipState.ACTIVE, "created_at": A_MONDAY}
        session.add(Membership(person=person, unit=unit, full_name="A", **values))
    session.flush()
    assert overdue.tell_unreachable(session, SETUP, A_MONDAY + 2 * DAY) == 0
