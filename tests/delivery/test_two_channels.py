"""Two messengers beside each other: neither holds the other up."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram import TelegramChannel
from bot.channels.zalo import ZaloChannel
from bot.delivery import Delivery
from bot.messages import Address
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.model import Person
from bot.sandbox.world import World
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.world import ZaloWorld
from bot.storage.db import Database
from bot.storage.models import OutboxState
from tests.delivery.conftest import NO_LIMITS, TOKEN, Post

SCALES = {"telegram": NO_LIMITS, "zalo": NO_LIMITS}


@pytest.fixture
async def zalo(world: World) -> AsyncIterator[ZaloWorld]:
    there = ZaloWorld(clock=world.clock)
    async with ZaloServer(there, TOKEN):
        yield there


@pytest.fixture
async def both(
    db: Database, world: World, channel: TelegramChannel, zalo: ZaloWorld
) -> AsyncIterator[tuple[Delivery, ZaloChannel]]:
    other = ZaloChannel(TOKEN, zalo.address)
    yield Delivery(db, {"telegram": channel, "zalo": other}, world.clock.now, SCALES), other
    await other.close()


async def deliver(delivery: Delivery) -> None:
    """Send all that is due."""
    while await delivery.step():
        await delivery.landed()


async def test_a_messenger_that_asks_for_silence_silences_itself_alone(
    both: tuple[Delivery, ZaloChannel], post: Post, alice: Person, zalo: ZaloWorld
) -> None:
    hoa = zalo.add_person("Hoa", started=True)
    zalo.faults.add(Fault(FaultKind.TOO_MANY_REQUESTS))
    post.put_to(Address("zalo", hoa.id), "chờ đã")
    await deliver(both[0])
    post.put_to(Address("zalo", hoa.id), "cũng chờ")
    post.put(alice.id, "đi ngay")
    await deliver(both[0])
    assert post.arrived(alice.id) == ["đi ngay"]
    assert zalo.in_chat(hoa.id) == []
    assert post.states() == [OutboxState.WAITING, OutboxState.WAITING, OutboxState.SENT]


async def test_what_is_for_a_messenger_that_the_bot_is_not_on_waits_and_harms_nobody(
    delivery: Delivery, post: Post, alice: Person
) -> None:
    post.put_to(Address("zalo", "6ede9afa66b88fe6d6a9"), "sau này")
    post.put(alice.id, "đi ngay")
    await deliver(delivery)
    assert post.states() == [OutboxState.WAITING, OutboxState.SENT]


async def test_a_reply_whose_answer_was_lost_is_tried_again(
    both: tuple[Delivery, ZaloChannel], post: Post, zalo: ZaloWorld
) -> None:
    hoa = zalo.add_person("Hoa", started=True)
    zalo.faults.add(Fault(FaultKind.DROP_AFTER))
    post.put_to(Address("zalo", hoa.id), "một")
    await deliver(both[0])
    assert post.states() == [OutboxState.WAITING]
    assert [message.text for message in zalo.in_chat(hoa.id)] == ["một"]
