"""The composition root: builds the parts from the settings and runs them side by side."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session

from bot import metrics
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
from bot.handling import Handling
from bot.logs import failure
from bot.messages import Address
from bot.posts.base import Proof, Source, Unread
from bot.reading import PostReader
from bot.receiving import Receiver
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


def utc_now() -> datetime:
    """The clock of a real installation."""
    return datetime.now(UTC)


class App:
    """The bot over its database and channels. `tick` does one unit of work."""

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
        self._routes = Routes(ROUTERS, RIGHTS, channels, lambda: self.setup, lambda text: bool(find_links(text)))
        self.delivery = Delivery(self.db, channels, now, settings.limit_scales)
        self.handling = Handling(self.db, self.delivery, now, self._routes)
        self.receiver = Receiver(self._quotas, self.handling.at_once, now, self._tell_flood)
        tried = self.trials.of
        self.reader = PostReader(tried("read_posts"), sources, now, self._settle_reading)
        self.group_admins = GroupAdmins(tried("ask_for_admins"), channels, now, self._settle_group)
        self.rosters = RosterReader(tried("read_rosters"), channels, now, self._next_roster, self._settle_roster)
        self.copier = Copier(tried("copy_attachments"), channels, now, broadcast_copies.next_due, self._settle_copy)
        self.drawer = Drawer(tried("draw"), [self._next_chart, self._next_picture], now)
        self._sources = sources
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
        await self.db.run(downloads.keep_public_url, self.settings.public_base)
        for name, channel in self.channels.items():
            self._identities[name] = await _hello(channel)
        first, *others = [load(code) for code in self.settings.campaigns]
        zone = self.settings.zone
        self.use(Setup(first, zone, key, self._identities, self._sources, tuple(others), self._quotas))
        await self.handling.begin()
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
            worked += [await self.handling.next(), await self.reader.step(), await self.group_admins.step()]
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
        workers = (self.handling, self.delivery, self.reader, self.group_admins, self.rosters, self.copier, self.drawer)
        loops = [worker.run(stop) for worker in workers]
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
        self.handling.wake()
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
