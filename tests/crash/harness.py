"""A trial: people write to the bot while it is killed at random moments and started again."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from bot.storage.db import Database
from tests.crash.check import Figures, Record, check
from tests.crash.ledger import Ledger, Message
from tests.crash.processes import Messenger, Process
from tests.crash.script import Said, Writer, enrol
from tests.crash.ways import WAYS, Way

DIES_AT_START = 0.2  # of the kills
LONGEST_DELAY = 0.3  # seconds: about a turn of handling


@dataclass(frozen=True, slots=True)
class Size:
    """How much a trial does, and on which way. The same seed gives the same script and the same draws for the kills."""

    kills: int
    updates: int
    people: int
    seed: int
    within: float
    way: Way = WAYS["telegram-polled"]


class Trial:
    """One trial over a database of its own."""

    def __init__(self, ledger: Ledger, messenger: Messenger, bot: Process, script: list[Said], size: Size) -> None:
        self._ledger = ledger
        self._messenger = messenger
        self._bot = bot
        self._script = script
        self._kills = size.kills
        self._way = size.way
        self._chance = _chance(size)
        self._share = -(-len(script) // size.kills)
        self._starts = self._deaths = 0
        self._before: Counter[str] = Counter()
        self._in_flight: list[Message] = []
        self._numbers: list[str] = []

    async def run(self) -> Record:
        """Kill the bot as often as wanted, let it finish in peace, and take the record."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._talk())
            for _ in range(self._kills):
                await self._live_and_die()
        await self._start()
        # With all work done before the last kill it would be told to stop while it is still starting.
        await self._until(self._way.listens, 1)
        await self._become_quiet()
        if code := await self._bot.stop():
            raise RuntimeError(f"the bot ended with {code}:\n{self._bot.last_words()}")
        return await self._record()

    async def _talk(self) -> None:
        """Every life of the bot has its share: a quarter is said at its start, the rest when it listens or is dead."""
        for place, said in enumerate(self._script):
            life, within = divmod(place, self._share)
            await self._messenger.until(partial(self._may_say, life, listening=within >= self._share // 4))
            self._numbers.append(await self._messenger.say(said.chat, said.text))

    def _may_say(self, life: int, *, listening: bool) -> bool:
        return self._deaths > life or (self._starts > life and (not listening or self._listens()))

    async def _live_and_die(self) -> None:
        """The moment of the kill is drawn in calls of the bot, then in milliseconds, to fall between calls as well."""
        await self._start()
        await self._until(self._way.starts, self._chance.randint(1, self._way.calls))
        if self._chance.random() > DIES_AT_START:
            await self._until(self._way.listens, 1)
            # Below zero nothing needs to be answered yet: it dies while it keeps and handles the first updates. A
            # share is said and answered in each life at the least, so the moment comes.
            await self._until("message", self._chance.randint(-self._share // 2, self._share))
        await asyncio.sleep(self._chance.uniform(0, LONGEST_DELAY))
        await self._bot.kill()
        in_flight = await asyncio.to_thread(self._ledger.after_kill)
        self._in_flight += [(chat, self._way.words(text)) for chat, text in in_flight]
        self._deaths += 1
        self._messenger.news.set()

    async def _start(self) -> None:
        self._before = self._messenger.seen.copy()
        await self._bot.start()
        self._starts += 1
        self._messenger.news.set()

    async def _until(self, kind: str, times: int) -> None:
        await self._messenger.until(lambda: self._has_done(kind, times) or self._must_be_running())

    def _listens(self) -> bool:
        return self._has_done(self._way.listens, 1)

    def _has_done(self, kind: str, times: int) -> bool:
        """Whether the bot made so many calls of a kind in this life."""
        return self._messenger.seen[kind] >= self._before[kind] + times

    async def _become_quiet(self) -> None:
        while await self._messenger.pending() or await asyncio.to_thread(self._ledger.open):
            self._must_be_running()
            await asyncio.sleep(0.05)  # the database of another process has no event to wait for

    def _must_be_running(self) -> Literal[False]:
        if self._bot.ended():
            raise RuntimeError(f"the bot ended by itself:\n{self._bot.last_words()}")
        return False

    async def _record(self) -> Record:
        ledger = self._ledger
        said = self._taken() if self._way.may_get_lost else self._script
        return Record(
            said=[replace(each, answer=self._way.words(each.answer)) for each in said],
            posts=ledger.posts(),
            rows=ledger.number_of_posts(),
            handled=ledger.handled(),
            arrived=await self._messenger.arrived(),
            answers=ledger.number_of_answers(),
            in_flight=self._in_flight,
            lost_on_the_way=len(self._script) - len(said),
            may_get_lost=self._kills,
        )

    def _taken(self) -> list[Said]:
        """What the bot ever had in its hands: the numbers of its updates end with those of the messages."""
        kept = {number.rpartition(" ")[2] for number in self._ledger.kept()}
        return [said for said, number in zip(self._script, self._numbers, strict=True) if number in kept]


async def run(url: str, folder: Path, size: Size) -> Figures:
    """Do a trial on a database with its tables in place; whatever happens, no process is left behind."""
    way = size.way
    script = Writer(_chance(size), some_get_lost=way.may_get_lost).script(size.updates, size.people)
    chats = sorted({said.chat for said in script})
    _enrol(url, way.channel, chats)
    async with asyncio.timeout(size.within), Messenger(folder, way) as messenger:
        for chat in chats:
            await messenger.add_person(chat)
        await messenger.set_up()
        async with Process(folder, "bot", "run", DATABASE_URL=url, **way.settings(messenger.address)) as bot:
            return check(await Trial(Ledger(url), messenger, bot, script, size).run())


def _chance(size: Size) -> random.Random:
    return random.Random(size.seed)  # noqa: S311 -- must be repeatable, guards no secret


def _enrol(url: str, channel: str, chats: list[str]) -> None:
    database = Database(url)
    with database.transaction() as session:
        enrol(session, channel, chats, datetime.now(UTC))
    database.close()
