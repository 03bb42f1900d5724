"""Both messengers at once: nothing that Zalo gives once is lost, and each can be alone."""

import asyncio
import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import connecting
from bot.channels.zalo import ZaloChannel
from bot.doctor import Finding, examine
from bot.messages import Address, RawUpdate
from bot.receiving import Receiver
from bot.sandbox import people as on_telegram
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from bot.sandbox.zalo import people
from bot.sandbox.zalo.model import Person
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.world import ZaloWorld
from bot.settings import Settings, StartError
from bot.storage import quotas
from bot.storage.db import Database
from bot.storage.models import InboxRow
from tests.cast import TOKEN
from tests.crash.processes import Process

ZALO_TOKEN = "4242424242:zalo-s3cret"  # noqa: S105 -- opens nothing but the server of one test


class FullDisk(Receiver):
    """Cannot keep anything the first time."""

    full = True

    async def keep(self, updates: Sequence[RawUpdate]) -> None:
        if self.full:
            self.full = False
            raise OSError("the disk is full")
        await super().keep(updates)


def nobody_floods(_session: Session, to: Address, _now: datetime) -> None:
    raise AssertionError(f"{to} was told that he says too much")


def kept(session: Session) -> list[str]:
    return [row.payload or "" for row in session.scalars(select(InboxRow).order_by(InboxRow.id))]


@pytest.fixture
def zalo() -> ZaloWorld:
    return ZaloWorld()


@pytest.fixture
def hoa(zalo: ZaloWorld) -> Person:
    return zalo.add_person("Hoa")


async def test_an_update_that_could_not_be_kept_is_not_lost(zalo: ZaloWorld, hoa: Person, database_url: str) -> None:
    db = Database(database_url)
    async with ZaloServer(zalo, ZALO_TOKEN) as server:
        channel = ZaloChannel(ZALO_TOKEN, server.address)
        receiver = FullDisk({}, lambda work: db.run(work, zalo.clock.now()), zalo.clock.now, nobody_floods)
        people.say(zalo, hoa, "chỉ một lần")
        with pytest.raises(OSError, match="disk"):
            await receiver.receive(channel, 0)
        assert await receiver.receive(channel, 0) == 1
        assert await receiver.receive(channel, 0) == 0
        await channel.close()
    assert ["chỉ một lần" in payload for payload in await db.run(kept)] == [True]
    db.close()


async def test_a_poll_in_hand_is_finished_when_the_bot_stops(
    zalo: ZaloWorld, hoa: Person, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ZaloChannel, "longest_poll", 2.0)
    db, stop = Database(database_url), asyncio.Event()
    async with ZaloServer(zalo, ZALO_TOKEN) as server:
        channel = ZaloChannel(ZALO_TOKEN, server.address)
        receiver = Receiver({}, lambda work: db.run(work, zalo.clock.now()), zalo.clock.now, nobody_floods)
        receiving = asyncio.create_task(receiver.run(channel, stop))
        await zalo.until(lambda: zalo.polled)
        stop.set()
        await asyncio.sleep(0)
        people.say(zalo, hoa, "vừa kịp")
        await receiving
        await channel.close()
    assert ["vừa kịp" in payload for payload in await db.run(kept)] == [True]
    db.close()


