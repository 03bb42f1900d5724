"""A storm: the bot in a process of its own tells thousands, is refused, blocked, paused, killed and started again."""

import asyncio
import itertools
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.sandbox import people
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.model import Chat, Message, Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from bot.storage.db import Database
from tests.cast import TOKEN
from tests.crash.processes import Process
from tests.storm.check import Figures, Record, Talk, check
from tests.storm.ledger import COORDINATOR, FIRST_CHAT, WORDS, Ledger

REFUSED_AT_ONCE = 40
TALKERS = 20  # nobody asks so often that it is too much
PAUSE_BETWEEN = 0.1  # seconds between an answer and the next question
ANSWER_WITHIN = 20.0
OVER = "đã gửi xong"
SILENT_FOR = 3.0  # seconds after a 429 that count as its doing: a message waits for the bot's silence and the queue


@dataclass(frozen=True, slots=True)
class Size:
    """How much a storm does; `refusals` are bursts of 429, `blocked` the share of people who blocked the bot.

    `scale` multiplies Telegram's limits: few people at a great pace would all be told before anybody could pause.
    """

    recipients: int
    kills: int
    refusals: int
    blocked: float
    seed: int
    within: float
    scale: float = 100


class Storm:
    """One storm over a database of its own."""

    def __init__(self, world: "CountingWorld", ledger: Ledger, bot: Process, size: Size) -> None:
        self._world = world
        self._ledger = ledger
        self._bot = bot
        self._size = size
        self._chance = random.Random(size.seed)  # noqa: S311 -- must be repeatable, guards no secret
        self._talks: list[Talk] = []
        self._troubles: list[tuple[float, float]] = []  # when the bot was dead, or silenced
        self._in_flight = self._told_while_paused = 0

    async def run(self, chats: list[str], blocked: frozenset[str]) -> Record:
        """Tell everybody, in spite of it all."""
        talkers = [self._world.person(int(chat)) for chat in chats if chat not in blocked][:TALKERS]
        await self._bot.start()
        await self._until(lambda: self._arrived() > 0)
        talking = asyncio.create_task(self._talk(talkers))
        try:
            await self._trouble()
            await self._until(lambda: OVER in self._progress().text)
        finally:
            talking.cancel()
            with suppress(asyncio.CancelledError):
                await talking
        await self._bot.stop()
        arrived = {chat: self._count(chat) for chat in chats}
        report = self._ledger.report()
        whole = frozenset(chats)
        return Record(arrived, report, whole, blocked, self._in_flight, self._told_while_paused, self._talks)

    async def _trouble(self) -> None:
        """Kills and bursts of 429, spread over the whole; the middle kill falls into a pause."""
        size, steps = self._size, self._size.kills + self._size.refusals
        kinds = ["kill"] * size.kills + ["refuse"] * size.refusals
        self._chance.shuffle(kinds)
        paused = size.kills // 2
        killed = 0
        for step, kind in enumerate(kinds, 1):
            await self._until(partial(self._has_reached, 0.9 * step / (steps + 1)))
            await asyncio.sleep(self._chance.uniform(0, 0.2))  # between two messages as well
            if kind == "refuse":
                self._world.faults.add(Fault(FaultKind.TOO_MANY_REQUESTS, REFUSED_AT_ONCE, "sendMessage"))
                self._troubles.append((time.monotonic(), time.monotonic() + SILENT_FOR * REFUSED_AT_ONCE / 16))
            elif killed == paused:
                await self._pause_die_and_resume()
            else:
                await self._die()
            killed += kind == "kill"

    async def _die(self) -> None:
        begun = time.monotonic()
        await self._bot.kill()
        self._in_flight += await asyncio.to_thread(self._ledger.in_flight)
        before = self._arrived()
        await self._bot.start()
        await self._until(lambda: self._goes_on(before))
        self._troubles.append((begun, time.monotonic()))

    async def _pause_die_and_resume(self) -> None:
        await self._press("Tạm dừng")
        await self._until(lambda: "tạm dừng" in self._progress().text)
        await asyncio.sleep(1.0)  # what was in flight arrives
        before = self._arrived()
        begun = time.monotonic()
        await self._bot.kill()
        self._in_flight += await asyncio.to_thread(self._ledger.in_flight)
        answered = self._answered()
        await self._bot.start()
        # The first answer may be one of before the kill; after a second one it has had time to go on, if it would.
        await self._until(lambda: self._answered() >= answered + 3)
        self._troubles.append((begun, time.monotonic()))
        self._told_while_paused = self._arrived() - before
        await self._press("Gửi tiếp")
        await self._until(lambda: self._goes_on(before))

    def _goes_on(self, before: int) -> bool:
        """Whether somebody more was told, or nobody is left: of few people all may have been told by then."""
        return self._arrived() > before or OVER in self._progress().text

    async def _press(self, label: str) -> None:
        await self._until(lambda: label in str(self._progress().buttons))
        message = self._progress()
        for column, button in enumerate(message.buttons[0]):
            if label in button["text"]:
                people.press(self._world, self._world.person(int(COORDINATOR)), message, 0, column)

    def _progress(self) -> Message:
        """The newest message that shows how far it is."""
        chat = self._world.messages(int(COORDINATOR))
        empty = Message(0, self._world.chat(int(COORDINATOR)), self._world.bot, self._world.clock.now())
        return next((each for each in reversed(chat) if "▓" in each.text or "░" in each.text), empty)

    async def _talk(self, talkers: list[Person]) -> None:
        """Ask again and again, one after the other, and measure how long the answer takes."""
        for person in itertools.cycle(talkers):
            before = len(self._world.messages(person.id))
            asked = time.monotonic()
            people.say(self._world, person, "/trogiup")
            try:
                answered = await self._answer(person, before + 1)
            except TimeoutError:
                answered = None
            self._talks.append(Talk(answered - asked if answered else None, self._disturbed(asked, time.monotonic())))
            await asyncio.sleep(PAUSE_BETWEEN)

    async def _answer(self, person: Person, after: int) -> float:
        def come() -> bool:
            return any(each.from_bot and WORDS not in each.text for each in self._world.messages(person.id)[after:])

        await self._world.until(come, ANSWER_WITHIN)
        return time.monotonic()

    def _disturbed(self, start: float, end: float) -> bool:
        return self._bot.ended() or any(start < until and begun < end for begun, until in self._troubles)

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._must_be_running()
            await asyncio.sleep(0.05)

    def _must_be_running(self) -> None:
        if self._bot.ended():
            raise RuntimeError(f"the bot ended by itself:\n{self._bot.last_words()}")

    def _answered(self) -> int:
        return sum(each.seconds is not None for each in self._talks)

    def _has_reached(self, share: float) -> bool:
        return self._arrived() >= self._size.recipients * share

    def _arrived(self) -> int:
        return sum(self._world.counted.values())

    def _count(self, chat: str) -> int:
        return sum(each.from_bot and WORDS in each.text for each in self._world.messages(int(chat)))


