"""For a long time a messenger answers one method with nothing of use, and nobody does anything about it.

What was said before and meanwhile is handled once and answered once, in its order. Only where an answer may have
arrived, though nobody could read so, is it there more than once.
"""

from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
import structlog

from bot import receiving
from bot.channels import telegram, zalo
from bot.channels.telegram import TelegramChannel
from bot.channels.zalo import ZaloChannel
from bot.delivery import sender
from bot.sandbox.faults import Fault, FaultKind, Faults
from bot.sandbox.zalo.model import EmptyPoll
from tests.cast import TAG, Stage
from tests.databases import Sqlite
from tests.faults.life import A_MINUTE, PAGE, Life
from tests.zalo_cast import STAGES, ZaloStage

AN_INSTANT = 0.02
PATIENCE = 0.1
"""Seconds that the bot waits for an answer while none comes."""
NO_END = 1_000_000
METHODS = {"getUpdates": "cannot receive", "sendMessage": "not sent"}
"""What the log says when it fails."""
FAULTS = {
    "502": FaultKind.SERVER_ERROR,
    "429": FaultKind.TOO_MANY_REQUESTS,
    "garbage": FaultKind.GARBAGE,
    "silence": FaultKind.SILENT,
}
MESSENGERS = pytest.mark.parametrize("messenger", STAGES)


@pytest.fixture
async def life(sqlite: Sqlite, messenger: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Life]:
    """A bot that lives on this messenger, and keeps silence, when told to, by the sandbox's clock."""
    with structlog.testing.capture_logs() as logged:
        async with STAGES[messenger](sqlite.fresh("staged")) as stage:
            as_told = SimpleNamespace(monotonic=lambda: stage.world.clock.now().timestamp())
            monkeypatch.setattr(sender, "time", as_told)
            monkeypatch.setattr(sender, "IDLE_POLL", AN_INSTANT)
            monkeypatch.setattr(receiving, "RECONNECT", (AN_INSTANT,))
            if isinstance(stage, ZaloStage):  # its polls are never broken off: the bot would end late
                monkeypatch.setattr(stage.zalo.knobs, "longest_poll", PATIENCE / 2)
                stage.zalo.knobs.empty_poll = EmptyPoll.EMPTY_RESULT  # an answer that can be garbled
            async with Life(stage, logged) as living:
                await living.until(lambda: polls(stage))
                yield living


@MESSENGERS
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fault", FAULTS)
async def test_after_ten_minutes_all_is_answered(
    life: Life, messenger: str, fault: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob, faults = life.stage.alice, life.stage.bob, faults_of(life.stage)
    may_arrive = (messenger, method, fault) == ("zalo", "sendMessage", "garbage")
    is_lost = (messenger, method, fault) == ("zalo", "getUpdates", "garbage")
    life.hand_in(alice, bob)
    if is_lost:  # Zalo forgets what it hands out, even if it is unreadable (decision 104): nobody writes meanwhile
        await life.all_is_answered()
    with monkeypatch.context() as meanwhile:
        make_impatient(meanwhile, life.stage)
        faults.add(Fault(FAULTS[fault], NO_END, method, status=502, retry_after=30, seconds=4 * PATIENCE))
        for actors in ((bob, alice), (alice,)):
            life.hand_in(*(() if is_lost else actors))
            await five_minutes(life, METHODS[method])
        faults.clear()
    reasons = [line["reason"] for line in life.logged if METHODS[method] in line["event"]]
    assert fault != "silence" or all("Timeout" in reason for reason in reasons)  # the bot's own patience ended
    life.hand_in(bob)
    await life.all_is_answered(passing=A_MINUTE, doubled=may_arrive)


async def five_minutes(life: Life, complaint: str) -> None:
    """They pass, and the bot complains all the time."""
    until = life.stage.world.clock.now() + 5 * A_MINUTE
    while life.stage.world.clock.now() < until:
        await life.troubles(1, complaint, passing=A_MINUTE / 2)


def make_impatient(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    """Wait shorter for answers, also of polls that are asked from now on."""
    for channel in stage.app.channels.values():
        patch.setattr(channel, "longest_poll", 0.0)
        if isinstance(channel, TelegramChannel):
            patch.setattr(telegram, "SEND_TIMEOUT", PATIENCE)
            patch.setattr(channel.bot.request, "_timeout", PATIENCE)
    patch.setattr(zalo, "POLL_GRACE", PATIENCE)
    patch.setattr(ZaloChannel._call, "__defaults__", (PATIENCE,))


@MESSENGERS
async def test_after_an_hour_of_502_a_reply_comes(sqlite: Sqlite, messenger: str) -> None:
    async with STAGES[messenger](sqlite.fresh("staged")) as stage:
        await stage.owe_nothing()
        faults_of(stage).add(Fault(FaultKind.SERVER_ERROR, NO_END, "sendMessage", status=502))
        assert await stage.alice.says(f"{PAGE}1\nTin của đơn vị. {TAG}") == []
        for _ in range(30):
            stage.world.clock.advance(2 * A_MINUTE)
            assert await stage.alice.hears() == []
        faults_of(stage).clear()
        stage.world.clock.advance(A_MINUTE)
        [receipt] = await stage.alice.hears()
        assert receipt.startswith("✅ Số")


def faults_of(stage: Stage) -> Faults:
    """Those of the messenger that the cast is on."""
    return stage.zalo.faults if isinstance(stage, ZaloStage) else stage.world.faults


def polls(stage: Stage) -> bool:
    """Whether a poll waits there."""
    return stage.zalo.polled if isinstance(stage, ZaloStage) else stage.world.updates.polled
