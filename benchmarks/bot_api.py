"""A stand-in for Telegram's Bot API, as bare as it can be: python -m benchmarks.bot_api PORT.

A process of its own, the same for every contender: it hands out updates, takes messages, and measures between the two.
`POST /play` with a Play as JSON begins a run, `GET /outcome` answers when the run is over, `GET /polls` tells how often
was asked for updates.
"""

import asyncio
import contextlib
import json
import random
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "1000000001:benchmark"  # noqa: S105 -- opens nothing but this stand-in
BOT = {"id": 1000000001, "is_bot": True, "first_name": "Bot", "username": "benchmark_bot"}
DATE = 1_790_000_000
MOST = 100
POLL_WITHIN = 2.0
SYLLABLES = [
    first + rest
    for first in ("b", "ch", "đ", "h", "kh", "l", "m", "ng", "th", "tr")
    for rest in ("an", "ầu", "ạch", "ên", "iến", "ó", "ọc", "ơn", "uân", "ưởng", "ý", "ông")
]
WORDS = 30


@dataclass(frozen=True, slots=True)
class Play:
    """What a run does: `count` updates to `chats` chats, all at once or `rate` a second, saying `text`.

    “{n}” in the text becomes the update's number, “{chat}” the chat's, “{words}” some
    that no other update has. `delay` is the messenger's way in seconds. `limit` answers 429 to more
    messages a second, 0 to none. `answers` is the number of messages after which the run is over.
    """

    count: int
    chats: int
    text: str
    answers: int
    rate: float = 0.0
    delay: float = 0.0
    limit: float = 0.0
    within: float = 120.0


