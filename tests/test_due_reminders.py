"""Steps that are due: written down for all at once, told as the messenger takes it, and only while they hold."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.actions import obligations, reminders
from bot.storage import depths
from bot.storage.db import open_engine
from bot.storage.models import Account, Membership, Obligation, ObligationState, Reminder, ReminderState, Snooze
from bot.storage.obligations import hold_still
from bot.storage.obligations import told as told_of
from tests.databases import A_MONDAY, Postgresql, Sqlite
from tests.test_reminders import DAY, FRIDAY_8, HOUR, SETUP, TUESDAY_8, WITH_QUOTA, messages, planned, staff, to_the_end

OTHERS = 45


@pytest.fixture
def engine(databases: Sqlite | Postgresql) -> Iterator[Engine]:
    """Bob and some others each file for a commune."""
    opened = open_engine(databases.fresh("staged"))
    with Session(opened) as session, session.begin():
        obligations.plan(session, SETUP, A_MONDAY)
        staff(session, OTHERS)
    yield opened
    opened.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as opened, opened.begin():
        yield opened


def told(session: Session, now: datetime = TUESDAY_8) -> int:
    """Tell of what is due and of nothing else; how many messages are there then."""
    while reminders.remind(session, SETUP, now):
        session.expire_all()
    return len(messages(session))


def due(session: Session) -> list[Reminder]:
    which = select(Reminder).where(Reminder.state == ReminderState.DUE).order_by(Reminder.id)
    return list(session.scalars(which.execution_options(populate_existing=True)))


def test_all_steps_of_a_morning_are_written_down_at_once_and_once(session: Session) -> None:
    assert planned(session) == [OTHERS + 1]
    assert {each.step for each in due(session)} == {"before_3d"}
    assert messages(session) == []
    assert told(session) == OTHERS + 1
    assert due(session) == []
    assert planned(session, TUESDAY_8 + timedelta(minutes=1)) == []


def test_steps_are_written_down_some_at_a_time(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "PLANNED_AT_ONCE", 20)
    assert planned(session) == [20, 20, 6]


def test_of_two_replicas_one_writes_down_and_the_other_tells(engine: Engine) -> None:
    together = Barrier(2)

    def replica(_: int) -> int:
        together.wait(10)
        with Session(engine) as session, session.begin():
            return reminders.remind(session, SETUP, TUESDAY_8)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(replica, range(2))) == [OTHERS + 1, 2 * (OTHERS + 1)]  # told, and the step of each said


def test_three_replicas_that_remind_at_once_tell_each_person_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "PLANNED_AT_ONCE", 7)
    monkeypatch.setattr(reminders, "AT_ONCE", 5)
    together = Barrier(3)

    def replica(_: int) -> None:
        together.wait(10)
        for _ in range(20):
            with Session(engine) as session, session.begin():
                reminders.remind(session, WITH_QUOTA, FRIDAY_8)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(replica, range(3)))
    with Session(engine) as session, session.begin():
        assert to_the_end(session, FRIDAY_8, WITH_QUOTA) == 0
        heard = [row.chat for row in (*messages(session), *messages(session, "quota:"))]
        assert len(heard) == len(set(heard)) == OTHERS + 3  # with the cast


def test_while_one_replica_reminds_the_others_wait_for_their_turn(postgresql: Postgresql) -> None:
    engine = open_engine(postgresql.fresh("owing"))
    with Session(engine) as session, session.begin():
        obligations.plan(session, SETUP, A_MONDAY)
    with Session(engine) as one, Session(engine) as other, one.begin(), other.begin():
        hold_still(one, SETUP.campaign.code)  # as whoever reminds does first
        other.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            reminders.remind(other, SETUP, TUESDAY_8)
    engine.dispose()


def test_two_replicas_say_a_thing_once(engine: Engine) -> None:
    together = Barrier(2)

    def replica(_: int) -> None:
        together.wait(10)
        for _ in range(2):
            with Session(engine) as session, session.begin():
                reminders.remind(session, SETUP, TUESDAY_8)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(replica, range(2)))
    with Session(engine) as session, session.begin():
        assert to_the_end(session, TUESDAY_8) == 0
        assert len(messages(session)) == OTHERS + 1
        assert session.scalar(select(func.count()).select_from(Reminder)) == OTHERS + 1


def test_what_is_filed_before_anybody_was_told_is_not_told(session: Session) -> None:
    planned(session)
    session.execute(update(Obligation).values(state=ObligationState.FILED))
    assert told(session) == 0
    assert due(session) == []


def test_who_cannot_be_reached_any_more_hears_it_when_he_is_back(session: Session) -> None:
    planned(session)
    session.execute(update(Account).values(reachable=False))
    assert told(session) == 0
    session.execute(update(Account).values(reachable=True))
    assert planned(session, TUESDAY_8 + HOUR) == [OTHERS + 1]
    assert told(session, TUESDAY_8 + HOUR) == OTHERS + 1


def test_what_is_put_off_before_it_is_told_comes_on_the_day_to_which_it_was_put_off(session: Session) -> None:
    planned(session)
    bob = session.scalars(select(Membership).where(Membership.full_name == "Bob")).one()
    [weekly] = [each for each in due(session) if each.person_id == bob.person_id]
    until = TUESDAY_8 + DAY
    session.add(Snooze(obligation_id=weekly.obligation_id, person_id=weekly.person_id, until=until))
    session.flush()
    assert told(session) == OTHERS
    assert planned(session, TUESDAY_8 + HOUR) == []
    assert told(session, until) == OTHERS + 1


def test_what_is_due_later_by_now_is_not_told(session: Session) -> None:
    planned(session)
    ids = [each.obligation_id for each in due(session)]
    moved = A_MONDAY + timedelta(days=11, hours=8)
    session.execute(update(Obligation).where(Obligation.id.in_(ids)).values(due_at=moved))
    assert told(session) == 0
    assert due(session) == []


def test_what_was_not_told_by_night_is_told_the_next_morning_late_and_by_the_step_of_then(session: Session) -> None:
    planned(session)
    night = TUESDAY_8 + 14 * HOUR
    assert told(session, night) == 0
    assert len(due(session)) == OTHERS + 1
    thursday = TUESDAY_8 + 2 * DAY + HOUR
    planned(session, thursday)
    assert told(session, thursday) == OTHERS + 1
    steps = session.execute(select(Reminder.step, Reminder.state, func.count()).group_by(Reminder.step, Reminder.state))
    assert sorted(tuple(row) for row in steps) == [("before_1d", "said", 46), ("before_3d", "dropped", 46)]
    assert all("muộn" in row.body for row in messages(session))


def test_what_is_held_about_a_person_tells_of_no_step_that_he_was_not_told(session: Session) -> None:
    planned(session)
    [first, *_] = due(session)
    assert told_of(session, first.person_id) == []
    told(session)
    assert [each.step for each in told_of(session, first.person_id)] == ["before_3d"]


def test_what_was_due_days_ago_counts_no_more(session: Session) -> None:
    planned(session)
    assert depths.reminders(session, TUESDAY_8 + DAY)[0] == OTHERS + 1
    assert depths.reminders(session, TUESDAY_8 + 2 * DAY) == (0, None)


def test_who_was_due_first_is_told_first(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "AT_ONCE", 10)
    planned(session)
    first = {each.person_id for each in due(session)[:10]}
    planned(session, FRIDAY_8)
    reminders.remind(session, SETUP, FRIDAY_8)
    said = select(Reminder.person_id).where(Reminder.state == ReminderState.SAID)
    assert set(session.scalars(said)) == first


def test_what_waits_to_be_told_is_a_figure_of_its_own(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "AT_ONCE", 20)
    monkeypatch.setattr(reminders, "MOST_WAITING", 20)
    assert depths.reminders(session, TUESDAY_8) == (0, None)
    planned(session)
    assert depths.reminders(session, TUESDAY_8) == (OTHERS + 1, TUESDAY_8)
    assert told(session) == 20
    assert depths.reminders(session, TUESDAY_8) == (OTHERS + 1 - 20, TUESDAY_8)


def test_the_two_jobs_together_tell_each_person_once(session: Session) -> None:
    to_the_end(session, TUESDAY_8)
    to_the_end(session, FRIDAY_8)
    heard = [row.chat for row in messages(session)]
    assert len(heard) == 2 * (OTHERS + 1)
    assert len(set(heard)) == OTHERS + 1
