"""Zalo is sent to at the pace that bot/delivery/pacing.py names for it, whatever waits, and holds no other up."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import pairwise

import pytest

from bot.channels.telegram import TelegramChannel
from bot.channels.zalo import ZaloChannel
from bot.delivery import Delivery, sender
from bot.delivery.pacing import PER_SECOND, ZALO
from bot.messages import Address, Priority
from bot.sandbox.world import World
from bot.sandbox.zalo.model import Person
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.world import ZaloWorld
from bot.storage.db import Database
from bot.storage.models import OutboxState
from tests.delivery.conftest import TOKEN, Post

STEP = 0.05  # seconds of the watch
Arrival = tuple[float, str]


@dataclass
class Watch:
    """The machine's clock as the delivery sees it."""

    seconds: float = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    made = Watch()
    monkeypatch.setattr(sender, "time", made)
    return made


@pytest.fixture
async def zalo(world: World) -> AsyncIterator[ZaloWorld]:
    there = ZaloWorld(clock=world.clock)
    async with ZaloServer(there, TOKEN):
        yield there


@pytest.fixture
async def delivery(db: Database, world: World, zalo: ZaloWorld) -> AsyncIterator[Delivery]:
    channel = ZaloChannel(TOKEN, zalo.address)
    yield Delivery(db, {channel.name: channel}, world.clock.now, {})
    await channel.close()


async def deliver_for(
    seconds: float, delivery: Delivery, watch: Watch, zalo: ZaloWorld, step: float = STEP
) -> list[Arrival]:
    """When what arrives arrived, by the watch, and where."""
    begin, arrivals = watch.seconds, list[Arrival]()
    while watch.seconds < begin + seconds:
        while await delivery.step():
            await delivery.landed()
        new = zalo.messages[len(arrivals) :]
        arrivals += [(watch.seconds - begin, message.chat.id) for message in new]
        watch.seconds += step
    return arrivals


async def test_a_chat_gets_one_message_a_second_and_all_together_five(
    delivery: Delivery, post: Post, watch: Watch, zalo: ZaloWorld
) -> None:
    people = [zalo.add_person(str(number), started=True) for number in range(12)]
    for number in range(36):
        post.put_to(Address("zalo", people[number % 12].id), f"tin {number}")
    arrivals = await deliver_for(10, delivery, watch, zalo)
    times = [at for at, _ in arrivals]
    assert post.states() == [OutboxState.SENT] * 36
    assert min(later - at for at, later in pairwise(times)) >= 1 / ZALO.whole - STEP
    for person in people:
        own = [at for at, chat in arrivals if chat == person.id]
        assert len(own) == 3
        assert min(later - at for at, later in pairwise(own)) >= 1 / ZALO.chat - STEP


async def test_a_group_gets_one_message_in_three_seconds(
    delivery: Delivery, post: Post, watch: Watch, zalo: ZaloWorld
) -> None:
    hoa: Person = zalo.add_person("Hoa", started=True)
    group = zalo.add_group(hoa)
    group.started = True
    for number in range(3):
        post.put_to(Address("zalo", group.id), f"tin {number}")
    times = [at for at, _ in await deliver_for(8, delivery, watch, zalo)]
    assert times == [pytest.approx(expected, abs=2 * STEP) for expected in (0, 3, 6)]


async def test_a_broadcast_on_both_goes_at_the_pace_of_each(
    db: Database, post: Post, watch: Watch, world: World, zalo: ZaloWorld, channel: TelegramChannel
) -> None:
    there = ZaloChannel(TOKEN, zalo.address)
    both = Delivery(db, {"zalo": there, "telegram": channel}, world.clock.now, {})
    for number in range(60):
        for to in (zalo.add_person(str(number), started=True), world.add_person(str(number), started=True)):
            address = Address("zalo" if isinstance(to, Person) else "telegram", str(to.id))
            post.put_to(address, "Họp", Priority.BROADCAST)
    seconds = 2.0
    arrived = len(await deliver_for(seconds, both, watch, zalo, step=0.01))
    await there.close()
    on_telegram = sum(len(world.messages(person.id)) for person in world.people.values())
    assert arrived == pytest.approx(seconds * ZALO.whole, abs=2)
    assert on_telegram == pytest.approx(seconds * PER_SECOND, abs=4)