class CountingWorld(World):
    """A world that counts the broadcast's messages as they come."""

    def __init__(self, scale: float) -> None:
        super().__init__(scale=scale)
        self.counted: dict[int, int] = {}

    def post(self, chat: Chat, sender: Person, text: str = "", **content: Any) -> Message:
        """The world's own, counted."""
        if sender.is_bot and WORDS in text:
            self.counted[chat.id] = self.counted.get(chat.id, 0) + 1
        return super().post(chat, sender, text, **content)


async def run(url: str, folder: Path, size: Size) -> Figures:
    """Do a storm on a database with its tables in place; whatever happens, no process is left behind."""
    world = CountingWorld(size.scale)
    world.add_person("Dung", person_id=int(COORDINATOR), started=True)
    chats = [str(FIRST_CHAT + number) for number in range(size.recipients)]
    for chat in chats:
        world.add_person(f"Thành viên {chat}", person_id=int(chat), started=True)
    chance = random.Random(size.seed)  # noqa: S311 -- as above
    blocked = frozenset(chance.sample(chats[1:], int(size.blocked * len(chats))))
    for chat in blocked:
        del world.chat(int(chat)).members[world.bot.id]  # the bot was not told
    ledger = Ledger(Database(url))
    now = datetime.now(UTC)
    ledger.enrol(chats, now)
    ledger.begin(now)
    async with (
        asyncio.timeout(size.within),
        SandboxServer(world, TOKEN) as server,
        _bot(url, folder, server, size) as bot,
    ):
        record = await Storm(world, ledger, bot, size).run(chats, blocked)
    ledger.database.close()
    return check(record)


def _bot(url: str, folder: Path, server: SandboxServer, size: Size) -> Process:
    return Process(
        folder,
        "bot",
        "run",
        TELEGRAM_BOT_TOKEN=TOKEN,
        TELEGRAM_API_BASE=server.address,
        TELEGRAM_LIMIT_SCALE=str(size.scale),
        DATABASE_URL=url,
    )
