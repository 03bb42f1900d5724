"""What an outcome of a send means for its row: a table of every error and priority."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.base import (
    InDoubt,
    Moved,
    NoConnection,
    OurFault,
    OverQuota,
    Rejected,
    SendError,
    Throttled,
    TryLater,
    Unreachable,
)
from bot.delivery.retry import LONGEST_OUTAGE, LONGEST_WAIT, MAX_ATTEMPTS, QUICK_ATTEMPTS, decide
from bot.messages import Priority
from bot.storage.models import OutboxState

NOW = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
REPLY, REMINDER, BROADCAST = Priority.REPLY, Priority.REMINDER, Priority.BROADCAST
ALL = (REPLY, REMINDER, BROADCAST)
FAILED, IN_DOUBT, SENT, WAITING = OutboxState.FAILED, OutboxState.IN_DOUBT, OutboxState.SENT, OutboxState.WAITING

TABLE: list[tuple[SendError | None, tuple[Priority, ...], OutboxState, float | None]] = [
    # error, priorities, next state after the first try, seconds until the next one
    (None, ALL, SENT, None),
    (TryLater("bad gateway"), ALL, WAITING, 1),
    (NoConnection("no connection"), ALL, WAITING, 15),
    (Throttled(7), ALL, WAITING, 7),
    (OverQuota(600), ALL, WAITING, 600),
    (Rejected("no such token"), ALL, WAITING, 600),
    (Unreachable("blocked"), ALL, FAILED, None),
    (Moved("-100"), ALL, WAITING, 0),
    (OurFault("bad HTML"), ALL, FAILED, None),
    (InDoubt("connection lost"), (REPLY, REMINDER), WAITING, 1),
    (InDoubt("connection lost"), (BROADCAST,), IN_DOUBT, None),
]


@pytest.mark.parametrize(
    ("error", "priority", "state", "seconds"),
    [(error, priority, state, seconds) for error, priorities, state, seconds in TABLE for priority in priorities],
)
def test_every_error_says_what_becomes_of_the_row(
    error: SendError | None, priority: Priority, state: OutboxState, seconds: float | None
) -> None:
    decision = decide(error, 1, priority, NOW)
    assert decision.state is state
    assert decision.not_before == (None if seconds is None else NOW + timedelta(seconds=seconds))
    assert decision.error == (error.reason if error else None)


def test_the_table_names_every_error() -> None:
    assert {type(error) for error, *_ in TABLE if error} >= set(SendError.__subclasses__())


@pytest.mark.parametrize("priority", ALL)
def test_among_others_that_get_through_waiting_doubles_up_to_ten_minutes_and_then_the_row_fails(
    priority: Priority,
) -> None:
    decisions = [decide(TryLater("down"), attempt, priority, NOW, NOW) for attempt in range(1, MAX_ATTEMPTS + 1)]
    waits = [each.not_before - NOW for each in decisions if each.not_before]
    assert [wait.total_seconds() for wait in waits] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600]
    assert max(waits) == LONGEST_WAIT
    assert decisions[-1].state is FAILED
    assert all(each.counts for each in decisions)


@pytest.mark.parametrize("priority", ALL)
@pytest.mark.parametrize("last_sent", [None, NOW - timedelta(seconds=1)])
def test_where_nothing_gets_through_no_row_fails_and_each_is_soon_tried_again(
    priority: Priority, last_sent: datetime | None
) -> None:
    tries, now, waits = 0, NOW, []
    while now < NOW + timedelta(hours=1):
        decision = decide(TryLater("down"), tries + 1, priority, now, last_sent)
        assert decision.not_before
        tries += decision.counts
        waits.append((decision.not_before - now).total_seconds())
        now = decision.not_before
    assert (waits[:QUICK_ATTEMPTS], {*waits[QUICK_ATTEMPTS:]}) == ([1, 2, 4, 8, 16], {16})
    assert tries == QUICK_ATTEMPTS


@pytest.mark.parametrize(
    ("seconds_ago", "counts"),
    [(0, True), (37, True), (38, False), (-3600, False)],
    ids=["just now", "since the last try", "before it", "by a clock that was set back"],
)
def test_a_try_counts_if_another_message_got_through_since_the_last_one(seconds_ago: int, counts: bool) -> None:
    seventh = decide(TryLater("down"), 7, REPLY, NOW, NOW - timedelta(seconds=seconds_ago))
    assert seventh.counts is counts
    assert seventh.not_before == NOW + timedelta(seconds=64 if counts else 32)


def test_what_was_put_more_than_a_day_ago_wears_out_though_nobody_else_is_written_to() -> None:
    yesterday = NOW - LONGEST_OUTAGE
    assert not decide(TryLater("down"), 7, REPLY, NOW, None, yesterday).counts
    assert decide(TryLater("down"), 7, REPLY, NOW, None, yesterday - timedelta(seconds=1)).counts
    assert decide(TryLater("down"), MAX_ATTEMPTS, REPLY, NOW, None, yesterday - timedelta(seconds=1)).state is FAILED


def test_a_last_try_that_does_not_count_is_not_the_last() -> None:
    assert decide(TryLater("down"), MAX_ATTEMPTS, REPLY, NOW).state is WAITING
    assert decide(TryLater("down"), MAX_ATTEMPTS, REPLY, NOW, NOW).state is FAILED


@pytest.mark.parametrize("priority", [REPLY, REMINDER])
@pytest.mark.parametrize("last_sent", [None, NOW])
def test_what_may_arrive_each_time_comes_to_an_end(priority: Priority, last_sent: datetime | None) -> None:
    error = InDoubt("connection lost")
    decisions = [decide(error, attempt, priority, NOW, last_sent) for attempt in range(1, MAX_ATTEMPTS + 1)]
    assert all(each.counts for each in decisions)
    assert [each.state for each in decisions] == [WAITING] * (MAX_ATTEMPTS - 1) + [FAILED]


@pytest.mark.parametrize(
    "error", [Throttled(3), OverQuota(600), Rejected("no such token"), Moved("-100"), NoConnection("no way")]
)
def test_what_is_not_the_messages_fault_never_fails_it(error: SendError) -> None:
    assert decide(error, 10 * MAX_ATTEMPTS, REPLY, NOW).state is WAITING


def test_only_someone_out_of_reach_marks_the_account() -> None:
    marked = {type(error) for error, *_ in TABLE if decide(error, 1, REPLY, NOW).unreachable}
    assert marked == {Unreachable}


def test_only_a_moved_group_gets_another_id() -> None:
    moved = {decide(error, 1, REPLY, NOW).moved_to for error, *_ in TABLE}
    assert moved == {None, "-100"}
