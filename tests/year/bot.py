"""The bot of the simulation: one process, or two in turn, killed before what they committed is sent."""

from random import Random

from sqlalchemy import event

from bot.app import App
from bot.channels.telegram import TelegramChannel
from bot.sandbox.server import SandboxServer
from bot.settings import Settings
from scheduler.jobs import JOBS
from tests.cast import TOKEN

# All but the notices to reviewers, which have nothing to do with deadlines and take a third of the time.
OURS = [job for job in JOBS if job.name != "tell_reviewers"]

REMIND = next(job for job in JOBS if job.name == "remind")


class Bot:
    """Apps over one database and one messenger, opened when they are needed."""

    def __init__(self, database_url: str, server: SandboxServer, chance: Random) -> None:
        self._url = database_url
        self._server = server
        self._chance = chance
        self._apps: list[App] = []
        self._turn = 0

    @property
    def app(self) -> App:
        """The one whose turn it is."""
        return self._apps[self._turn % len(self._apps)]

    async def start(self, replicas: int = 1) -> None:
        """Bring up as many processes as there should be."""
        while len(self._apps) < replicas:
            self._apps.append(await self._open())
        while len(self._apps) > replicas:
            await self._apps.pop().close()

    async def work(self) -> None:
        """Do all that is due; the next time it is the other replica's turn."""
        self._turn += 1
        for job in OURS:
            await self.app.tick(job)
        await self.app.settle()
        while await self.app.tick(REMIND):  # the next minutes: no more is queued than goes out in one
            await self.app.settle()

    async def die(self) -> None:
        """Do some of the jobs, and end before anything of it is sent."""
        for job in OURS[: self._chance.randint(1, len(OURS))]:
            await self.app.tick(job)
        await self.stop()

    async def stop(self) -> None:
        """End all processes; nothing is settled."""
        while self._apps:
            await self._apps.pop().close()

    async def _open(self) -> App:
        channel = TelegramChannel(TOKEN, self._server.address)
        settings = Settings(_env_file=None, database_url=self._url, telegram_limit_scale=100_000)
        app = App(settings, {channel.name: channel}, self._server.world.clock.now)
        if app.db.embedded:
            event.listen(app.db.engine, "connect", _do_not_wait_for_the_disk)
        await app.open()
        return app


def _do_not_wait_for_the_disk(connection: object, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]  # the driver's connection
