"""The messenger fails: refusals, garbage of all kinds, no way to it. What was said is answered once it is back.

How it is when that lasts is in test_outages.py.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import structlog
from aiohttp import TCPConnector

from bot.channels import telegram_reading
from bot.channels.base import Channel
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_http import AiohttpRequest
from bot.delivery.retry import MAX_ATTEMPTS
from bot.sandbox.faults import PAGE, Fault, FaultKind
from tests.cast import TOKEN, Stage
from tests.databases import Sqlite
from tests.faults.breaking import no_names
from tests.faults.life import A_MINUTE, Life

CUT_OFF = '{"ok":true,"result":{"message_id":77,"da'
WRONG_TYPES = '{"ok":true,"result":{"message_id":"x","date":"y","chat":[]}}'
NO_OBJECT = '["ok"]'
NOT_SENT = "not sent"
TRUE = '{"ok":true,"result":true}'
STRANGE_UPDATES = '{"ok":true,"result":[1,"x",null,{"no_id":1},{"update_id":"x"}]}'


@pytest.mark.parametrize(("method", "status"), [("getUpdates", 502), ("sendMessage", 500), ("sendMessage", 504)])
async def test_what_was_said_while_the_api_answers_5xx_is_answered(on_sqlite: Life, method: str, status: int) -> None:
    on_sqlite.stage.world.faults.add(Fault(FaultKind.SERVER_ERROR, times=2, method=method, status=status))
    await _goes_through(on_sqlite)


@pytest.mark.parametrize("body", [PAGE, CUT_OFF, WRONG_TYPES, NO_OBJECT, TRUE], ids=range(5))
async def test_an_answer_that_cannot_be_read_makes_the_bot_say_it_again(on_sqlite: Life, body: str) -> None:
    on_sqlite.stage.world.faults.add(Fault(FaultKind.GARBAGE, times=2, method="sendMessage", body=body))
    await _goes_through(on_sqlite)


@pytest.mark.parametrize("body", [PAGE, CUT_OFF, WRONG_TYPES, NO_OBJECT, TRUE, STRANGE_UPDATES], ids=range(6))
async def test_updates_that_cannot_be_read_are_asked_for_again(on_sqlite: Life, body: str) -> None:
    on_sqlite.stage.world.faults.add(Fault(FaultKind.GARBAGE, times=2, method="getUpdates", body=body))
    await _goes_through(on_sqlite)


async def test_a_day_without_a_way_to_the_messenger_wears_no_message_out(on_sqlite: Life) -> None:
    life, stage = on_sqlite, on_sqlite.stage
    async with gone(stage):
        life.hand_in(stage.alice)
        await stage.app.receiver.keep([telegram_reading.keep(stage.world.updates.pending.popleft())])
        for _ in range(2 * MAX_ATTEMPTS):
            await life.troubles(1, NOT_SENT, passing=60 * A_MINUTE)
    await life.all_is_answered(passing=A_MINUTE)


async def test_while_no_name_can_be_looked_up_people_wait(sqlite: Sqlite, monkeypatch: pytest.MonkeyPatch) -> None:
    with structlog.testing.capture_logs() as logged:
        async with NamedStage(sqlite.fresh("staged")) as stage, Life(stage, logged) as life:
            life.hand_in(stage.alice)
            await life.all_is_answered()
            with no_names(monkeypatch):
                async with gone(stage):
                    stage.forget_addresses()  # the connections that are open are cut besides
                life.hand_in(stage.alice, stage.bob, stage.alice)
                await life.troubles(3)
                assert len(life.receipts(stage.alice)) == 1
            await life.all_is_answered()


class NamedStage(Stage):
    """Its messenger is known by a name."""

    def _channels(self) -> list[Channel]:
        self._telegram = TelegramChannel(TOKEN, f"http://localhost:{self.server.port}")
        return [self._telegram]

    def forget_addresses(self) -> None:
        """As after some seconds: the client remembers what it looked up for ten."""
        for request in (self._telegram._poll, self._telegram.bot.request):
            assert isinstance(request, AiohttpRequest)
            assert request._client
            assert isinstance(request._client.connector, TCPConnector)
            request._client.connector.clear_dns_cache()


@asynccontextmanager
async def gone(stage: Stage) -> AsyncIterator[None]:
    """Nobody listens where the messenger was."""
    await stage.server.__aexit__(None, None, None)
    try:
        yield
    finally:
        await stage.server.__aenter__()


async def _goes_through(life: Life) -> None:
    """Two people hand in two posts each; the waits between two tries pass quickly."""
    life.hand_in(life.stage.alice, life.stage.bob, life.stage.alice, life.stage.bob)
    await life.troubles(2)
    await life.all_is_answered(passing=A_MINUTE)
