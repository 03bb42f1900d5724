"""The notes of what is tried, while another replica ends in order and takes all of them away."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.storage import installation, trials
from bot.storage.db import Database
from tests.databases import A_MONDAY, Postgresql

A_MINUTE = timedelta(minutes=1)
JOB = "plan_obligations long_an"


def _begin(session: Session) -> None:
    trials.begin(session, JOB, "us", A_MINUTE, A_MONDAY)


def _end(session: Session) -> None:
    trials.end(session, JOB, "us", A_MONDAY)


def _tell(session: Session) -> None:
    trials.tell(session, JOB)


@pytest.mark.parametrize("note", [_begin, _end, _tell])
def test_a_replica_that_ends_meanwhile_undoes_no_work(postgresql: Postgresql, note: Callable[[Session], None]) -> None:
    db = Database(postgresql.fresh())
    with db.transaction() as session:
        _begin(session)
    with db.transaction() as session:
        installation.keep(session, "work", "done")

        def another_ends(*_: Any) -> None:
            # It gets at the note between two statements, or has to wait until this transaction is over.
            with suppress(OperationalError), db.engine.connect() as other, Session(other) as theirs, theirs.begin():
                theirs.execute(text("SET LOCAL lock_timeout = '20ms'"))
                trials.forget(theirs)

        event.listen(session.connection(), "after_cursor_execute", another_ends)
        note(session)
    with db.transaction() as session:
        assert installation.value(session, "work") == "done"
    db.close()


def test_a_note_that_was_taken_away_is_made_anew(db: Database) -> None:
    with db.transaction() as session:
        _begin(session)
    with db.transaction() as session:
        trials.forget(session)
    with db.transaction() as session:
        assert trials.tell(session, JOB)
        assert not trials.tell(session, JOB)
    with db.transaction() as session:
        _end(session)
        assert installation.value(session, trials.KEY + JOB) is None
