"""The two processes of a trial: the messenger, and the bot that is killed."""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.cast import TOKEN
from tests.crash.ledger import Message
from tests.crash.ways import Way

REPOSITORY = Path(__file__).parents[2]
WITHIN = 60.0  # for one step of a trial; on a quiet machine it takes a second or two


class Process:
    """A Python module as a process, with nothing of this process's settings; killed at the end of its block."""

    def __init__(self, folder: Path, *arguments: str, **settings: str) -> None:
        self.log = folder / f"{arguments[0]}.log"
        self._folder = folder
        self._arguments = arguments
        self._environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **settings}
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.kill()

    async def start(self) -> None:
        """Start it; all its output goes to the end of its log."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", *self._arguments),
                cwd=self._folder,  # there is no .env here
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """SIGKILL: it cannot do anything more."""
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        if self._process is None:
            raise RuntimeError("not started")
        self._process.terminate()
        async with asyncio.timeout(WITHIN):
            return await self._process.wait()

    async def ends(self) -> int:
        """Wait until it ends by itself; the exit code."""
        if self._process is None:
            raise RuntimeError("not started")
        async with asyncio.timeout(WITHIN):
            return await self._process.wait()

    def ended(self) -> bool:
        """True if it is not running, though it was started."""
        return self._process is not None and self._process.returncode is not None

    def last_words(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-30:])


class Messenger:
    """The sandbox in a process of its own: people speak through it, and it counts what the bot does, as it happens.

    `seen` holds the bot's calls by their kind in the sandbox's feed, such as "poll" and "message".
    """

    def __init__(self, folder: Path, way: Way) -> None:
        self._way = way
        self._process = Process(folder, "bot.sandbox", "--port", "0", "--token", TOKEN, *way.sandbox)
        self._stack = AsyncExitStack()
        self.news = asyncio.Event()
        self.seen: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._process)
        await self._process.start()
        self.address = await self._read_address()
        client = httpx.AsyncClient(base_url=f"{self.address}/sandbox", timeout=WITHIN, trust_env=False)
        self._client = await self._stack.enter_async_context(client)
        stream = client.stream("GET", "events", timeout=httpx.Timeout(WITHIN, read=None))
        self._stream = (await self._stack.enter_async_context(stream)).aiter_lines()
        await anext(self._stream)  # it is open: no event is missed from here on
        self._listening = asyncio.create_task(self._listen())
        self._stack.push_async_callback(self._end_listening)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def add_person(self, chat: str) -> None:
        """Somebody who opened the bot some time ago."""
        await self._post("person", name=f"Thành viên {chat}", id=chat, started=True)

    async def say(self, chat: str, text: str) -> str:
        """Somebody writes to the bot; the message's number."""
        return str((await self._post("say", person=chat, text=text))["id"])

    async def set_up(self) -> None:
        """Turn its knobs as the way wants it."""
        if self._way.knobs:
            await self._post("knobs", **self._way.knobs)

    async def slow_down(self, seconds: float) -> None:
        """Take so long for each message, so that more of them are on their way at any moment."""
        await self._post("fault", kind="delay", method="sendMessage", times=10**6, seconds=seconds)

    async def pending(self) -> int:
        """Updates that the bot did not confirm yet."""
        return int((await self._get("state"))["pending_updates"])

    async def arrived(self) -> list[Message]:
        """All messages of the bot, in the order in which they arrived."""
        sent = [each for each in await self._get("calls") if each["method"] == "sendMessage"]
        return [(str(each["params"]["chat_id"]), each["params"]["text"]) for each in sent if each["outcome"] == "ok"]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until the condition is true; it is looked at after every event, and once a second."""
        async with asyncio.timeout(WITHIN):
            while not condition():
                self.news.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.news.wait(), 1.0)

    async def _read_address(self) -> str:
        async with asyncio.timeout(WITHIN):
            while not (address := self._process.log.read_text().strip()).startswith("http"):
                if self._process.ended():
                    raise RuntimeError(f"the sandbox did not start:\n{address}")
                await asyncio.sleep(0.05)  # another process's file has no event to wait for
        return address

    async def _listen(self) -> None:
        async for line in self._stream:
            if line.startswith("data: "):
                self._count(json.loads(line.removeprefix("data: ")))

    def _count(self, event: dict[str, Any]) -> None:
        said_by_person = event["kind"] == "message" and not event["message"]["from_bot"]
        if not said_by_person:
            self.seen[event["kind"]] += 1
            self.news.set()

    async def _end_listening(self) -> None:
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)

    async def _post(self, action: str, **body: object) -> Any:
        return (await self._client.post(action, json=body)).raise_for_status().json()

    async def _get(self, what: str) -> Any:
        return (await self._client.get(what)).raise_for_status().json()
