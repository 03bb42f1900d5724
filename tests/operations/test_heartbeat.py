"""The sign of life: given while the bot can work, silent when it cannot."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from bot.operations import keeping
from bot.operations.heartbeat import Heartbeat
from bot.settings import Settings
from bot.storage.db import Database
from tests.databases import Sqlite

URL = "https://watch.example.org/ping/a-secret"
WITHIN = 10.0


class Watcher(httpx.AsyncBaseTransport):
    """The service elsewhere: what it answers can be changed, None for no answer."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: int | None = 200
        self.heard = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        self.heard.set()
        if self.answer is None:
            raise httpx.ConnectError(f"no way to {request.url}")
        return httpx.Response(self.answer, headers={"Location": "https://elsewhere.example.org/"})


class ShutOut(set[str]):
    """The messengers that take the token no more, and when somebody looks who they are."""

    def __init__(self) -> None:
        super().__init__()
        self._looked = asyncio.Event()

    def __iter__(self) -> Iterator[str]:
        self._looked.set()
        return super().__iter__()

    async def next_look(self) -> None:
        """Wait for it."""
        self._looked.clear()
        await self._looked.wait()


async def test_it_calls_the_address_and_nothing_else() -> None:
    watcher = Watcher()
    heartbeat = Heartbeat(URL, watcher)
    assert await heartbeat.beat([])
    watcher.answer = 302
    assert not await heartbeat.beat([])
    assert watcher.asked == [URL, URL]
    await heartbeat.close()


async def test_it_is_silent_while_something_is_wrong() -> None:
    watcher = Watcher()
    heartbeat = Heartbeat(URL, watcher)
    assert not await heartbeat.beat(["the database does not answer"])
    assert watcher.asked == []
    await heartbeat.close()


@pytest.mark.parametrize("answer", [None, 500])
async def test_that_it_is_not_heard_is_said_once_and_without_the_address(answer: int | None) -> None:
    watcher = Watcher()
    heartbeat = Heartbeat(URL, watcher)
    watcher.answer = answer
    with capture_logs() as logs:
        for _ in range(3):
            await heartbeat.beat([])
        watcher.answer = 200
        await heartbeat.beat([])
    assert [each["event"] for each in logs] == ["the sign of life is not heard", "the sign of life is heard again"]
    assert "a-secret" not in str(logs)
    await heartbeat.close()


async def test_while_the_bot_runs_it_is_given_each_minute_in_which_the_bot_can_work(
    sqlite: Sqlite, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher, shut_out, db = Watcher(), ShutOut(), Database(sqlite.fresh("staged"))
    monkeypatch.setattr(
        httpx.AsyncHTTPTransport, "handle_async_request", lambda _, asked: watcher.handle_async_request(asked)
    )
    monkeypatch.setattr(keeping, "A_MINUTE", 0.0)
    settings = Settings(_env_file=None, heartbeat_url=URL)
    async with asyncio.timeout(WITHIN), keeping.kept(settings, db, lambda: datetime.now(UTC), shut_out, None):
        await watcher.heard.wait()
        shut_out.add("telegram")
        await shut_out.next_look()  # what was asked before it is over
        asked = len(watcher.asked)
        for _ in range(3):
            await shut_out.next_look()
        assert len(watcher.asked) == asked
        shut_out.clear()
        watcher.heard.clear()
        await watcher.heard.wait()
    assert {*watcher.asked} == {URL}
    db.close()


def test_only_an_https_address_is_taken() -> None:
    with pytest.raises(ValidationError, match="https"):
        Settings(_env_file=None, heartbeat_url="http://watch.example.org/")
