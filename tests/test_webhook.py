"""Updates by webhook: refused without the secret, committed before they are acknowledged, kept once."""

import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.channels.telegram import TelegramChannel
from bot.messages import RawUpdate
from bot.sandbox import people
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from bot.storage.models import InboxRow
from bot.webhook import LARGEST_BODY, build_app
from tests.cast import TOKEN, Stage
from tests.crash.processes import Process

SECRET = "s3cret_of-the-door"  # noqa: S105 -- opens nothing but this test's own door
SECRET_HEADER = TelegramChannel.secret_header
GIVEN = {SECRET_HEADER: SECRET}


def update(number: int = 9) -> dict[str, Any]:
    alice = {"id": 2002, "is_bot": False, "first_name": "Alice"}
    chat = {"id": 2002, "type": "private", "first_name": "Alice"}
    message = {"message_id": 7, "date": 1_800_000_000, "chat": chat, "from": alice, "text": "/hashtag"}
    return {"update_id": number, "message": message}


class Door:
    """The webhook of the bot on stage, and what its inbox holds after each call."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.committed: list[list[str]] = []
        app = build_app(stage.app.channels["telegram"], "/hook", SECRET, self.keep)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot")

    async def keep(self, updates: list[RawUpdate]) -> None:
        await self.stage.app.receiver.keep(updates)
        self.committed.append(await self.kept())

    async def post(self, content: bytes, headers: Any = GIVEN, path: str = "/hook") -> int:
        return (await self.client.post(path, content=content, headers=headers)).status_code

    async def kept(self) -> list[str]:
        return await self.stage.ask(
            lambda session: list(session.scalars(select(InboxRow.update_id).order_by(InboxRow.id)))
        )


@pytest.fixture
async def door(stage: Stage) -> AsyncIterator[Door]:
    opened = Door(stage)
    yield opened
    await opened.client.aclose()


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "s3cret"}, {SECRET_HEADER: b"\xff"}])
async def test_a_call_without_the_secret_is_refused_and_nothing_is_kept(door: Door, headers: Any) -> None:
    assert await door.post(json.dumps(update()).encode(), headers) == 403
    assert await door.kept() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b"\xff"])
async def test_what_is_not_an_update_is_refused(door: Door, body: bytes) -> None:
    assert await door.post(body) == 400
    assert await door.kept() == []


async def test_a_body_larger_than_any_update_is_refused(door: Door) -> None:
    assert await door.post(b"x" * (LARGEST_BODY + 1)) == 413


async def test_there_is_one_door_only(door: Door) -> None:
    assert await door.post(b"{}", path="/other") == 404
    assert (await door.client.get("/hook")).status_code == 405


async def test_an_update_is_committed_before_it_is_acknowledged_and_then_answered(door: Door) -> None:
    assert await door.post(json.dumps(update()).encode()) == 200
    assert door.committed == [["9"]]
    assert any("Hashtag của bạn" in answer for answer in await door.stage.alice.hears())


async def test_a_repeated_update_is_kept_and_answered_once(door: Door) -> None:
    for number in (9, 9, 10, 9):
        assert await door.post(json.dumps(update(number)).encode()) == 200
    assert await door.kept() == ["9", "10"]
    assert len(await door.stage.alice.hears()) == 2


async def test_what_cannot_be_committed_is_not_acknowledged(stage: Stage) -> None:
    async def cannot(_: list[RawUpdate]) -> None:
        raise OSError("the disk is full")

    app = build_app(stage.app.channels["telegram"], "/hook", SECRET, cannot)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        answer = await client.post("/hook", content=json.dumps(update()).encode(), headers=GIVEN)
    assert answer.status_code == 500


async def test_sotin_run_takes_updates_by_webhook_and_ends_cleanly(tmp_path: Path, database_url: str) -> None:
    world = World(scale=float("inf"))
    charlie = world.add_person("Charlie")
    port = _free_port()
    async with SandboxServer(world, TOKEN) as server:
        settings = {
            "DATABASE_URL": database_url,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": server.address,
            "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/hook",
            "WEBHOOK_PORT": str(port),
        }
        async with Process(tmp_path, "bot", "run", **settings) as bot:
            await bot.start()
            people.start(world, charlie)
            await world.until(lambda: world.messages(charlie.id)[1:], within=60)
            assert world.webhook.max_connections == 1  # so that no update overtakes another
            assert await bot.stop() == 0
    assert "đồng ý" in world.messages(charlie.id)[1].text
    assert not world.updates.pending
    assert "getUpdates" not in {call.method for call in world.calls}
    log = bot.log.read_text()
    assert (TOKEN in log, "Traceback" in log) == (False, False)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
