"""Reminders that were queued and could not be sent: withdrawn, and decided anew when the messenger is back."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.actions import obligations, overdue, reminders
from bot.delivery.claims import claim
from bot.setup import Setup
from bot.storage.db import open_engine
from bot.storage.models import Membership, Obligation, ObligationState, OutboxRow, Reminder, ReminderState, Snooze
from tests.databases import A_MONDAY, Postgresql, Sqlite
from tests.test_reminders import FRIDAY_8, HOUR, SETUP, TUESDAY_8, WITH_QUOTA, messages, staff, to_the_end

IN_TIME, TOO_LATE = timedelta(minutes=14), timedelta(minutes=15)


@pytest.fixture
def session(databases: Sqlite | Postgresql) -> Iterator[Session]:
    engine = open_engine(databases.fresh("staged"))
    with Session(engine) as opened, opened.begin():
        obligations.plan(opened, SETUP, A_MONDAY)
        yield opened
    engine.dispose()


def sent(session: Session, now: datetime) -> list[str]:
    """What the messenger gets if it is there now."""
    session.flush()
    return [parcel.message.text for parcel in claim(session, now, "telegram", busy=(), most=9_999)]


def said(session: Session) -> list[str]:
    return [row.step for row in session.scalars(select(Reminder).where(Reminder.state == ReminderState.SAID))]


def test_what_is_sent_in_time_stays_said(session: Session) -> None:
    to_the_end(session, TUESDAY_8)
    assert reminders.withdraw_unsent(session, SETUP, TUESDAY_8 + IN_TIME) == 0
    assert len(sent(session, TUESDAY_8 + IN_TIME)) == 1
    assert reminders.withdraw_unsent(session, SETUP, TUESDAY_8 + HOUR) == 0
    assert said(session) == ["before_3d"]


def test_a_reminder_that_could_not_be_sent_is_not_sent_at_night_but_the_next_morning_and_says_so(
    session: Session,
) -> None:
    to_the_end(session, TUESDAY_8)
    night = TUESDAY_8 + 14 * HOUR
    assert sent(session, night) == []
    assert reminders.withdraw_unsent(session, SETUP, night) == 1
    assert said(session) == []
    assert to_the_end(session, night) == 0
    assert to_the_end(session, TUESDAY_8 + 24 * HOUR) == 1
    [text] = sent(session, TUESDAY_8 + 24 * HOUR)
    assert "muộn" in text


def test_who_filed_while_the_messenger_was_away_hears_nothing(session: Session) -> None:
    to_the_end(session, TUESDAY_8)
    session.execute(update(Obligation).values(state=ObligationState.FILED))
    reminders.withdraw_unsent(session, SETUP, TUESDAY_8 + TOO_LATE)
    assert to_the_end(session, TUESDAY_8 + TOO_LATE) == 0
    assert messages(session) == []


def test_what_is_put_before_the_quiet_hours_ends_with_them(session: Session) -> None:
    evening = TUESDAY_8 + 13 * HOUR - timedelta(minutes=1)  # 20:59
    to_the_end(session, evening)
    assert sent(session, evening + timedelta(minutes=1)) == []


def test_what_was_put_off_is_put_off_again_if_the_morning_brings_nothing(session: Session) -> None:
    to_the_end(session, TUESDAY_8)
    sent(session, TUESDAY_8)
    bob = session.scalars(select(Membership).where(Membership.full_name == "Bob")).one()
    [reminder] = session.scalars(select(Reminder))
    wednesday = TUESDAY_8 + 24 * HOUR
    session.add(Snooze(obligation_id=reminder.obligation_id, person_id=bob.person_id, until=wednesday))
    session.flush()
    assert to_the_end(session, wednesday) == 1
    assert reminders.withdraw_unsent(session, SETUP, wednesday + TOO_LATE) == 1
    session.expire_all()
    assert to_the_end(session, wednesday + HOUR) == 1
    assert len(sent(session, wednesday + HOUR)) == 1


def test_a_digest_that_could_not_be_sent_comes_when_it_can(session: Session) -> None:
    due = A_MONDAY + timedelta(days=4, hours=8)
    assert overdue.tell_overdue(session, SETUP, due + HOUR) == 1
    assert sent(session, due + 6 * HOUR) == []
    reminders.withdraw_unsent(session, SETUP, due + 6 * HOUR)
    assert overdue.tell_overdue(session, SETUP, due + 6 * HOUR) == 0  # at night
    monday = due + timedelta(days=2, hours=16)
    assert monday.date() == date(2027, 3, 8)
    assert overdue.tell_overdue(session, SETUP, monday) == 1


def test_no_more_are_queued_than_go_out_in_a_minute_and_the_rest_follow(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "AT_ONCE", 20)
    monkeypatch.setattr(reminders, "MOST_WAITING", 30)
    staff(session, 45)
    assert to_the_end(session, TUESDAY_8) == 2
    assert len(sent(session, TUESDAY_8)) == 40
    assert to_the_end(session, TUESDAY_8 + timedelta(minutes=1)) == 1
    assert len(sent(session, TUESDAY_8 + timedelta(minutes=1))) == 6


def test_posts_owed_are_asked_for_again_if_nobody_could_be_told(session: Session) -> None:
    setup: Setup = WITH_QUOTA
    to_the_end(session, FRIDAY_8, setup)
    asked = len(messages(session, "quota:"))
    assert asked == 3
    assert reminders.withdraw_unsent(session, setup, FRIDAY_8 + TOO_LATE) == asked
    to_the_end(session, FRIDAY_8 + HOUR, setup)
    rows = session.scalars(select(OutboxRow).where(OutboxRow.key.startswith("quota:"))).all()
    assert len(rows) == asked
