"""Faults on request, as the real client meets them."""

import asyncio

import pytest
from telegram import Bot
from telegram.error import Forbidden, NetworkError, RetryAfter, TelegramError

from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.model import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World


@pytest.mark.parametrize(
    ("fault", "error", "arrived"),
    [
        (Fault(FaultKind.TOO_MANY_REQUESTS, retry_after=7), RetryAfter, 0),
        (Fault(FaultKind.FORBIDDEN), Forbidden, 0),
        (Fault(FaultKind.SERVER_ERROR, status=500), NetworkError, 0),
        (Fault(FaultKind.SERVER_ERROR, status=502), NetworkError, 0),
        (Fault(FaultKind.GARBAGE), TelegramError, 0),
        (Fault(FaultKind.GARBAGE, body='{"ok":true,"resu'), TelegramError, 0),
        (Fault(FaultKind.SILENT), NetworkError, 0),
        (Fault(FaultKind.DROP_BEFORE), NetworkError, 0),
        (Fault(FaultKind.DROP_AFTER), NetworkError, 1),
    ],
)
async def test_the_next_call_meets_the_fault_and_the_one_after_does_not(
    world: World, bot: Bot, alice: Person, fault: Fault, error: type[TelegramError], arrived: int
) -> None:
    world.faults.add(fault)
    with pytest.raises(error):
        await bot.send_message(alice.id, "x")
    assert len(world.messages(alice.id)) == arrived
    await bot.send_message(alice.id, "y")
    assert len(world.messages(alice.id)) == arrived + 1
    assert [call.outcome == "ok" for call in world.calls][-2:] == [False, True]


async def test_a_fault_can_be_for_one_method_and_chat_and_several_times(
    world: World, bot: Bot, alice: Person, bob: Person
) -> None:
    world.faults.add(Fault(FaultKind.FORBIDDEN, times=2, method="sendMessage", chat_id=alice.id))
    await bot.send_message(bob.id, "x")
    await bot.send_chat_action(alice.id, "typing")
    for _ in range(2):
        with pytest.raises(Forbidden):
            await bot.send_message(alice.id, "x")
    await bot.send_message(alice.id, "x")


async def test_a_slow_answer_runs_into_the_clients_patience(world: World, bot: Bot, alice: Person) -> None:
    world.faults.add(Fault(FaultKind.DELAY, seconds=0.3))
    with pytest.raises(NetworkError):
        await bot.send_message(alice.id, "x", read_timeout=0.05)
    await world.until(lambda: world.messages(alice.id))


async def test_a_bot_that_dies_in_the_middle_of_a_request_leaves_no_trace(
    server: SandboxServer, world: World, bot: Bot, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    _, half = await asyncio.open_connection("127.0.0.1", server.port)
    head = "POST /bot{}/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Type: {}\r\nContent-Length: 99\r\n\r\n"
    half.write(head.format(bot.token, "application/x-www-form-urlencoded").encode() + b"chat_id=")
    await half.drain()
    half.close()
    await half.wait_closed()
    await bot.send_message(alice.id, "x")
    assert [message.text for message in world.messages(alice.id)] == ["x"]
    assert [line.message for line in caplog.records if line.name.startswith("uvicorn")] == []


async def test_faults_that_were_cleared_do_not_come(world: World, bot: Bot, alice: Person) -> None:
    world.faults.add(Fault(FaultKind.FORBIDDEN, times=9))
    world.faults.clear()
    await bot.send_message(alice.id, "x")
