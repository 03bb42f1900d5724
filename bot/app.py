"""The composition root: builds the parts from the settings and runs them side by side."""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session

from bot import inbox, metrics
from bot.actions import broadcast_copies, confirmation, flooding, group_links, roster_imports, summary_charts, wanted
from bot.campaigns import load
from bot.channels.base import Channel, Identity, SendError
from bot.copying import Copier
from bot.delivery import Delivery
from bot.delivery.claims import release
from bot.domain.links import find_links
from bot.domain.readings import Reading
from bot.drawing import Drawer, Drawing
from bot.fetching import Due, Read, RosterReader
from bot.group_admins import GroupAdmins
from bot.logs import failure
from bot.messages import Address
from bot.posts.base import Proof, Source, Unread
from bot.reading import PostReader
from bot.receiving import Receiver, pause
from bot.routing import Routes
from bot.settings import Settings, StartError
from bot.setup import Setup
from bot.storage import downloads, installation
from bot.storage.db import Database
from bot.storage.migrate import migrate
from bot.watchdog import LeftOut, Trials
from handlers import ROUTERS, command_menu
from handlers.rights import RIGHTS
from scheduler import clock as ticking
from scheduler.jobs import JOBS, Job, work

log = structlog.get_logger()

Clock = Callable[[], datetime]
T = TypeVar("T")
AFTER_FAILURE = 1.0
SOON = 0.5


def utc_now() -> datetime:
    """The clock of a real installation."""
    return datetime.now(UTC)