async def test_sotin_run_serves_both_messengers_one_by_webhook(tmp_path: Path, zalo: ZaloWorld, hoa: Person) -> None:
    world, port = World(scale=float("inf")), _free_port()
    charlie = world.add_person("Charlie")
    async with SandboxServer(world, TOKEN) as telegram, ZaloServer(zalo, ZALO_TOKEN) as server:
        settings = {
            "DATABASE_URL": f"sqlite:///{tmp_path}/run.db",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": telegram.address,
            "ZALO_BOT_TOKEN": ZALO_TOKEN,
            "ZALO_API_BASE": server.address,
            "ZALO_WEBHOOK_URL": f"http://127.0.0.1:{port}/zalo",
            "WEBHOOK_PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        async with Process(tmp_path, "bot", "run", **settings) as bot:
            await bot.start()
            await zalo.until(lambda: zalo.webhook.url, within=30)
            people.say(zalo, hoa, "xin chào")
            on_telegram.say(world, charlie, "xin chào")
            await zalo.until(lambda: [each for each in zalo.in_chat(hoa.id) if each.from_bot], within=30)
            await world.until(lambda: [each for each in world.messages(charlie.id) if each.from_bot], within=30)
            assert await bot.stop() == 0
    log = bot.log.read_text()
    assert "getUpdates" not in {call.method for call in zalo.calls}
    assert (ZALO_TOKEN in log, "zalo-s3cret" in log, "Traceback" in log) == (False, False, False)


async def test_sotin_run_with_zalo_alone_stops_with_one_sentence_when_the_token_is_taken_back(
    tmp_path: Path, zalo: ZaloWorld
) -> None:
    port = _free_port()
    async with ZaloServer(zalo, ZALO_TOKEN) as server:
        settings = {
            "DATABASE_URL": f"sqlite:///{tmp_path}/run.db",
            "ZALO_BOT_TOKEN": ZALO_TOKEN,
            "ZALO_API_BASE": server.address,
            "WEBHOOK_PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}/",
        }
        async with Process(tmp_path, "bot", "run", **settings) as bot:
            await bot.start()
            await zalo.until(lambda: zalo.polled, within=30)
            async with httpx.AsyncClient() as browser:
                assert (await browser.get(f"http://127.0.0.1:{port}/tep/khong-co")).status_code == 404
                assert (await browser.head(f"http://127.0.0.1:{port}/anh/khong-co")).status_code == 404
            server.change_token("4242424242:another")
            people.say(zalo, zalo.add_person("Lan"), "đánh thức")
            code = await bot.ends()
    assert code == 69
    assert "sotin: no messenger accepts its token any more" in bot.log.read_text()
    assert "zalo-s3cret" not in bot.log.read_text()


def test_zalo_does_not_start_without_an_address_for_its_files() -> None:
    settings = Settings(_env_file=None, zalo_bot_token=SecretStr(ZALO_TOKEN))
    with pytest.raises(StartError, match=r"only as links: set PUBLIC_URL beside ZALO_BOT_TOKEN\.$"):
        connecting.channels(settings)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


async def test_the_doctor_knows_zalo_and_what_of_its_quota_is_used(
    zalo: ZaloWorld, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = Database(database_url)
    await db.run(quotas.count, "zalo", connecting.quota(Settings()).day_of(datetime.now(UTC)), sent=60, received=24)
    db.close()
    async with ZaloServer(zalo, ZALO_TOKEN) as server:
        given = {"DATABASE_URL": database_url, "ZALO_BOT_TOKEN": ZALO_TOKEN, "ZALO_API_BASE": server.address}
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        [*fine, missing] = await asyncio.to_thread(_zalo_findings, Settings())
        monkeypatch.setenv("PUBLIC_URL", "https://sotin.test/")
        tight = await asyncio.to_thread(_zalo_findings, Settings(zalo_messages_a_month=100))
        wrong = await asyncio.to_thread(_zalo_findings, Settings(zalo_bot_token=SecretStr("1:wrong")))
    assert fine == [
        Finding(True, f"Zalo knows the bot as {zalo.bot_name}"),
        Finding(True, "Zalo's quota: 84 messages today, 84 of 3000 this month, both ways"),
    ]
    assert missing == Finding(
        False, "PUBLIC_URL is not set: Zalo carries files and pictures only as links, and needs it"
    )
    assert [each.fine for each in tight] == [True, False]
    assert wrong[0].words == "Zalo does not let the bot in: Zalo does not accept the token. Check ZALO_BOT_TOKEN"


def _zalo_findings(settings: Settings) -> list[Finding]:
    return [finding for finding in examine(settings) if finding.words.startswith(("Zalo", "TELEGRAM", "PUBLIC"))]
