"""The sign of life: given while the bot can work, silent when it cannot."""

import httpx
import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from bot.operations.heartbeat import Heartbeat
from bot.settings import Settings

URL = "https://watch.example.org/ping/a-secret"


class Watcher(httpx.AsyncBaseTransport):
    """The service elsewhere: what it answers can be changed, None for no answer."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: int | None = 200

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        if self.answer is None:
            raise httpx.ConnectError(f"no way to {request.url}")
        return httpx.Response(self.answer, headers={"Location": "https://elsewhere.example.org/"})


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


def test_only_an_https_address_is_taken() -> None:
    with pytest.raises(ValidationError, match="https"):
        Settings(_env_file=None, heartbeat_url="http://watch.example.org/")
