"""The ledger of what units owe: the same however often, in whatever order and by however many it is planned."""

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import obligations
from bot.campaigns import load
from bot.setup import Setup
from bot.storage import obligations as stored
from bot.storage.db import open_engine
from bot.storage.models import Duty, DutyException, Obligation, ObligationState, Unit
from tests.databases import A_MONDAY, Sqlite

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SETUP = Setup(load("long_an"), ZONE, b"k" * 32, {})
TODAY = A_MONDAY.date()


def duty(session: Session, code: str) -> Duty:
    return session.scalars(select(Duty).where(Duty.code == code)).one()


def owed(session: Session, unit: str, code: str) -> list[tuple[str, str, str]]:
    statement = select(Obligation).join(Obligation.unit).where(Unit.name == unit).order_by(Obligation.due_at)
    rows = session.scalars(statement.where(Obligation.duty_id == duty(session, code).id))
    return [(row.period, f"{row.due_at.astimezone(ZONE):%H:%M %d/%m}", row.state) for row in rows]


def test_each_unit_owes_each_period_of_its_duties_once(session: Session) -> None:
    made = obligations.plan(session, SETUP, A_MONDAY)
    rows = session.scalars(select(Obligation)).all()
    assert made == len(rows) > 1_000
    assert max(Counter((row.unit_id, row.duty_id, row.period) for row in rows).values()) == 1
    assert owed(session, "Xã Tuyên Thạnh", "weekly")[:2] == [
        ("2027-W09", "17:00 05/03", "open"),
        ("2027-W10", "17:00 12/03", "open"),
    ]
    assert owed(session, "Xã Tuyên Thạnh", "monthly")[0] == ("2027-03", "17:00 10/03", "open")
    assert owed(session, "Xã Tuyên Thạnh", "education_half_year") == []


def test_planning_again_changes_nothing(session: Session) -> None:
    obligations.plan(session, SETUP, A_MONDAY)
    assert obligations.plan(session, SETUP, A_MONDAY + timedelta(minutes=30)) == 0


def test_days_that_passed_while_the_bot_was_down_are_made_up_for(session: Session) -> None:
    obligations.plan(session, SETUP, A_MONDAY)
    for row in session.scalars(select(Obligation).where(Obligation.period == "2027-W10")):
        session.delete(row)
    session.flush()
    assert obligations.plan(session, SETUP, A_MONDAY + timedelta(days=14)) > 200
    assert ("2027-W10", "17:00 12/03", "open") in owed(session, "Xã Tuyên Thạnh", "weekly")


def test_nothing_is_owed_for_the_time_before_the_duty_began(session: Session) -> None:
    obligations.plan(session, SETUP, A_MONDAY)
    earliest = min(session.scalars(select(Obligation.due_at)))
    assert earliest.astimezone(ZONE).date() >= TODAY


def test_a_closed_unit_owes_no_more_from_its_day_on(session: Session) -> None:
    obligations.plan(session, SETUP, A_MONDAY)
    unit = session.scalars(select(Unit).where(Unit.name == "Xã Tuyên Thạnh")).one()
    unit.closed_on = date(2027, 3, 8)
    session.flush()
    obligations.plan(session, SETUP, A_MONDAY)
    assert [state for _, _, state in owed(session, "Xã Tuyên Thạnh", "weekly")[:3]] == ["open", "closed", "closed"]


def test_a_skipped_period_is_closed_and_its_time_goes_to_the_next(session: Session) -> None:
    obligations.plan(session, SETUP, A_MONDAY)
    weekly = duty(session, "weekly")
    session.add(DutyException(duty_id=weekly.id, period="2027-W09", moved_to=None, reason="Tết", set_at=A_MONDAY))
    session.flush()
    obligations.plan_duty(session, SETUP, weekly, A_MONDAY)
    assert owed(session, "Xã Tuyên Thạnh", "weekly")[0] == ("2027-W09", "17:00 05/03", "closed")
    following = session.scalars(select(Obligation).where(Obligation.period == "2027-W10").limit(1)).one()
    assert following.window_start.astimezone(ZONE).date() == date(2027, 2, 26)


def test_a_moved_period_keeps_its_name_and_what_was_filed_stays(session: Session) -> None:
    obligations.plan(session, SETUP, A_MONDAY)
    weekly = duty(session, "weekly")
    filed = session.scalars(select(Obligation).where(Obligation.period == "2027-W09").limit(1)).one()
    filed.state, before = ObligationState.FILED, filed.due_at
    moved = DutyException(duty_id=weekly.id, period="2027-W09", moved_to=date(2027, 3, 4), reason="", set_at=A_MONDAY)
    session.add(moved)
    session.flush()
    obligations.plan_duty(session, SETUP, weekly, A_MONDAY)
    session.refresh(filed)
    assert filed.due_at == before
    others = select(Obligation.due_at).where(Obligation.period == "2027-W09", Obligation.id != filed.id)
    assert {f"{due.astimezone(ZONE):%d/%m}" for due in session.scalars(others)} == {"04/03"}
    session.delete(moved)
    session.flush()
    assert obligations.plan_duty(session, SETUP, weekly, A_MONDAY) > 200


