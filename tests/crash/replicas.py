"""A trial of several replicas on one PostgreSQL behind one webhook address, killed in turn while people write.

Meanwhile reminders fall due, which every replica sees.
"""

import asyncio
import json
import random
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from bot.messages import Address
from bot.storage import people
from bot.storage.db import Database
from bot.storage.models import Membership, MembershipState, Role, Unit
from tests.cast import TOKEN
from tests.crash.check import Figures, Record, check
from tests.crash.front import Front
from tests.crash.ledger import GONE_WITHIN, Ledger, Message
from tests.crash.processes import Messenger, Process
from tests.crash.script import Said, Writer, enrol
from tests.crash.ways import WAYS, free_port

WAY = WAYS["telegram-pushed"]
FIRST_ADMIN = 800_001
A_SEND_TAKES = 0.3
REMINDER = "Nhắc nộp báo cáo"
SETTLES_WITHIN = 1.0  # seconds in which a living replica has long written down what became of a send


@dataclass(frozen=True, slots=True)
class Size:
    """How much a trial does; of the people `admins` are reminded, the others write. `seed` repeats script and draws."""

    replicas: int
    kills: int
    updates: int
    people: int
    admins: int
    seed: int
    within: float


@dataclass(frozen=True, slots=True)
class FleetFigures:
    """The figures of the crash test, and of the reminders."""

    updates: Figures
    reminders: int
    reminders_missing: int
    reminders_repeated_without_reason: int

    @property
    def wrong(self) -> dict[str, int]:
        """The figures that must be zero and are not."""
        own = {name: figure for name, figure in asdict(self).items() if name.startswith("reminders_") and figure}
        return self.updates.wrong | own


class FleetLedger(Ledger):
    """The database of several replicas, each known by the name of its sessions."""

    def orphans(self, replica: str) -> dict[int, Message]:
        """By its id, what is being sent once this replica's sessions have ended, by living ones as well."""
        here = f"datname = current_database() AND application_name = '{replica}'"
        its_sessions = f"SELECT count(*) FROM pg_stat_activity WHERE {here}"  # noqa: S608 -- our own names
        deadline = time.monotonic() + GONE_WITHIN
        while self._count(its_sessions):
            if time.monotonic() > deadline:
                raise TimeoutError("the dead replica still has sessions on the server")
            time.sleep(0.01)
        rows = self._rows("SELECT id, chat, body FROM outbox WHERE state = 'sending'")
        return {id_: (chat, json.loads(body)["text"]) for id_, chat, body in rows}

    def let_lease_run_out(self, ids: list[int]) -> list[int]:
        """Play the passing of the minute after which a claim is given up; which of these were still claimed."""
        statement = text(
            "UPDATE outbox SET claimed_until = '2000-01-01' WHERE state = 'sending' AND id IN :ids RETURNING id"
        ).bindparams(bindparam("ids", ids, expanding=True))
        with self._engine.begin() as connection:
            return list(connection.scalars(statement))

    def number_of_reminders(self) -> int:
        """Messages that were reminders."""
        return self._count("SELECT count(*) FROM outbox WHERE priority = '1_reminder' AND follows_id IS NULL")


class ListeningMessenger(Messenger):
    """Counts reminders apart, under "reminder"."""

    def _count(self, event: dict[str, Any]) -> None:
        if event["kind"] == "message" and REMINDER in event["message"]["text"]:
            self.seen["reminder"] += 1
            self.news.set()
        else:
            super()._count(event)


