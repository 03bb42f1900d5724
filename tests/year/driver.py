"""Drives the bot through the months: sets the clock forward, lets people act, kills the bot, and takes the record."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import exp, inf, log
from random import Random

from bot.app import App
from bot.campaigns import UnitRow, load
from bot.sandbox import people as phones
from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from bot.storage.db import Database
from bot.storage.migrate import migrate
from tests.cast import TOKEN
from tests.databases import A_MONDAY
from tests.year import deeds, world
from tests.year.almanac import VIETNAM
from tests.year.bot import Bot
from tests.year.record import Heard, Place, Record, Settled, Somebody

# Each day some minutes later or earlier.
LOOKS = ((0, 40), (6, 45), (8, 10), (9, 30), (11, 30), (14, 0), (15, 20), (16, 20), (17, 30), (18, 20), (20, 10))
SHORTEST, LONGEST = 10.0, 3 * 24 * 60.0  # minutes for which the bot is down
POSTS_A_WEEK = 0.9
BLOCKS_A_DAY = 0.15


@dataclass(frozen=True, slots=True)
class Size:
    """How much is simulated. The same seed gives the same draws.

    pauses: a killed bot comes back late, too, and not at once; only one that was put down in peace does without it.
    looks: the hours and minutes at which the bot is looked after.
    """

    units: int
    members: int
    days: int
    kills: int
    seed: int
    pauses: bool = True
    looks: tuple[tuple[int, int], ...] = LOOKS


class Year:
    """One simulation over a database of its own that has no tables yet."""

    def __init__(self, database_url: str, size: Size) -> None:
        self._url = database_url
        self._size = size
        self._chance = Random(size.seed)  # noqa: S311 -- repeatable, guards nothing
        self._habits = deeds.Habits(Random(size.seed + 1), {})  # noqa: S311 -- the same
        clock = SandboxClock()
        clock.set_forward(A_MONDAY)
        self._world = World(clock=clock, scale=inf)
        self._rows = world.tree(size.units)
        self._places = world.places(self._rows)
        self._people = world.cast(self._world, self._rows, size.members, (1, 2), A_MONDAY)
        self._settled: list[Settled] = []
        self._up: list[datetime] = []
        self._blocked: dict[int, datetime] = {}
        self._handed_in = 0
        self._end = A_MONDAY + timedelta(days=size.days)

    async def run(self) -> Record:
        """Live through it all."""
        self._found()
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(SandboxServer(self._world, TOKEN))
            self._bot = Bot(self._url, server, self._chance)
            stack.push_async_callback(self._bot.stop)
            await self._live()
        heard = [
            Heard(person.chat, message.date, message.text)
            for person in self._people
            for message in self._world.messages(person.chat)
            if message.from_bot
        ]
        return Record(A_MONDAY, self._end, self._places, self._people, self._settled, self._up, heard)

    def _found(self) -> None:
        db = Database(self._url)
        migrate(db.engine)
        with db.transaction() as session:
            world.found_ledger(session, load("long_an"), self._rows, self._people, A_MONDAY)
        db.close()

    async def _live(self) -> None:
        looks = self._looks()
        deaths = set(self._chance.sample(range(5, len(looks)), min(self._size.kills, len(looks) - 5)))
        changes = {len(looks) // 3: self._open_unit, len(looks) // 2: self._close_unit}
        away_until = A_MONDAY
        for place, at in enumerate(looks):
            if at < away_until:
                continue
            self._world.clock.set_forward(max(at, self._world.clock.now()))
            await self._bot.start(self._replicas(at))
            if place in deaths:
                away_until = await self._die()
                continue
            if place - 1 not in deaths and away_until < looks[place - 1]:  # nobody can file before it is back
                await self._act()
            if changes and place >= min(changes):
                await changes.pop(min(changes))()
            await self._look()

    async def _die(self) -> datetime:
        """Be killed, or be put down in peace; until when it is away."""
        killed, now = self._chance.random() < 0.6, self._world.clock.now()
        away = timedelta(minutes=exp(self._chance.uniform(log(SHORTEST), log(LONGEST))))
        await (self._bot.die() if killed else self._bot.stop())
        if not killed or self._size.pauses:
            return now + away
        await self._bot.start()
        await self._look()
        return now

    async def _look(self) -> None:
        self._up.append(self._world.clock.now())
        await self._bot.work()

    async def _act(self) -> None:
        app, now = self._bot.app, self._world.clock.now()
        self._settled += await app.db.run(deeds.settle_reports, app.setup, self._habits, now)
        share = POSTS_A_WEEK / (7 * len(self._size.looks))
        authors = [person for person in self._people if self._chance.random() < share]
        await app.db.run(deeds.hand_in, app.setup.campaign.code, authors, self._handed_in, now)
        self._handed_in += len(authors)
        await self._block_and_unblock(app, now)

    async def _block_and_unblock(self, app: App, now: datetime) -> None:
        """Some admin blocks the bot for a few days, and then starts it again."""
        if self._chance.random() < BLOCKS_A_DAY / len(self._size.looks):
            person = self._chance.choice([each for each in self._people if each.files])
            if person.chat not in self._blocked:
                self._blocked[person.chat] = now + timedelta(days=self._chance.uniform(1, 6))
                person.deaf.append((now, None))
                phones.block(self._world, self._world.person(person.chat))
        for person in [each for each in self._people if self._blocked.get(each.chat, now) < now]:
            del self._blocked[person.chat]
            phones.unblock(self._world, self._world.person(person.chat))
            phones.start(self._world, self._world.person(person.chat))
            await app.settle()
            person.deaf[-1] = (person.deaf[-1][0], self._world.clock.now())

    async def _open_unit(self) -> None:
        app, now = self._bot.app, self._world.clock.now()
        row = UnitRow("new", "commune", "Xã Mới Lập", "d1")
        admin = Somebody(self._world.add_person("Người mới", started=True).id, row.name, True, now)

        day, campaign = now.astimezone(VIETNAM).date(), load("long_an")
        rows = [*self._rows, row]
        await app.db.run(partial(world.open_unit, campaign=campaign, rows=rows, admin=admin, day=day, now=now))
        self._places.append(Place(row.name, self._rows[1].name, True, opened_on=day))
        self._people.append(admin)

    async def _close_unit(self) -> None:
        app, now = self._bot.app, self._world.clock.now()
        place = next(each for each in reversed(self._places) if each.name.startswith("Xã Bên"))
        await app.db.run(partial(deeds.close_unit, setup=app.setup, name=place.name, now=now))
        place.closed_on, place.closed_at = now.astimezone(VIETNAM).date(), now

    def _replicas(self, at: datetime) -> int:
        """Two of them every other week, where the database allows it."""
        return 2 if self._url.startswith("postgresql") and at.isocalendar().week % 2 else 1

    def _looks(self) -> list[datetime]:
        day, found = A_MONDAY.astimezone(VIETNAM).replace(hour=0, minute=0), list[datetime]()
        while day < self._end:
            jitter = timedelta(minutes=self._chance.randint(-8, 8))
            found += [day + timedelta(hours=hour, minutes=minute) + jitter for hour, minute in self._size.looks]
            day += timedelta(days=1)
        return [at for at in found if A_MONDAY < at < self._end]
