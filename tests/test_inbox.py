"""The inbox: every update kept once, handled once, oldest first within a chat; a failing one holds up only its chat."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import inbox
from bot.messages import RawUpdate
from bot.storage.db import Database
from bot.storage.models import InboxRow, InboxState, Installation
from tests.databases import Postgresql

NOW = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
ALICE, BOB = "2002", "2003"


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def update(number: int, chat: str = ALICE, channel: str = "telegram") -> RawUpdate:
    return RawUpdate(channel, str(number), chat, f'{{"update_id": {number}}}')


def keep(db: Database, *updates: RawUpdate) -> int:
    with db.transaction() as session:
        return inbox.receive(session, updates, NOW)


class Handling:
    """Handles updates by noting them down; those whose ids are in `broken` fail after they have written something."""

    def __init__(self, db: Database, *broken: str) -> None:
        self.db = db
        self.broken = set(broken)
        self.tells_in_vain = False
        self.handled: list[str] = []
        self.given_up: list[str] = []

    def turn(self, now: datetime = NOW) -> int:
        """One transaction of the inbox."""
        with self.db.transaction() as session:
            return inbox.handle_next(session, self.handle, self.give_up, now)

    def drain(self, now: datetime = NOW) -> None:
        """Turns until none is due."""
        while self.turn(now):
            pass

    def handle(self, session: Session, updates: Sequence[RawUpdate], _now: datetime) -> None:
        for raw in updates:
            session.add(Installation(key=raw.id, value="handled"))
            session.flush()
            if raw.id in self.broken:
                raise ZeroDivisionError("Nguyễn Văn A")
        self.handled += [raw.id for raw in updates]

    def give_up(self, session: Session, raw: RawUpdate, _now: datetime) -> None:
        session.add(Installation(key=raw.id, value="given up"))
        session.flush()
        if self.tells_in_vain:
            raise ZeroDivisionError("Nguyễn Văn A")
        self.given_up.append(raw.id)

    def written(self) -> dict[str, str]:
        """What handlers have written and the database kept."""
        with self.db.transaction() as session:
            return {row.key: row.value for row in session.scalars(select(Installation))}

    def row(self, number: int) -> InboxRow:
        with self.db.transaction() as session:
            return session.scalars(select(InboxRow).where(InboxRow.update_id == str(number))).one()


def test_a_repeated_update_is_kept_once(db: Database) -> None:
    assert keep(db, update(1), update(2)) == 2
    assert keep(db, update(2), update(3)) == 1
    assert keep(db, update(4), update(4)) == 1
    assert keep(db) == 0


def test_a_repeat_of_an_update_that_was_handled_is_not_handled_again(db: Database) -> None:
    handling = Handling(db)
    keep(db, update(1))
    handling.drain()
    keep(db, update(1))
    handling.drain()
    assert handling.handled == ["1"]


def test_two_channels_may_use_the_same_number(db: Database) -> None:
    assert keep(db, update(1), update(1, channel="zalo")) == 2


def test_within_a_chat_the_oldest_goes_first_while_chats_go_side_by_side(db: Database) -> None:
    handling = Handling(db)
    keep(db, update(1), update(2), update(3, BOB), update(4), update(5, BOB))
    turns = []
    while handling.turn():
        turns.append(tuple(handling.handled))
        handling.handled.clear()
    assert turns == [("1", "3"), ("2", "5"), ("4",)]


def test_a_turn_takes_a_limited_number_of_chats(db: Database) -> None:
    keep(db, *(update(number, chat=str(number)) for number in range(inbox.BATCH + 3)))
    handling = Handling(db)
    assert [handling.turn(), handling.turn(), handling.turn()] == [inbox.BATCH, 3, 0]


def test_the_payload_is_gone_once_it_is_handled(db: Database) -> None:
    keep(db, update(1))
    handling = Handling(db)
    assert handling.row(1).payload == '{"update_id": 1}'
    handling.drain()
    row = handling.row(1)
    assert (row.state, row.payload, row.handled_at) == (InboxState.DONE, None, NOW)


def test_a_failure_undoes_all_that_its_handler_wrote_and_nothing_else(db: Database) -> None:
    keep(db, update(1), update(2, BOB))
    handling = Handling(db, "1")
    handling.turn()
    assert handling.written() == {"2": "handled"}


def test_a_failing_update_holds_up_its_own_chat_only(db: Database) -> None:
    keep(db, update(1), update(2), update(3, BOB), update(4, BOB))
    handling = Handling(db, "1")
    handling.drain()
    assert handling.handled == ["3", "4"]


def test_an_update_that_fails_for_a_while_is_handled_in_its_turn(db: Database) -> None:
    keep(db, update(1), update(2))
    handling = Handling(db, "1")
    handling.turn()
    handling.broken.clear()
    handling.drain()
    assert handling.handled == ["1", "2"]


def test_a_failing_update_is_tried_again_after_each_delay_and_not_before(db: Database) -> None:
    keep(db, update(1))
    handling, now = Handling(db, "1"), NOW
    handling.turn(now)
    for delay in inbox.RETRY_AFTER:
        assert handling.row(1).not_before == now + delay
        if delay:
            assert handling.turn(now + delay - timedelta(milliseconds=1)) == 0
        now += delay
        assert handling.turn(now) == 1
    assert handling.row(1).attempts == len(inbox.RETRY_AFTER) + 1


def test_after_the_last_try_it_is_kept_as_dead_and_its_sender_is_told(db: Database) -> None:
    keep(db, update(1), update(2))
    handling = Handling(db, "1")
    later = fail_until_dead(handling)
    row = handling.row(1)
    assert (row.state, row.payload) == (InboxState.DEAD, '{"update_id": 1}')
    assert handling.given_up == ["1"]
    assert handling.written() == {"1": "given up"}
    handling.drain(later)
    assert handling.handled == ["2"]


def test_what_is_noted_of_a_failure_says_where_but_quotes_nobody(db: Database) -> None:
    keep(db, update(1))
    handling = Handling(db, "1")
    with structlog.testing.capture_logs() as lines:
        fail_until_dead(handling)
    assert "ZeroDivisionError at " in (handling.row(1).error or "")
    assert "Nguyễn" not in f"{handling.row(1).error}{lines}"
    assert lines[-1]["event"] == "update given up: please look into it"
    assert {line["log_level"] for line in lines} == {"warning", "error"}


def test_the_update_is_dead_even_if_its_sender_cannot_be_told(db: Database) -> None:
    keep(db, update(1), update(2))
    handling = Handling(db, "1")
    handling.tells_in_vain = True
    later = fail_until_dead(handling)
    assert handling.row(1).state == InboxState.DEAD
    assert handling.written() == {}
    handling.drain(later)
    assert handling.handled == ["2"]


def test_an_update_stays_waiting_if_the_process_dies_before_the_commit(db: Database) -> None:
    keep(db, update(1))
    handling = Handling(db)
    with pytest.raises(KeyboardInterrupt), db.transaction() as session:
        _handle_and_die(session, handling)
    assert handling.row(1).state == InboxState.WAITING
    assert handling.written() == {}


def test_two_workers_never_take_the_same_chat_at_once(postgresql: Postgresql) -> None:
    db = Database(postgresql.fresh())
    keep(db, update(1), update(2), update(3, BOB))
    first, second = Handling(db), Handling(db)
    seen = []

    def while_the_first_has_it(session: Session, updates: Sequence[RawUpdate], now: datetime) -> None:
        keep(db, update(4, "2004"))
        seen.append(([raw.id for raw in updates], second.turn(), tuple(second.handled)))
        first.handle(session, updates, now)

    with db.transaction() as session:
        inbox.handle_next(session, while_the_first_has_it, first.give_up, NOW)
    assert seen == [(["1", "3"], 1, ("4",))]
    first.drain()
    assert first.handled == ["1", "3", "2"]
    db.close()


def fail_until_dead(handling: Handling) -> datetime:
    """Let the next update fail for the last time; when that was."""
    now = NOW
    handling.turn(now)
    for delay in inbox.RETRY_AFTER:
        now += delay
        handling.turn(now)
    return now


def _handle_and_die(session: Session, handling: Handling) -> None:
    inbox.handle_next(session, handling.handle, handling.give_up, NOW)
    raise KeyboardInterrupt