@dataclass(slots=True)
class Run:
    """What happened in a run so far."""

    play: Play
    began: float
    waiting: deque[dict[str, Any]] = field(default_factory=deque)
    asked: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    latencies: list[float] = field(default_factory=list)
    sent: int = 0
    first: float = 0.0
    last: float = 0.0
    told: list[float] = field(default_factory=list)
    refused: int = 0
    tokens: float = 0.0
    filled: float = 0.0
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Standin:
    """The server's state: one run at a time."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.run: Run | None = None
        self.number = 0
        self.message = 0
        self.polls = 0
        self.arrived = asyncio.Event()
        self.unconfirmed: deque[dict[str, Any]] = deque()

    def play(self, play: Play) -> None:
        self.run = Run(play, self.now(), tokens=max(1.0, play.limit))
        self.run.filled = self.run.began
        if play.rate == 0:
            for _ in range(play.count):
                self.ask(self.run)

    async def pace(self, run: Run) -> None:
        """Hand the updates out one by one, at the run's rate."""
        for index in range(run.play.count):
            wait = run.began + index / run.play.rate - self.now()
            if wait > 0:
                await asyncio.sleep(wait)
            self.ask(run)

    def ask(self, run: Run) -> None:
        """One update more is there to be fetched."""
        self.number += 1
        chat = self.number % run.play.chats + 1
        person = {"id": chat, "is_bot": False, "first_name": "Bạn", "language_code": "vi"}
        text = self.text(run.play.text, chat)
        message: dict[str, Any] = {
            "message_id": self.number,
            "date": DATE,
            "chat": {"id": chat, "type": "private", "first_name": "Bạn"},
            "from": person,
            "text": text,
        }
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        run.waiting.append({"update_id": self.number, "message": message})
        run.asked[chat].append(self.now())
        self.arrived.set()

    def text(self, pattern: str, chat: int) -> str:
        """What is said, with this update's number, its chat and words of its own."""
        said = pattern.replace("{n}", str(10**15 + self.number)).replace("{chat}", str(chat))
        if "{words}" in said:
            draw = random.Random(self.number)  # noqa: S311 -- nothing secret is drawn
            said = said.replace("{words}", " ".join(draw.choices(SYLLABLES, k=WORDS)))
        return said

    async def updates(self, offset: int, wait: float) -> list[dict[str, Any]]:
        """What is not confirmed by `offset`."""
        self.polls += 1
        while self.unconfirmed and self.unconfirmed[0]["update_id"] < offset:
            self.unconfirmed.popleft()
        run = self.run
        if not self.unconfirmed and not (run and run.waiting) and wait:
            self.arrived.clear()
            try:
                await asyncio.wait_for(self.arrived.wait(), min(wait, POLL_WITHIN))
            except TimeoutError:
                return []
        run = self.run
        while run and run.waiting and len(self.unconfirmed) < MOST:
            self.unconfirmed.append(run.waiting.popleft())
        return list(self.unconfirmed)

    def take(self, chat: int) -> int | None:
        """A message arrives: its number, or None if it is over the limit."""
        now, run = self.now(), self.run
        self.message += 1
        if run is None or run.over.is_set():
            return self.message
        if run.play.limit:
            run.tokens = min(run.play.limit, run.tokens + (now - run.filled) * run.play.limit)
            run.filled = now
            if run.tokens < 1:
                run.refused += 1
                return None
            run.tokens -= 1
        run.sent += 1
        run.first = run.first or now
        run.last = now
        if asked := run.asked.get(chat):
            run.latencies.append(now - asked.popleft())
        else:
            run.told.append(now)
        if run.sent >= run.play.answers:
            run.over.set()
        return self.message

    async def outcome(self) -> dict[str, float]:
        """How the run went, once it is over; times in seconds."""
        run = self.run
        if run is None:
            return {}
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(run.over.wait(), run.play.within)
        times = sorted(run.latencies) or [0.0]
        return {
            "seconds": run.last - run.began,
            "spread": run.last - run.first,
            "sent": run.sent,
            "answered": len(run.latencies),
            "p50": times[len(times) // 2],
            "p99": times[len(times) * 99 // 100],
            "worst": times[-1],
            "told": len(run.told),
            "telling": run.told[-1] - run.told[0] if run.told else 0.0,
            "refused": run.refused,
        }


def application() -> web.Application:
    """The Bot API's methods that bots call, and the two of the benchmark."""
    standin = Standin()
    pacing: set[asyncio.Task[None]] = set()

    async def call(request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        values = await _values(request)
        delay = standin.run.play.delay if standin.run else 0.0
        if delay:
            await asyncio.sleep(delay)
        if method == "getupdates":
            wait = float(values.get("timeout") or 0)
            return _ok(await standin.updates(int(values.get("offset") or 0), wait))
        if method == "sendmessage":
            chat = int(values["chat_id"])
            number = standin.take(chat)
            if number is None:
                return _too_many()
            sent = {"message_id": number, "date": DATE, "chat": {"id": chat, "type": "private"}, "text": "x"}
            return _ok({**sent, "from": BOT})
        return _ok(BOT if method == "getme" else True)

    async def begin(request: web.Request) -> web.Response:
        standin.play(Play(**await request.json()))
        if standin.run and standin.run.play.rate:
            task = asyncio.create_task(standin.pace(standin.run))
            pacing.add(task)
            task.add_done_callback(pacing.discard)
        return web.json_response({})

    async def outcome(_request: web.Request) -> web.Response:
        return web.json_response(await standin.outcome())

    async def polls(_request: web.Request) -> web.Response:
        return web.json_response(standin.polls)

    app = web.Application()
    app.router.add_post("/play", begin)
    app.router.add_get("/outcome", outcome)
    app.router.add_get("/polls", polls)
    app.router.add_route("*", "/bot{token}/{method}", call)
    return app


async def _values(request: web.Request) -> dict[str, Any]:
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        values |= await request.json()
    elif request.can_read_body:
        values |= dict(await request.post())
    return values


def _ok(result: object) -> web.Response:
    return web.Response(text=json.dumps({"ok": True, "result": result}), content_type="application/json")


def _too_many() -> web.Response:
    body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}
    return web.Response(status=429, text=json.dumps(body), content_type="application/json")


if __name__ == "__main__":
    web.run_app(application(), host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
