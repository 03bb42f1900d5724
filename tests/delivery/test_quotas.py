"""A channel with a quota: counted both ways, told once, and its rest kept for answers."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot import outbox
from bot.actions import quotas as telling
from bot.campaigns import load
from bot.channels.base import Identity, InDoubt, OurFault, OverQuota, SendError, TryLater
from bot.delivery import quotas as delivering
from bot.delivery.claims import Outcome, Parcel, claim
from bot.domain.quota import Quota
from bot.messages import Address, Outgoing, Priority, RawUpdate
from bot.receiving import Receiver
from bot.setup import Setup
from bot.storage import operators, quotas
from bot.storage.db import Database

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2027, 3, 30, 2, 0, tzinfo=UTC)
HOA = Address("zalo", "6ede9afa66b88fe6d6a9")
ALICE = Address("telegram", "2002")
LIMITS = {"zalo": Quota(per_day=None, per_month=100, zone=VIETNAM)}


@pytest.fixture
def session(db: Database) -> Iterator[Session]:
    with db.transaction() as opened:
        yield opened


def outcome(error: SendError | None = None, to: Address = HOA, message: str | None = "1") -> Outcome:
    parcel = Parcel(1, to, Priority.REPLY, 1, Outgoing("x"), None, NOW)
    return Outcome(parcel, None if error else message, error)


def used(session: Session, now: datetime = NOW, quota: Quota = LIMITS["zalo"]) -> tuple[int, int, bool]:
    usage = quotas.usage(session, "zalo", quota, now)
    return usage.today, usage.month, usage.refused


def test_what_went_out_or_may_have_is_counted_and_nothing_else(session: Session) -> None:
    outcomes = [
        outcome(),
        outcome(InDoubt("lost")),
        outcome(message=None),
        outcome(TryLater("down")),
        outcome(OurFault("bad")),
        outcome(to=ALICE),
    ]
    delivering.note(session, outcomes, LIMITS, NOW)
    assert used(session) == (2, 2, False)


def test_a_month_is_that_of_vietnam_and_a_day_too(session: Session) -> None:
    for day, hour in ((30, 2), (30, 16), (30, 17), (31, 16), (31, 17)):  # in Vietnam seven hours later
        at = datetime(2027, 3, day, hour, tzinfo=UTC)
        quotas.count(session, "zalo", LIMITS["zalo"].day_of(at), sent=1)
    assert used(session, datetime(2027, 3, 30, 16, tzinfo=UTC)) == (2, 2, False)
    assert used(session, datetime(2027, 3, 31, 16, tzinfo=UTC)) == (2, 4, False)
    assert used(session, datetime(2027, 3, 31, 17, tzinfo=UTC)) == (1, 1, False)


async def test_what_comes_in_is_counted_once(db: Database) -> None:
    receiver = Receiver(LIMITS, lambda work: db.run(work, NOW), lambda: NOW, lambda *_: None)
    updates = [
        RawUpdate("zalo", "a", "1", "{}"),
        RawUpdate("zalo", "b", "1", "{}"),
        RawUpdate("telegram", "a", "1", "{}"),
    ]
    await receiver.keep(updates)
    await receiver.keep(updates[:1])
    assert await db.run(used) == (2, 2, False)


@pytest.mark.parametrize(("sent", "goes"), [(94, ["reply", "reminder", "broadcast"]), (95, ["reply"])])
def test_near_the_end_only_answers_go_out(session: Session, sent: int, goes: list[str]) -> None:
    quotas.count(session, "zalo", NOW.date(), sent=sent)
    for number, priority in enumerate(Priority):
        text = priority.name.lower()
        outbox.put(session, Address("zalo", str(number)), Outgoing(text), NOW, priority=priority)
    tight = delivering.for_answers_only(session, LIMITS, NOW)
    parcels = claim(session, NOW, "zalo", busy=(), most=9, answers_only="zalo" in tight)
    assert [parcel.message.text for parcel in parcels] == goes


def test_a_new_month_lets_everything_out_again(session: Session) -> None:
    quotas.count(session, "zalo", NOW.date(), sent=100)
    assert delivering.for_answers_only(session, LIMITS, NOW) == {"zalo"}
    assert delivering.for_answers_only(session, LIMITS, NOW + timedelta(days=2)) == set()


def test_without_known_limits_nothing_is_held(session: Session) -> None:
    quotas.count(session, "zalo", NOW.date(), sent=10**6)
    assert delivering.for_answers_only(session, {"zalo": Quota(None, None, VIETNAM)}, NOW) == set()


def told(session: Session, limits: dict[str, Quota], now: datetime) -> int:
    """How many quotas there is news of; the operators' messages are in the outbox."""
    setup = Setup(load("long_an"), VIETNAM, b"key", {"zalo": Identity("Bot", "")}, quotas=limits)
    with capture_logs() as lines:
        number = telling.tell_of_quotas(session, setup, now)
    assert len([line for line in lines if line["log_level"] == "warning"]) == number
    return number


def test_operators_hear_of_a_month_once_and_of_a_day_every_day(session: Session) -> None:
    operators.add(session, ALICE, NOW, by_code=False)
    both = {"zalo": Quota(per_day=50, per_month=100, zone=VIETNAM)}
    quotas.count(session, "zalo", NOW.date(), sent=30, received=9)
    assert told(session, both, NOW) == 0
    quotas.count(session, "zalo", NOW.date(), received=1)
    assert [told(session, both, NOW), told(session, both, NOW)] == [1, 0]
    tomorrow = NOW + timedelta(days=1)
    quotas.count(session, "zalo", tomorrow.date(), sent=40)  # the day and the month at once
    assert [told(session, both, tomorrow), told(session, both, tomorrow)] == [1, 0]
    assert told(session, LIMITS, tomorrow) == 0
    assert outbox.waiting(session, Priority.REPLY) == 2


def test_operators_hear_that_the_messenger_lets_no_more_through(session: Session) -> None:
    with capture_logs() as lines:
        delivering.note(session, [outcome(OverQuota(600))], LIMITS, NOW)
    assert [line["log_level"] for line in lines] == ["error"]
    assert used(session) == (0, 0, True)
    assert [told(session, LIMITS, NOW), told(session, LIMITS, NOW)] == [1, 0]
