"""The webhooks of both messengers against whoever finds their address: nothing is stored, nothing is held open."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot import web
from bot.channels.base import Channel
from bot.channels.telegram import TelegramChannel
from bot.channels.zalo import ZaloChannel
from bot.domain.quota import Quota
from bot.messages import RawUpdate
from bot.operations.keeping import kept
from bot.settings import Settings
from bot.storage.db import Database
from bot.webhook import LARGEST_BODY, build_app
from bot.webhook import door as door_of
from tests.databases import A_MONDAY, Sqlite
from tests.test_webhook import update

SECRET = "s3cret-of-the-door"  # noqa: S105 -- opens nothing but this test's own door
NOWHERE = "http://127.0.0.1:1"
CHANNELS: dict[str, Channel] = {
    "telegram": TelegramChannel("1:x", NOWHERE),
    "zalo": ZaloChannel("1:x", NOWHERE, Quota(None, None, None)),  # type: ignore[arg-type]  # there is no day to count
}
UPDATES = {
    "telegram": update(),
    "zalo": {"event_name": "message.text.received", "message": {"message_id": "1", "chat": {"id": "c"}, "text": "x"}},
}


class Door:
    """A messenger's webhook, and what was kept behind it."""

    def __init__(self, name: str) -> None:
        self.channel = CHANNELS[name]
        self.genuine = json.dumps(UPDATES[name]).encode()
        self.kept: list[RawUpdate] = []
        self.app = build_app(self.channel, "/hook", SECRET, self.keep)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://bot")

    async def keep(self, updates: list[RawUpdate]) -> None:
        self.kept += updates

    async def post(self, body: Any, secret: str | None = SECRET, **headers: str) -> int:
        given = headers if secret is None else {self.channel.secret_header: secret, **headers}
        return (await self.client.post("/hook", content=body, headers=given)).status_code


@pytest.fixture(params=CHANNELS)
async def door(request: pytest.FixtureRequest) -> AsyncIterator[Door]:
    opened = Door(request.param)
    yield opened
    await opened.client.aclose()


async def test_the_door_opens_with_the_secret(door: Door) -> None:
    assert await door.post(door.genuine) == 200
    assert len(door.kept) == 1


@pytest.mark.parametrize("secret", [None, "", SECRET[:-1], SECRET + "x", SECRET.upper()])
async def test_without_the_secret_nothing_is_stored(door: Door, secret: str | None) -> None:
    assert await door.post(door.genuine, secret) == 403
    assert door.kept == []


async def test_the_body_of_a_stranger_is_not_read_to_its_end(door: Door) -> None:
    taken = []

    async def endless() -> AsyncIterator[bytes]:
        for number in range(LARGEST_BODY):
            taken.append(number)
            yield b"x" * 1000

    assert await asyncio.wait_for(answer(door, endless(), "wrong"), 5) == 403
    assert len(taken) <= 1


async def test_a_body_without_end_is_refused_even_with_the_secret(door: Door) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 100_000

    assert await answer(door, endless(), SECRET) == 413
    assert door.kept == []


async def test_whoever_dribbles_is_sent_away(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.webhook.READ_WITHIN", 0.05)

    async def dribble() -> AsyncIterator[bytes]:
        yield door.genuine[:5]
        await asyncio.Event().wait()

    assert await answer(door, dribble(), SECRET) == 408
    assert door.kept == []


@pytest.mark.parametrize(
    "body",
    [
        b"text=x&secret=y",
        b"<?xml version='1.0'?><a/>",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"\xff\xfe",
        b"null",
        b"1e999",
        b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--",
    ],
)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/xml", "application/json"])
async def test_what_is_no_update_is_refused_whatever_it_calls_itself(door: Door, body: bytes, kind: str) -> None:
    assert await door.post(body, **{"Content-Type": kind}) == 400
    assert door.kept == []


async def answer(door: Door, body: AsyncIterator[bytes], secret: str) -> int:
    """The status that comes back for a body that is still coming, without a web server that would buffer it."""
    statuses: list[int] = []
    name = door.channel.secret_header.lower().encode()
    scope = {"type": "http", "method": "POST", "path": "/hook", "headers": [(name, secret.encode())]}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": await anext(body), "more_body": True}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await door.app({**scope, "query_string": b"", "root_path": "", "http_version": "1.1"}, receive, send)
    return statuses[0]


async def test_no_more_connections_are_held_than_the_process_can_bear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MOST_CONNECTIONS", 3)
    opened = Door("telegram")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    route = door_of(opened.channel, "/hook", SECRET, opened.keep)
    async with web.serving([route], "127.0.0.1", port, "HERE"), httpx.AsyncClient(trust_env=False) as client:
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(1)]
        headers = {opened.channel.secret_header: SECRET}
        url = f"http://127.0.0.1:{port}/hook"
        assert (await client.post(url, content=opened.genuine, headers=headers)).status_code == 200
        idle += [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        assert (await client.post(url, content=opened.genuine, headers=headers)).status_code == 503
        for _, writer in idle:
            writer.close()
            await writer.wait_closed()
    await opened.client.aclose()


async def test_the_pages_for_the_operator_are_for_this_machine_alone(sqlite: Sqlite) -> None:
    db = Database(sqlite.fresh())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with kept(Settings(_env_file=None, operator_port=port), db, lambda: A_MONDAY, set(), None):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        await writer.wait_closed()
        with pytest.raises(ConnectionRefusedError):  # another address of this machine, as one that others see
            await asyncio.open_connection("127.0.0.2", port)
    db.close()
