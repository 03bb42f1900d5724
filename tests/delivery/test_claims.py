"""Which rows of the outbox go next, and what becomes of those whose process died."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.channels.base import Moved, Throttled, TryLater, Unreachable
from bot.delivery.claims import LEASE, Outcome, Parcel, claim, record, release
from bot.delivery.retry import MAX_ATTEMPTS
from bot.messages import Address, FileKind, Outgoing, Priority
from bot.storage import people
from bot.storage.db import Database
from bot.storage.models import Account, OutboxRow, OutboxState
from tests.databases import Postgresql

NOW = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
ALICE, BOB, GROUP = (Address("telegram", chat) for chat in ("2002", "2003", "-2005"))
REPLY, REMINDER, BROADCAST = Priority.REPLY, Priority.REMINDER, Priority.BROADCAST


@pytest.fixture
def session(db: Database) -> Iterator[Session]:
    with db.transaction() as opened:
        yield opened


def put(session: Session, to: Address, text: str, priority: Priority = REPLY) -> None:
    outbox.put(session, to, Outgoing(text), NOW, priority=priority)


def claimed(session: Session, now: datetime = NOW, busy: tuple[Address, ...] = (), most: int = 99) -> list[Parcel]:
    return claim(session, now, "telegram", busy=busy, most=most)


def texts(parcels: list[Parcel]) -> list[str]:
    return [parcel.message.text for parcel in parcels]


def next_transaction(session: Session) -> None:
    """See the rows as the next transaction would."""
    session.flush()
    session.expire_all()


def states(session: Session) -> list[str]:
    next_transaction(session)
    return [row.state for row in session.scalars(select(OutboxRow).order_by(OutboxRow.id))]


def test_replies_go_before_reminders_and_those_before_broadcasts(session: Session) -> None:
    for chat, priority in enumerate([BROADCAST, REMINDER, REPLY, BROADCAST, REPLY]):
        put(session, Address("telegram", str(chat)), f"{chat} {priority.name}", priority)
    assert texts(claimed(session)) == ["2 REPLY", "4 REPLY", "1 REMINDER", "0 BROADCAST", "3 BROADCAST"]


def test_a_chat_gets_one_message_at_a_time_in_the_order_they_were_said(session: Session) -> None:
    for text in ("one", "two"):
        put(session, ALICE, text)
    put(session, BOB, "three")
    first = claimed(session)
    assert texts(first) == ["one", "three"]
    assert claimed(session) == []
    record(session, [Outcome(parcel, "7", None) for parcel in first], NOW)
    assert texts(claimed(session)) == ["two"]


def test_a_reply_overtakes_a_broadcast_to_the_same_chat(session: Session) -> None:
    put(session, ALICE, "broadcast", BROADCAST)
    put(session, ALICE, "reply")
    assert texts(claimed(session)) == ["reply"]
    assert texts(claimed(session)) == ["broadcast"]


def test_no_more_are_claimed_than_there_is_room_for(session: Session) -> None:
    for chat in range(5):
        put(session, Address("telegram", str(chat)), str(chat))
    assert texts(claimed(session, most=2)) == ["0", "1"]
    assert texts(claimed(session, most=2)) == ["2", "3"]


def test_a_busy_chat_is_left_alone(session: Session) -> None:
    put(session, ALICE, "one")
    put(session, BOB, "two")
    assert texts(claimed(session, busy=(ALICE,))) == ["two"]


def test_a_message_for_later_waits(session: Session) -> None:
    outbox.put(session, ALICE, Outgoing("later"), NOW, not_before=NOW + timedelta(hours=1))
    assert claimed(session) == []
    assert texts(claimed(session, NOW + timedelta(hours=1))) == ["later"]


def test_a_message_past_its_time_is_not_sent_and_holds_nobody_up(session: Session) -> None:
    outbox.put(session, ALICE, Outgoing("stale"), NOW, key="a", expires_at=NOW + timedelta(minutes=15))
    put(session, ALICE, "fresh")
    assert texts(claimed(session, NOW + timedelta(minutes=15))) == ["fresh"]
    assert outbox.withdraw_expired(session, NOW + timedelta(minutes=14)) == []
    assert outbox.withdraw_expired(session, NOW + timedelta(minutes=15)) == ["a"]
    assert outbox.put(session, ALICE, Outgoing("decided anew"), NOW, key="a")


def test_a_message_that_is_being_sent_is_not_withdrawn(session: Session) -> None:
    outbox.put(session, ALICE, Outgoing("on its way"), NOW, key="a", expires_at=NOW + timedelta(minutes=15))
    claimed(session)
    assert outbox.withdraw_expired(session, NOW + timedelta(hours=1)) == []


def test_a_row_that_waits_for_its_retry_holds_up_the_later_ones_of_its_chat(session: Session) -> None:
    for text in ("one", "two"):
        put(session, ALICE, text)
    [first] = claimed(session)
    record(session, [Outcome(first, None, TryLater("down"))], NOW)
    assert claimed(session) == []
    assert texts(claimed(session, NOW + timedelta(seconds=1))) == ["one"]


def test_a_key_stops_a_repeat(session: Session) -> None:
    puts = [outbox.put(session, ALICE, Outgoing("once"), NOW, key="approval:1:2") for _ in range(2)]
    assert puts == [True, False]
    assert texts(claimed(session)) == ["once"]


def test_a_file_goes_along_with_its_bytes(session: Session) -> None:
    file = outbox.keep_file(session, "moi.png", b"\x89PNG", FileKind.PHOTO, NOW)
    outbox.put(session, ALICE, Outgoing("QR", file=file), NOW)
    [parcel] = claimed(session)
    assert (parcel.content, parcel.message.file) == (b"\x89PNG", file)


def test_what_was_sent_is_noted_with_the_messengers_id(session: Session) -> None:
    put(session, ALICE, "one")
    [parcel] = claimed(session)
    record(session, [Outcome(parcel, "77", None)], NOW)
    row = session.scalars(select(OutboxRow)).one()
    assert (row.state, row.message, row.settled_at, row.claimed_until) == (OutboxState.SENT, "77", NOW, None)


def test_somebody_out_of_reach_is_marked_so(session: Session) -> None:
    for at in (ALICE, BOB):
        people.add_person(session, at, "vi", NOW)
    put(session, ALICE, "one")
    [parcel] = claimed(session)
    record(session, [Outcome(parcel, None, Unreachable("blocked"))], NOW)
    next_transaction(session)
    reachable = {each.chat: each.reachable for each in session.scalars(select(Account))}
    assert reachable == {ALICE.chat: False, BOB.chat: True}


def test_all_that_is_still_to_be_said_to_a_group_goes_to_its_new_id(session: Session) -> None:
    for text in ("one", "two"):
        put(session, GROUP, text)
    [parcel] = claimed(session)
    record(session, [Outcome(parcel, None, Moved("-1002005"))], NOW)
    next_transaction(session)
    [again] = claimed(session)
    assert (again.to, again.message.text) == (Address("telegram", "-1002005"), "one")
    record(session, [Outcome(again, "7", None)], NOW)
    next_transaction(session)
    assert [(each.to.chat, each.message.text) for each in claimed(session)] == [("-1002005", "two")]


def test_a_throttled_try_does_not_wear_a_message_out(session: Session) -> None:
    put(session, ALICE, "one")
    for _ in range(MAX_ATTEMPTS + 1):
        [parcel] = claimed(session)
        record(session, [Outcome(parcel, None, Throttled(0))], NOW)
        next_transaction(session)
    [parcel] = claimed(session)
    record(session, [Outcome(parcel, None, TryLater("down"))], NOW)
    assert states(session) == [OutboxState.WAITING]


@pytest.mark.parametrize(
    ("priority", "after", "settled"),
    [
        (REPLY, OutboxState.WAITING, None),
        (REMINDER, OutboxState.WAITING, None),
        (BROADCAST, OutboxState.IN_DOUBT, NOW),
    ],
)
def test_after_a_death_a_reply_goes_again_and_a_broadcast_never(
    session: Session, priority: Priority, after: OutboxState, settled: datetime | None
) -> None:
    put(session, ALICE, "one", priority)
    claimed(session)
    assert release(session, NOW, all_claims=True) == 1
    assert states(session) == [after]
    assert session.scalars(select(OutboxRow.settled_at)).one() == settled
    assert len(claimed(session)) == (1 if after is OutboxState.WAITING else 0)


def test_another_process_claims_are_left_until_their_lease_runs_out(session: Session) -> None:
    put(session, ALICE, "one")
    claimed(session)
    assert release(session, NOW + LEASE, all_claims=False) == 0
    assert release(session, NOW + LEASE + timedelta(seconds=1), all_claims=False) == 1
    assert states(session) == [OutboxState.WAITING]


def test_only_claims_are_released(session: Session) -> None:
    put(session, ALICE, "one")
    assert release(session, NOW, all_claims=True) == 0


def test_two_replicas_never_claim_the_same_chat_at_once(postgresql: Postgresql) -> None:
    db = Database(postgresql.fresh())
    with db.transaction() as session:
        for text in ("one", "two"):
            put(session, ALICE, text)
        put(session, BOB, "three")
    with db.transaction() as one, db.transaction() as other:
        assert texts(claimed(one, most=1)) == ["one"]
        assert texts(claimed(other)) == ["three"]
    with db.transaction() as session:
        assert claimed(session) == []
    db.close()