class Fleet:
    """The replicas of one trial."""

    def __init__(
        self, ledger: FleetLedger, messenger: Messenger, bots: list[Process], script: list[Said], size: Size
    ) -> None:
        self._ledger = ledger
        self._messenger = messenger
        self._bots = bots
        self._script = script
        self._size = size
        self._chance = random.Random(size.seed)  # noqa: S311 -- must be repeatable, guards no secret
        self._share = -(-len(script) // (size.kills + 1))
        self._deaths = self._returns = 0
        self._in_flight: list[Message] = []

    async def run(self) -> FleetFigures:
        """Kill each replica in turn as often as wanted, let them finish, and judge."""
        await asyncio.gather(*(self._start(bot) for bot in self._bots))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._talk())
            for number in range(self._size.kills):
                await self._live_and_die(number % len(self._bots))
        while not await self._is_quiet():  # noqa: ASYNC110 -- the database of another process has no event
            await asyncio.sleep(0.05)
        for bot in self._bots:
            if code := await bot.stop():
                raise RuntimeError(f"a replica ended with {code}:\n{bot.last_words()}")
        return await self._figures()

    async def _start(self, bot: Process) -> None:
        before = self._messenger.seen[WAY.listens]
        await bot.start()
        await self._messenger.until(lambda: self._messenger.seen[WAY.listens] > before or _must_run(bot))

    async def _talk(self) -> None:
        """Each kill falls among work: a quarter of a share is said at each death, the rest when all are there again."""
        for place, said in enumerate(self._script):
            life, within = divmod(place, self._share)
            await self._messenger.until(partial(self._may_say, life, whole=within >= self._share // 4))
            await self._messenger.say(said.chat, said.text)

    def _may_say(self, life: int, *, whole: bool) -> bool:
        return (self._returns if whole else self._deaths) >= life

    def _has_answered(self, times: int) -> bool:
        return self._messenger.seen["message"] >= times

    async def _live_and_die(self, which: int) -> None:
        answered = self._messenger.seen["message"] + self._chance.randint(1, self._share // 2)
        await self._messenger.until(partial(self._has_answered, answered))
        await asyncio.sleep(self._chance.uniform(0, 0.02))  # between two calls as well
        await self._bots[which].kill()
        self._deaths += 1
        self._messenger.news.set()
        claimed = await asyncio.to_thread(self._ledger.orphans, name_of(which))
        await asyncio.sleep(SETTLES_WITHIN if claimed else 0)
        lost = await asyncio.to_thread(self._ledger.let_lease_run_out, list(claimed))
        self._in_flight += [claimed[id_] for id_ in lost]
        await self._start(self._bots[which])
        self._returns += 1
        self._messenger.news.set()

    async def _is_quiet(self) -> bool:
        open_ = await self._messenger.pending() or await asyncio.to_thread(self._ledger.open)
        return not open_ and len(await self._reminders()) == self._size.admins

    async def _reminders(self) -> Counter[str]:
        """Chat → how often it was reminded."""
        return Counter(chat for chat, words in await self._messenger.arrived() if REMINDER in words)

    async def _figures(self) -> FleetFigures:
        ledger, arrived, reminded = self._ledger, await self._messenger.arrived(), await self._reminders()
        allowed = Counter(chat for chat, words in self._in_flight if REMINDER in words)
        record = Record(
            said=self._script,
            posts=ledger.posts(),
            rows=ledger.number_of_posts(),
            handled=ledger.handled(),
            answers=ledger.number_of_answers() - ledger.number_of_reminders(),
            arrived=[each for each in arrived if REMINDER not in each[1]],
            in_flight=[each for each in self._in_flight if REMINDER not in each[1]],
        )
        again = Counter({chat: times - 1 for chat, times in reminded.items()})
        return FleetFigures(check(record), len(reminded), self._size.admins - len(reminded), (again - allowed).total())


async def run(url: str, folder: Path, size: Size) -> FleetFigures:
    """Do a trial on a PostgreSQL with its tables in place; whatever happens, no process is left behind."""
    script = Writer(random.Random(size.seed)).script(size.updates, size.people)  # noqa: S311 -- as above
    chats = sorted({said.chat for said in script})
    admins = [str(FIRST_ADMIN + number) for number in range(size.admins)]
    _enrol(url, chats, admins)
    ports = [free_port() for _ in range(size.replicas)]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(asyncio.timeout(size.within))
        messenger = await stack.enter_async_context(ListeningMessenger(folder, WAY))
        front = await stack.enter_async_context(Front(ports))
        for chat in chats + admins:
            await messenger.add_person(chat)
        await messenger.slow_down(A_SEND_TAKES)
        common = {
            "BEGUN_AT": datetime.now(UTC).isoformat(),
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": messenger.address,
            "TELEGRAM_LIMIT_SCALE": "100000",
            "TELEGRAM_WEBHOOK_URL": f"{front.address}/hook",
        }
        bots = []
        for number, port in enumerate(ports):
            (own := folder / name_of(number)).mkdir()
            at = {"DATABASE_URL": f"{url}&application_name={name_of(number)}", "WEBHOOK_PORT": str(port)}
            bot = Process(own, "tests.crash.by_day", **common, **at)
            bots.append(await stack.enter_async_context(bot))
        return await Fleet(FleetLedger(url), messenger, bots, script, size).run()


def name_of(number: int) -> str:
    """By which a replica's sessions are known."""
    return f"replica-{number}"


def _must_run(bot: Process) -> bool:
    if bot.ended():
        raise RuntimeError(f"a replica ended by itself:\n{bot.last_words()}")
    return False


def _enrol(url: str, chats: list[str], admins: list[str]) -> None:
    database = Database(url)
    now = datetime.now(UTC)
    with database.transaction() as session:
        enrol(session, WAY.channel, chats, now)
        units = session.scalars(select(Unit).where(Unit.type == "commune").order_by(Unit.id).limit(len(admins))).all()
        for chat, unit in zip(admins, units, strict=True):
            _appoint(session, chat, unit, now)
    database.close()


def _appoint(session: Session, chat: str, unit: Unit, now: datetime) -> None:
    account = people.add_person(session, Address(WAY.channel, chat), "vi", now)
    admin = Membership(person=account.person, unit=unit, full_name="Nguyễn Thị C", kind="can_bo")
    admin.role, admin.state, admin.created_at, admin.decided_at = Role.UNIT_ADMIN, MembershipState.ACTIVE, now, now
    session.add(admin)
