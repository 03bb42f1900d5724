"""A world without limits, served over HTTP, with the real Bot API client talking to it."""

import math
import shutil
import ssl
import struct
import subprocess
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from subprocess import DEVNULL

import pytest
from playwright.async_api import BrowserContext, async_playwright
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.sandbox.model import Chat, Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World

TOKEN = "1000000001:the-sandbox-of-the-tests"  # noqa: S105 # opens nothing but the server of one test
FLAGS = [
    "--headless",
    "--remote-debugging-port=0",
    "--no-first-run",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def spans_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client warns of its older way to give a span, and warnings are errors here."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def world() -> World:
    return World(scale=math.inf)


@pytest.fixture
def alice(world: World) -> Person:
    return world.add_person("Alice", username="alice", description="a member", started=True)


@pytest.fixture
def bob(world: World) -> Person:
    return world.add_person("Bob", description="a unit admin", started=True)


@pytest.fixture
def group(world: World, alice: Person, bob: Person) -> Chat:
    return world.add_group("Truyền thông DQTV xã Tuyên Thạnh", [alice], [bob])


@pytest.fixture
async def server(world: World) -> AsyncIterator[SandboxServer]:
    async with SandboxServer(world, TOKEN) as running:
        yield running


@pytest.fixture
async def bot(server: SandboxServer) -> AsyncIterator[Bot]:
    async with client_of(server) as client:
        yield client


def client_of(server: SandboxServer) -> Bot:
    """A client that reads none of the machine's certificates: plain HTTP needs none, and they take 0.2 s."""
    plain = {"verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}
    calls, polls = HTTPXRequest(httpx_kwargs=plain), HTTPXRequest(httpx_kwargs=plain)
    return Bot(
        server.token,
        base_url=server.bot_url,
        base_file_url=server.file_url,
        request=calls,
        get_updates_request=polls,
    )


@pytest.fixture
def picture() -> bytes:
    """A grey PNG of 24 × 16."""
    header = struct.pack(">IIBBBBB", 24, 16, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + b"\x80" * 24 for _ in range(16)))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one browser for all tests: to start it takes as long as most of them."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.fail("The tests of the page need Chromium, and no chromium or google-chrome is on the PATH.")
    folder = tmp_path_factory.mktemp("chromium")
    command = [path, f"--user-data-dir={folder}", *FLAGS]
    with subprocess.Popen(command, stdout=DEVNULL, stderr=DEVNULL) as browser:  # noqa: S603 -- found on the PATH
        try:
            yield f"http://127.0.0.1:{_port(folder / 'DevToolsActivePort', browser)}"
        finally:
            browser.terminate()


def _port(said_in: Path, browser: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 30
    while not (said_in.exists() and (lines := said_in.read_text().splitlines())):
        if browser.poll() is not None or time.monotonic() > deadline:
            pytest.fail("Chromium did not start.")
        time.sleep(0.02)  # another process's file has no event to wait for
    return lines[0]


@pytest.fixture
async def context(chromium: str) -> AsyncIterator[BrowserContext]:
    """Nobody was there before: what a test leaves in the browser goes with its context."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium)
        made = await browser.new_context(permissions=["clipboard-read", "clipboard-write"], locale="vi-VN")
        made.set_default_timeout(5000)
        yield made
        await made.close()
        await browser.close()