def test_what_is_filed_between_the_look_and_the_change_stays_filed(session: Session) -> None:
    obligations.plan(session, SETUP, A_MONDAY)
    row = session.scalars(select(Obligation).where(Obligation.period == "2027-W09").limit(1)).one()
    later = {"window_start": row.window_start, "window_end": row.window_end, "opens_at": row.opens_at}
    seen = {"row": row.id, **later, "due_at": row.due_at + timedelta(days=1)}
    row.state, row.settled_at, before = ObligationState.FILED, A_MONDAY, row.due_at
    session.flush()
    stored.change(session, [seen])
    stored.close(session, [row.id], "not_owed", A_MONDAY)
    session.refresh(row)
    assert (row.state, row.settled_at, row.due_at) == (ObligationState.FILED, A_MONDAY, before)


def test_what_another_process_wrote_down_meanwhile_is_owed_once(session: Session) -> None:
    row = {"campaign": "long_an", "unit_id": 1, "duty_id": duty(session, "weekly").id, "period": "2027-W09"}
    moments = dict.fromkeys(("window_start", "window_end", "opens_at", "due_at"), A_MONDAY)
    for _ in range(2):
        stored.add(session, [{**row, **moments, "state": ObligationState.OPEN}])
    assert len(session.scalars(select(Obligation)).all()) == 1


def test_the_profile_is_followed_where_no_coordinator_changed_a_duty(session: Session) -> None:
    campaign = SETUP.campaign
    assert obligations.seed(session, campaign, TODAY, A_MONDAY) == 0
    weekly, *others = campaign.duties
    noon = campaign.model_copy(update={"duties": (weekly.model_copy(update={"wording": "trưa thứ Sáu"}), *others)})
    duty(session, "weekly").from_profile = False
    assert obligations.seed(session, noon, TODAY, A_MONDAY) == 0
    duty(session, "weekly").from_profile = True
    assert obligations.seed(session, noon, TODAY, A_MONDAY) == 1


@settings(max_examples=15, deadline=None)
@given(days=st.lists(st.integers(0, 90), min_size=1, max_size=4))
def test_the_order_and_the_days_of_planning_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, days: list[int]
) -> None:
    assert _ledger(tmp_path_factory, days) == _ledger(tmp_path_factory, [max(days)])


_TEMPLATE: list[Sqlite] = []


def _ledger(tmp_path_factory: pytest.TempPathFactory, days: list[int]) -> set[tuple[int, int, str]]:
    """What the schools owe (the fewest units) after planning on these days, in this order."""
    if not _TEMPLATE:
        _TEMPLATE.append(Sqlite(tmp_path_factory.mktemp("obligations")))
    engine = open_engine(_TEMPLATE[0].fresh("staged"))
    with Session(engine) as session:
        weekly = duty(session, "weekly")
        weekly.rule = {**weekly.rule, "owed_by": ["body"]}
        for day in days:
            obligations.plan_duty(session, SETUP, weekly, A_MONDAY + timedelta(days=day))
        last = A_MONDAY + timedelta(days=max(days))
        obligations.plan_duty(session, SETUP, weekly, last)
        rows = session.scalars(select(Obligation).where(Obligation.due_at >= last)).all()
        found = {(row.unit_id, row.duty_id, row.period) for row in rows if row.state == ObligationState.OPEN}
    engine.dispose()
    return found


def test_a_period_that_was_filed_before_its_day_moved_past_today_stays_filed(session: Session) -> None:
    obligations.plan(session, SETUP, A_MONDAY)
    weekly = duty(session, "weekly")
    for row in session.scalars(select(Obligation).where(Obligation.period == "2027-W09")):
        row.state = ObligationState.FILED
    saturday = A_MONDAY + timedelta(days=5)
    weekly.rule = {**weekly.rule, "rrules": ["FREQ=WEEKLY;BYDAY=SA"]}
    weekly.starts_on = saturday.date()
    session.flush()
    obligations.plan_duty(session, SETUP, weekly, saturday)
    assert owed(session, "Xã Tuyên Thạnh", "weekly")[0] == ("2027-W09", "17:00 05/03", "filed")
