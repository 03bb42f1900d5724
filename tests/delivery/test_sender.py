"""Delivery to a messenger that is slow, busy, broken, or gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.channels.telegram import TelegramChannel
from bot.delivery import Delivery
from bot.delivery.retry import LONGEST_WAIT, MAX_ATTEMPTS
from bot.messages import Address, Priority
from bot.sandbox import people as sandbox_people
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.limits import TEXT_MAX
from bot.sandbox.model import Person
from bot.sandbox.world import World
from bot.storage import groups, people
from bot.storage.db import Database
from bot.storage.models import Account, Group, OutboxState
from tests.delivery.conftest import Post

FAILED, IN_DOUBT, SENDING, SENT, WAITING = (
    OutboxState.FAILED,
    OutboxState.IN_DOUBT,
    OutboxState.SENDING,
    OutboxState.SENT,
    OutboxState.WAITING,
)


async def deliver(delivery: Delivery) -> None:
    """Send all that is due."""
    while await delivery.step():
        await delivery.landed()


@asynccontextmanager
async def running(delivery: Delivery) -> AsyncIterator[None]:
    """The delivery loop, beside the test."""
    stop = asyncio.Event()
    loop = asyncio.create_task(delivery.run(stop))
    yield
    stop.set()
    delivery.wake.set()
    await loop


async def test_messages_to_a_chat_arrive_once_and_in_order(delivery: Delivery, post: Post, alice: Person) -> None:
    for text in ("one", "two", "three"):
        post.put(alice.id, text)
    await deliver(delivery)
    assert post.arrived(alice.id) == ["one", "two", "three"]
    assert post.states() == [SENT, SENT, SENT]
    assert await delivery.step() is False


async def test_a_429_stops_everything_for_as_long_as_it_says_and_nothing_is_doubled(
    delivery: Delivery, post: Post, world: World, alice: Person, bob: Person
) -> None:
    world.faults.add(Fault(FaultKind.TOO_MANY_REQUESTS, retry_after=1, chat_id=alice.id))
    post.put(alice.id, "one")
    async with running(delivery):
        await world.until(lambda: post.rows()[0].error)
        post.put(bob.id, "two")
        await world.until(lambda: post.arrived(alice.id) and post.arrived(bob.id))
    assert (post.arrived(alice.id), post.arrived(bob.id)) == (["one"], ["two"])
    assert post.states() == [SENT, SENT]
    refused, *later = [call.at for call in world.calls if call.method == "sendMessage"]
    assert min(later) - refused >= timedelta(seconds=0.9)


async def test_somebody_who_blocked_the_bot_gets_nothing_more(
    delivery: Delivery, post: Post, world: World, alice: Person
) -> None:
    post.ask(lambda session: people.add_person(session, Address("telegram", str(alice.id)), "vi", world.clock.now()))
    sandbox_people.block(world, alice)
    post.put(alice.id, "one")
    await deliver(delivery)
    assert post.states() == [FAILED]
    assert "blocked" in (post.rows()[0].error or "")
    assert post.ask(lambda session: session.scalars(select(Account.reachable)).one()) is False


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.GARBAGE, FaultKind.DROP_BEFORE])
async def test_a_passing_fault_delays_a_reply_and_no_more(
    delivery: Delivery, post: Post, world: World, alice: Person, kind: FaultKind
) -> None:
    world.faults.add(Fault(kind, times=2))
    post.put(alice.id, "one")
    await deliver(delivery)
    assert (post.states(), post.arrived(alice.id)) == ([WAITING], [])
    world.clock.advance(timedelta(seconds=1))
    await deliver(delivery)
    assert (post.states(), post.arrived(alice.id)) == ([WAITING], [])
    world.clock.advance(timedelta(seconds=2))
    await deliver(delivery)
    assert (post.states(), post.arrived(alice.id)) == ([SENT], ["one"])


@pytest.mark.parametrize(
    ("priority", "arrived", "state"),
    [(Priority.REPLY, 2, SENT), (Priority.REMINDER, 2, SENT), (Priority.BROADCAST, 1, IN_DOUBT)],
)
async def test_where_nobody_knows_whether_it_arrived_a_reply_goes_again_and_a_broadcast_never(
    delivery: Delivery, post: Post, world: World, alice: Person, priority: Priority, arrived: int, state: OutboxState
) -> None:
    world.faults.add(Fault(FaultKind.DROP_AFTER))
    post.put(alice.id, "one", priority)
    await deliver(delivery)
    world.clock.advance(timedelta(minutes=1))
    await deliver(delivery)
    assert (post.states(), post.arrived(alice.id)) == ([state], ["one"] * arrived)


async def test_a_broadcast_that_was_surely_not_sent_goes_again(
    delivery: Delivery, post: Post, world: World, alice: Person
) -> None:
    world.faults.add(Fault(FaultKind.SERVER_ERROR))
    post.put(alice.id, "one", Priority.BROADCAST)
    await deliver(delivery)
    world.clock.advance(timedelta(seconds=1))
    await deliver(delivery)
    assert (post.states(), post.arrived(alice.id)) == ([SENT], ["one"])


async def test_a_message_that_fails_alone_is_given_up_after_twelve_tries_within_half_an_hour(
    delivery: Delivery, post: Post, world: World, alice: Person, bob: Person
) -> None:
    world.faults.add(Fault(FaultKind.SERVER_ERROR, times=MAX_ATTEMPTS, chat_id=alice.id))
    began = world.clock.now()
    for text in ("poison", "fine"):
        post.put(alice.id, text)
    while post.states()[0] == WAITING:
        world.clock.jump(post.rows()[0].not_before - world.clock.now())
        post.put(bob.id, "hello")
        await deliver(delivery)
    assert world.clock.now() - began < timedelta(minutes=30)
    assert post.states()[:2] == [FAILED, SENT]
    assert (post.arrived(alice.id), len(post.arrived(bob.id))) == (["fine"], MAX_ATTEMPTS)


async def test_a_fault_that_all_messages_meet_wears_none_out(
    delivery: Delivery, post: Post, world: World, alice: Person, bob: Person
) -> None:
    post.put(bob.id, "before")
    await deliver(delivery)
    world.faults.add(Fault(FaultKind.SERVER_ERROR, times=1000))
    for person in (alice, bob):
        for priority in (Priority.REPLY, Priority.REMINDER, Priority.BROADCAST):
            post.put(person.id, priority.name, priority)
    for _ in range(2 * MAX_ATTEMPTS):
        world.clock.advance(LONGEST_WAIT)
        await deliver(delivery)
    assert post.states() == [SENT, *[WAITING] * 6]
    world.faults.clear()
    world.clock.advance(LONGEST_WAIT)
    await deliver(delivery)
    assert post.arrived(alice.id) == ["REPLY", "REMINDER", "BROADCAST"]
    assert post.arrived(bob.id) == ["before", "REPLY", "REMINDER", "BROADCAST"]


async def test_a_message_that_the_messenger_refuses_fails_and_lets_the_next_one_through(
    delivery: Delivery, post: Post, alice: Person
) -> None:
    for text in ("<b>not closed", "x" * (TEXT_MAX + 1), "fine"):
        post.put(alice.id, text)
    await deliver(delivery)
    assert post.states() == [FAILED, FAILED, SENT]
    assert post.arrived(alice.id) == ["fine"]


async def test_a_defect_in_a_channel_costs_one_message_not_the_loop(
    delivery: Delivery, post: Post, alice: Person
) -> None:
    at = Address("telegram", "not a number")
    post.put_to(at, "lost")
    post.put(alice.id, "fine")
    await deliver(delivery)
    assert post.states() == [FAILED, SENT]
    assert "ValueError at " in (post.rows()[0].error or "")


async def test_a_group_that_was_upgraded_gets_its_messages_under_its_new_id(
    delivery: Delivery, post: Post, world: World, alice: Person
) -> None:
    old = world.add_group("Truyền thông xã Tuyên Thạnh", [alice])
    at = Address("telegram", str(old.id))
    post.ask(lambda session: groups.remember(session, at, old.title, world.clock.now(), present=True))
    for text in ("one", "two"):
        post.put(old.id, text)
    new = sandbox_people.upgrade(world, alice, old)
    await deliver(delivery)
    assert [text for text in post.arrived(new.id) if text] == ["one", "two"]
    assert post.states() == [SENT, SENT]
    assert post.ask(lambda session: session.scalars(select(Group.chat)).all()) == [str(new.id)]


async def test_one_slow_chat_does_not_hold_up_the_others(
    delivery: Delivery, post: Post, world: World, alice: Person, bob: Person
) -> None:
    world.faults.add(Fault(FaultKind.DELAY, seconds=0.5, chat_id=alice.id))
    post.put(alice.id, "slow")
    for text in ("one", "two"):
        post.put(bob.id, text)
    for _ in range(2):
        await delivery.step()
        await delivery.landed()
    await delivery.step()
    assert post.states() == [SENDING, SENT, SENT]
    await delivery.finish()
    assert post.states() == [SENT, SENT, SENT]


async def test_finishing_waits_for_what_is_in_flight_and_claims_nothing_new(
    delivery: Delivery, post: Post, world: World, alice: Person, bob: Person
) -> None:
    world.faults.add(Fault(FaultKind.DELAY, seconds=0.3, chat_id=alice.id))
    post.put(alice.id, "in flight")
    await delivery.step()
    post.put(bob.id, "not begun")
    await delivery.finish()
    assert post.states() == [SENT, WAITING]
    assert (post.arrived(alice.id), post.arrived(bob.id)) == (["in flight"], [])


async def test_the_loop_sends_what_comes_in_and_ends_with_everything_recorded(
    delivery: Delivery, post: Post, world: World, alice: Person
) -> None:
    async with running(delivery):
        post.put(alice.id, "one")
        delivery.wake.set()
        await world.until(lambda: post.arrived(alice.id))
    assert post.states() == [SENT]


async def test_telegrams_own_limits_are_kept_without_drawing_a_429(
    db: Database, channel: TelegramChannel, post: Post, world: World
) -> None:
    world.pacer = type(world.pacer)(1.0)
    people_there = [world.add_person(f"member {number}", started=True) for number in range(45)]
    for person in people_there:
        post.put(person.id, "one")
    began = world.clock.now()
    async with running(Delivery(db, {channel.name: channel}, world.clock.now, {})):
        await world.until(lambda: all(post.arrived(person.id) for person in people_there), within=10)
    assert {call.outcome for call in world.calls} == {"ok"}
    # A busy machine can only make it slower: two may be saved up, the other 43 go at thirty a second at most.
    last = max(call.at for call in world.calls if call.method == "sendMessage")
    assert (last - began).total_seconds() >= 43 / 30