class App:
    """The bot over its database and channels. `handle` and `tick` each do one unit of work."""

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
        self.trials = Trials(self.db, now)
        self._quotas = {name: channel.quota for name, channel in channels.items() if channel.quota}
        self.receiver = Receiver(self._quotas, self._at_once, now, self._tell_flood)
        self.delivery = Delivery(self.db, channels, now, settings.limit_scales)
        tried = self.trials.of
        self.reader = PostReader(tried("read_posts"), sources, now, self._settle_reading)
        self.group_admins = GroupAdmins(tried("ask_for_admins"), channels, now, self._settle_group)
        self.rosters = RosterReader(tried("read_rosters"), channels, now, self._next_roster, self._settle_roster)
        self.copier = Copier(tried("copy_attachments"), channels, now, broadcast_copies.next_due, self._settle_copy)
        self.drawer = Drawer(tried("draw"), [self._next_chart, self._next_picture], now)
        self._sources = sources
        self._more_waits = asyncio.Event()
        self._looked = 0.0
        self._routes = Routes(ROUTERS, RIGHTS, channels, lambda: self.setup, lambda text: bool(find_links(text)))
        self._identities: dict[str, Identity] = {}
        self._setup: Setup | None = None
        self._left_over: tuple[int, datetime] | None = None

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
        await self.db.run(downloads.keep_public_url, self.settings.public_base)
        for name, channel in self.channels.items():
            self._identities[name] = await _hello(channel)
        first, *others = [load(code) for code in self.settings.campaigns]
        zone = self.settings.zone
        self.use(Setup(first, zone, key, self._identities, self._sources, tuple(others), self._quotas))
        self._left_over = await self.db.run(inbox.newest), self.now()
        released = await self.db.run(release, self.now(), all_claims=self.db.embedded)
        log.info("open", campaign=self.settings.campaign, database=self.db.engine.dialect.name, released=released)

    async def close(self) -> None:
        """Close the connections."""
        for channel in self.channels.values():
            await channel.close()
        await self.reader.close()
        self.rosters.close()
        self.drawer.close()
        self.db.close()

    async def _at_once(self, keep: Callable[[Session, datetime], int]) -> None:
        """Keep what came; then, without waiting for anybody else, handle it and claim what it makes to send."""
        kept, handled, safe = 0, -1, False

        def keep_it(session: Session, now: datetime) -> None:
            nonlocal kept
            kept = keep(session, now)

        def handle_it(session: Session, now: datetime) -> None:
            nonlocal handled, safe
            safe = True  # this begins when the other is committed
            handled = inbox.handle_at_once(session, self._routes.handle, self._routes.give_up, now)

        try:
            if self._left_over:  # those come first, one by one
                await self.db.run(keep, self.now())
            else:
                await self.delivery.step(first=keep_it, before=handle_it)
        except Exception as error:
            log.warning("could not handle at once what came", error=failure(error))
            handled = -1  # whatever was done is undone
            if not safe:
                await self.db.run(keep, self.now())
        if handled >= 0:
            self._looked = time.monotonic()
        if handled < kept or handled >= inbox.BATCH:
            self._more_waits.set()
        if not self.delivery.has_work_in_hand:  # else what lands first looks for more
            self.delivery.wake.set()

    async def handle(self) -> int:
        """Handle waiting updates, one of each chat, in one transaction; how many were tried."""
        tried = await self.db.run(self._handle_next, self.now())
        if tried:
            self.delivery.wake.set()
        return tried

    async def handle_left_over(self) -> int:
        """Handle one update that waited when the process started, alone, as it may be what ended the last one."""
        if self._left_over is None:
            return 0
        give_up = self._routes.give_up
        chosen = await self.db.run(inbox.note_try, *self._left_over, give_up, self.now())
        self.delivery.wake.set()
        if chosen is None:
            self._left_over = None
            return 0
        await self.db.run(inbox.handle_noted, chosen, self._routes.handle, give_up, self.now())
        return 1

    async def tick(self, job: Job) -> int:
        """Run one job of the scheduler until it finds no more due rows in any campaign; how much it did."""
        done = 0
        try:
            for setup in self.setup.in_each():
                done += await self._do(job, setup)
        except Exception as error:
            log.error("job failed, the next tick tries again", job=job.name, error=failure(error))
            metrics.JOB_FAILURES.labels(job.name).inc()
        if done:
            log.info("job done", job=job.name, did=done)
            self.delivery.wake.set()
        return done

    async def _do(self, job: Job, setup: Setup) -> int:
        done, trial = 0, self.trials.of(f"{job.name} {setup.campaign.code}")
        with suppress(LeftOut):
            while did := await trial.poll(work, job, setup, self.now()):
                done += did
        return done

    async def tick_all(self) -> None:
        """Run every job now, as after the clock of the sandbox was turned."""
        for job in JOBS:
            await self.tick(job)

    async def settle(self) -> None:
        """Receive, handle and deliver, one step after the other, until nothing is left; for tests and tools."""
        while True:
            worked = [await self.receiver.receive(channel, 0) for channel in self.channels.values()]
            worked += [await self.handle(), await self.reader.step(), await self.group_admins.step()]
            worked += [await self.rosters.step(), await self.copier.step()]
            while await self.delivery.step() or self.delivery.has_work_in_hand:
                worked.append(1)
                await self.delivery.landed()
            if not any(worked):
                return

    async def run(self, stop: asyncio.Event, *, pushed: Collection[str] = ()) -> None:
        """Run until `stop`: then receive nothing more and finish what is in hand.

        `pushed` names the channels that need no polling. StartError if no messenger takes its token any more.
        """
        scheduler = ticking.start(self.tick)
        workers = (self.delivery, self.reader, self.group_admins, self.rosters, self.copier, self.drawer)
        loops = [self._handling(stop), *(worker.run(stop) for worker in workers)]
        loops += [self._receive(channel, stop) for name, channel in self.channels.items() if name not in pushed]
        try:
            async with asyncio.TaskGroup() as group:
                for loop in loops:
                    group.create_task(loop)
                group.create_task(self._wake_on(stop))
        finally:
            scheduler.shutdown(wait=False)
        if self.receiver.shut_out == {*self.channels}:
            raise StartError("no messenger accepts its token any more: put the new one into .env.")

    async def _receive(self, channel: Channel, stop: asyncio.Event) -> None:
        await self.receiver.run(channel, stop)
        if self.receiver.shut_out == {*self.channels}:
            stop.set()

    async def _handling(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._more_waits.clear()
            try:
                tried = await self.handle_left_over() or await self.handle()
            except Exception as error:
                log.error("handling failed, will try again", error=failure(error))
                await pause(stop, AFTER_FAILURE)
                continue
            # What came a moment ago was handled together with whatever else was due.
            while not tried and not await _happens(self._more_waits, stop) and self._looked > time.monotonic() - SOON:
                pass

    def _handle_next(self, session: Session, now: datetime) -> int:
        return inbox.handle_next(session, self._routes.handle, self._routes.give_up, now)

    def _tell_flood(self, session: Session, to: Address, now: datetime) -> None:
        flooding.tell(session, self.setup, to, now)

    def _settle_reading(
        self, session: Session, row_id: int, proof: Proof, answer: Reading | Unread, now: datetime
    ) -> None:
        confirmation.settle(session, self.setup, row_id, proof, answer, now)
        self.delivery.wake.set()

    def _settle_group(self, session: Session, group_id: int, admins: Collection[str] | None, now: datetime) -> None:
        group_links.settle(session, self.setup, group_id, admins, now)
        self.delivery.wake.set()

    def _next_roster(self, session: Session, now: datetime, but: Collection[int]) -> Due | None:
        return _first(roster_imports.next_due(setup, session, now, but) for setup in self.setup.in_each())

    def _settle_roster(self, session: Session, batch_id: int, answer: Read | str, now: datetime) -> None:
        roster_imports.settle(session, self.setup, batch_id, answer, now)
        self.delivery.wake.set()

    def _settle_copy(self, session: Session, number: int, content: bytes | None, now: datetime) -> None:
        broadcast_copies.settle(session, self.setup, number, content, now)
        self.delivery.wake.set()

    def _next_chart(self, session: Session, now: datetime, done_with: Set[str]) -> Drawing | None:
        return _first(summary_charts.next_chart(setup, session, now, done_with) for setup in self.setup.in_each())

    def _next_picture(self, session: Session, now: datetime, done_with: Set[str]) -> Drawing | None:
        return _first(wanted.next_wanted(setup, session, now, done_with) for setup in self.setup.in_each())

    async def _wake_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._more_waits.set()
        self.delivery.wake.set()


def _first(found: Iterable[T | None]) -> T | None:
    return next((each for each in found if each), None)


async def _hello(channel: Channel) -> Identity:
    try:
        return await channel.open(command_menu())
    except SendError as error:
        raise unusable(channel, error) from None


def unusable(channel: Channel, error: SendError) -> StartError:
    """What the operator is told of a messenger that does not let the bot in."""
    return StartError(f"{channel.name.title()} cannot be used: {error.reason}. Check the token and the connection.")


async def _happens(event: asyncio.Event, stop: asyncio.Event) -> bool:
    """Wait for the event, but not long: a replica may have kept an update that woke nobody here."""
    if stop.is_set():
        return True
    try:
        return await asyncio.wait_for(event.wait(), SOON)
    except TimeoutError:
        return False
