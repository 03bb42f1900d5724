"""What was put off until a moment that has passed: it comes back, and is forgotten once nobody needs it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.orm import Session

from bot.actions import housekeeping
from bot.storage import snoozes
from bot.storage.db import open_engine
from bot.storage.models import Membership, Obligation, ObligationState, Snooze
from tests.databases import A_MONDAY, Postgresql, Sqlite
from tests.test_reminders import DAY, SETUP

NOW = A_MONDAY + DAY
MONTH = timedelta(days=30)


@pytest.fixture
def session(databases: Sqlite | Postgresql) -> Iterator[Session]:
    engine = open_engine(databases.fresh("owing"))
    with Session(engine) as opened, opened.begin():
        yield opened
    engine.dispose()


def bob(session: Session) -> Membership:
    return session.scalars(select(Membership).where(Membership.full_name == "Bob")).one()


def put_off(session: Session, until: datetime, most: int, *, own: bool = False) -> list[int]:
    """Bob put so many obligations off: those of his own unit, or of others."""
    mine = Obligation.unit_id == bob(session).unit_id
    found = list(
        session.scalars(select(Obligation.id).where(mine if own else ~mine).order_by(Obligation.id).limit(most))
    )
    person_id = bob(session).person_id
    rows = [{"obligation_id": each, "person_id": person_id, "until": until} for each in found]
    session.execute(insert(Snooze), rows)
    return found


def left(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Snooze)).one()


def woken(session: Session) -> tuple[list[int], int]:
    """Who is woken, and the most parameters that a statement for it had."""
    parameters: list[int] = []

    def listen(*args: object) -> None:
        parameters.append(len(args[3]))  # type: ignore[arg-type]  # the event's own values, of any kind

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", listen)
    found = snoozes.woken(session, "long_an", NOW - MONTH, NOW + MONTH, NOW)
    event.remove(connection, "before_cursor_execute", listen)
    return [person_id for _, people in found.values() for person_id in people], max(parameters)


def test_who_put_something_off_is_woken_however_much_lies_there_from_before(session: Session) -> None:
    put_off(session, NOW, 1, own=True)
    alone = woken(session)
    assert alone[0] == [bob(session).person_id]
    assert len(put_off(session, NOW - 9 * MONTH, 2_000)) == 2_000
    assert woken(session) == alone


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (NOW + timedelta(seconds=1), ObligationState.OPEN),
        (NOW + DAY, ObligationState.FILED),
        (NOW, ObligationState.CLOSED),
    ],
)
def test_only_what_is_open_and_was_put_off_until_now_is_woken(
    session: Session, until: datetime, state: ObligationState
) -> None:
    found = put_off(session, until, 1, own=True)
    session.execute(update(Obligation).where(Obligation.id.in_(found)).values(state=state))
    assert snoozes.woken(session, "long_an", NOW - MONTH, NOW + MONTH, NOW) == {}


def test_what_was_to_come_back_long_ago_is_forgotten_little_by_little(session: Session) -> None:
    number = len(put_off(session, NOW - MONTH - timedelta(seconds=1), housekeeping.AT_ONCE + 1))
    put_off(session, NOW, 1, own=True)
    assert number == housekeeping.AT_ONCE + 1
    assert housekeeping.forget_snoozes(session, SETUP, NOW) == housekeeping.AT_ONCE
    assert left(session) == 2
    assert housekeeping.forget_snoozes(session, SETUP, NOW) == 1
    assert housekeeping.forget_snoozes(session, SETUP, NOW) == 0
    assert woken(session)[0] == [bob(session).person_id]


@pytest.mark.parametrize(
    ("until", "state", "stays"),
    [
        (NOW, ObligationState.FILED, 0),
        (NOW, ObligationState.CLOSED, 0),
        (NOW + timedelta(seconds=1), ObligationState.FILED, 1),  # what is returned for repair is put off until then
        (NOW - MONTH, ObligationState.OPEN, 1),
        (NOW - MONTH - timedelta(seconds=1), ObligationState.OPEN, 0),
    ],
)
def test_what_is_settled_is_forgotten_when_its_moment_has_come(
    session: Session, until: datetime, state: ObligationState, stays: int
) -> None:
    found = put_off(session, until, 1)
    session.execute(update(Obligation).where(Obligation.id.in_(found)).values(state=state))
    housekeeping.forget_snoozes(session, SETUP, NOW)
    assert left(session) == stays
