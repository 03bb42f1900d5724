"""The composition root: builds the parts from the settings and runs them side by side."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Set
from datetime import UTC, datetime

import structlog
from sqlalchemy.orm import Session

from bot import inbox
from bot.actions import confirmation, group_links, summary_charts, wanted
from bot.campaigns import load
from bot.channels.base import Channel, CommandMenu, Identity, SendError
from bot.delivery import Delivery
from bot.delivery.claims import release
from bot.domain.links import find_links
from bot.domain.readings import Reading
from bot.drawing import Drawer, Drawing
from bot.group_admins import GroupAdmins
from bot.logs import failure
from bot.messages import RawUpdate
from bot.posts.base import Proof, Source, Unread
from bot.reading import PostReader
from bot.routing import Routes
from bot.settings import Settings
from bot.setup import Setup
from bot.storage import installation
from bot.storage.db import Database
from bot.storage.migrate import migrate
from handlers import GROUP_MENU, MENU, ROUTERS
from handlers.rights import RIGHTS
from scheduler import clock as ticking
from scheduler.jobs import JOBS, Job

log = structlog.get_logger()

Clock = Callable[[], datetime]
LONG_POLL = 50.0
RECONNECT = (1.0, 2.0, 5.0, 15.0, 30.0)


def utc_now() -> datetime:
    """The clock of a real installation."""
    return datetime.now(UTC)


class App:
    """The bot over its database and channels. `receive`, `handle`, `deliver` and `tick` each do one unit of work."""

    def __init__(
        self,
        settings: Settings,
        channels: Mapping[str, Channel],
        now: Clock = utc_now,
        sources: tuple[Source, ...] = (),
    ) -> None:
        self.settings = settings
        self.channels = channels
        self.now = now
        self.db = Database(settings.database_url)
        self.delivery = Delivery(self.db, channels, now, settings.telegram_limit_scale)
        self.reader = PostReader(self.db, sources, now, self._settle_reading)
        self.group_admins = GroupAdmins(self.db, channels, now, self._settle_group)
        self.drawer = Drawer(self.db, [self._next_chart, self._next_picture], now)
        self.arrived = asyncio.Event()
        self._sources = sources
        self._routes = Routes(ROUTERS, RIGHTS, channels, lambda: self.setup, lambda text: bool(find_links(text)))
        self._identities: dict[str, Identity] = {}
        self._setup: Setup | None = None

    @property
    def setup(self) -> Setup:
        """What handlers may know of the installation; there once the app is open."""
        if self._setup is None:
            raise RuntimeError("the app is not open yet")
        return self._setup

    def use(self, setup: Setup) -> None:
        """Go on with these choices of the installation."""
        self._setup = setup

    async def open(self) -> None:
        """Bring the tables up to date and say hello to the messengers."""
        await asyncio.to_thread(migrate, self.db.engine)
        key = await self.db.run(installation.signing_key)
        for name, channel in self.channels.items():
            self._identities[name] = await channel.open(command_menu())
        first, *others = [load(code) for code in self.settings.campaigns]
        zone = self.settings.zone
        self.use(Setup(first, zone, key, self._identities, self._sources, tuple(others)))
        released = await self.db.run(release, self.now(), all_claims=self.db.embedded)
        log.info("open", campaign=self.settings.campaign, database=self.db.engine.dialect.name, released=released)

    async def close(self) -> None:
        """Close the connections."""
        for channel in self.channels.values():
            await channel.close()
        await self.reader.close()
        self.drawer.close()
        self.db.close()

    async def receive(self, channel: Channel, wait: float) -> int:
        """Fetch updates, keep them, and only then let the messenger know; how many came."""
        updates = await channel.fetch(wait)
        await self.keep(updates)
        channel.confirm(updates)
        return len(updates)

    async def keep(self, updates: list[RawUpdate]) -> None:
        """Keep updates in the inbox and wake the handling."""
        if updates:
            await self.db.run(inbox.receive, updates, self.now())
            self.arrived.set()

    async def handle(self) -> int:
        """Handle waiting updates, one of each chat, in one transaction; how many were tried."""
        tried = await self.db.run(self._handle_next, self.now())
        if tried:
            self.delivery.wake.set()
        return tried

    async def tick(self, job: Job) -> int:
        """Run one job of the scheduler until it finds no more due rows in any campaign; how much it did."""
        done = 0
        try:
            for setup in self.setup.in_each():
                while did := await self.db.run(job.work, setup, self.now()):
                    done += did
        except Exception as error:
            log.error("job failed, the next tick tries again", job=job.name, error=failure(error))
        if done:
            log.info("job done", job=job.name, did=done)
            self.delivery.wake.set()
        return done

    async def tick_all(self) -> None:
        """Run every job now, as after the clock of the sandbox was turned."""
        for job in JOBS:
            await self.tick(job)

    async def settle(self) -> None:
        """Receive, handle and deliver, one step after the other, until nothing is left; for tests and tools."""
        while True:
            worked = [await self.receive(channel, 0) for channel in self.channels.values()]
            worked += [await self.handle(), await self.reader.step(), await self.group_admins.step()]
            while await self.delivery.step() or self.delivery.has_work_in_hand:
                worked.append(1)
                await self.delivery.landed()
            if not any(worked):
                return

    async def run(self, stop: asyncio.Event, *, polling: bool = True) -> None:
        """Run until `stop`: then receive nothing more and finish what is in hand."""
        scheduler = ticking.start(self.tick)
        workers = (self.delivery, self.reader, self.group_admins, self.drawer)
        loops = [self._handling(stop), *(worker.run(stop) for worker in workers)]
        if polling:
            loops += [self._receiving(channel, stop) for channel in self.channels.values()]
        try:
            async with asyncio.TaskGroup() as group:
                for loop in loops:
                    group.create_task(loop)
                group.create_task(self._wake_on(stop))
        finally:
            scheduler.shutdown(wait=False)

    async def _receiving(self, channel: Channel, stop: asyncio.Event) -> None:
        failures = 0
        while not stop.is_set():
            try:
                fetch = asyncio.create_task(self.receive(channel, LONG_POLL))
                if not await _unless(stop, fetch):
                    return
                failures = 0
            except SendError as error:
                wait = RECONNECT[min(failures, len(RECONNECT) - 1)]
                failures += 1
                log.warning("cannot receive, will try again", reason=error.reason, seconds=wait)
                await _pause(stop, wait)
            except Exception as error:
                log.error("receiving failed, will try again", error=failure(error))
                await _pause(stop, RECONNECT[0])

    async def _handling(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self.arrived.clear()
            try:
                tried = await self.handle()
            except Exception as error:
                log.error("handling failed, will try again", error=failure(error))
                await _pause(stop, RECONNECT[0])
                continue
            if not tried:
                await _wait_for(self.arrived, stop, 0.5)

    def _handle_next(self, session: Session, now: datetime) -> int:
        return inbox.handle_next(session, self._routes.handle, self._routes.give_up, now)

    def _settle_reading(
        self, session: Session, row_id: int, proof: Proof, answer: Reading | Unread, now: datetime
    ) -> None:
        confirmation.settle(session, self.setup, row_id, proof, answer, now)
        self.delivery.wake.set()

    def _settle_group(self, session: Session, group_id: int, admins: Collection[str] | None, now: datetime) -> None:
        group_links.settle(session, self.setup, group_id, admins, now)
        self.delivery.wake.set()

    def _next_chart(self, session: Session, now: datetime, done_with: Set[str]) -> Drawing | None:
        drawings = (summary_charts.next_chart(setup, session, now, done_with) for setup in self.setup.in_each())
        return next((each for each in drawings if each), None)

    def _next_picture(self, session: Session, now: datetime, done_with: Set[str]) -> Drawing | None:
        drawings = (wanted.next_wanted(setup, session, now, done_with) for setup in self.setup.in_each())
        return next((each for each in drawings if each), None)

    async def _wake_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.arrived.set()
        self.delivery.wake.set()


def command_menu() -> CommandMenu:
    """The “/” menus: Vietnamese for everybody, English for those whose messenger is in English."""
    vietnamese = [(name, vi) for name, vi, _, _ in MENU]
    english = [(name, en) for _, _, name, en in MENU]
    group = [(name, vi) for name, vi, _, _ in GROUP_MENU], [(name, en) for _, _, name, en in GROUP_MENU]
    return {
        ("private", ""): vietnamese,
        ("private", "en"): english,
        ("group", ""): group[0],
        ("group", "en"): group[1],
    }


async def _unless(stop: asyncio.Event, task: asyncio.Task[int]) -> bool:
    """Wait for a task; False if `stop` came first, when a long poll is dropped: what it held comes again."""
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([task, stopping], return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return False
        task.result()
        return True
    finally:
        stopping.cancel()


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


async def _wait_for(event: asyncio.Event, stop: asyncio.Event, seconds: float) -> None:
    """Wait for the event, but not past `seconds`: a replica may have kept an update that woke nobody here."""
    if stop.is_set():
        return
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
