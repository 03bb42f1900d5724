"""A ledger, a messenger in the sandbox, and the delivery between them."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.channels.telegram import TelegramChannel
from bot.delivery import Delivery
from bot.messages import Address, Outgoing, Priority
from bot.sandbox.model import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from bot.storage.db import Database
from bot.storage.models import OutboxRow

T = TypeVar("T")
TOKEN = "1000000001:delivery"  # noqa: S105 -- opens nothing but the server of one test
NO_LIMITS = 100_000


class Post:
    """Puts messages into the outbox and looks at what became of them."""

    def __init__(self, db: Database, world: World) -> None:
        self.db = db
        self.world = world

    def ask(self, work: Callable[[Session], T]) -> T:
        """Do something with the ledger, in one transaction."""
        with self.db.transaction() as session:
            return work(session)

    def put(self, to: int, text: str, priority: Priority = Priority.REPLY) -> None:
        """Queue a text."""
        at, now = Address("telegram", str(to)), self.world.clock.now()
        self.ask(lambda session: outbox.put(session, at, Outgoing(text), now, priority=priority))

    def put_to(self, to: Address, text: str, priority: Priority = Priority.REPLY) -> None:
        """Queue a text for any address."""
        now = self.world.clock.now()
        self.ask(lambda session: outbox.put(session, to, Outgoing(text), now, priority=priority))

    def rows(self) -> Sequence[OutboxRow]:
        """The outbox, oldest first."""
        return self.ask(lambda session: session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all())

    def states(self) -> list[str]:
        """The states of the outbox, oldest first."""
        return [row.state for row in self.rows()]

    def arrived(self, chat: int) -> list[str]:
        """What the messenger shows in a chat."""
        return [message.text for message in self.world.messages(chat)]


@pytest.fixture
def world() -> World:
    return World(scale=float("inf"))


@pytest.fixture
def alice(world: World) -> Person:
    return world.add_person("Alice", started=True)


@pytest.fixture
def bob(world: World) -> Person:
    return world.add_person("Bob", started=True)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def post(db: Database, world: World) -> Post:
    return Post(db, world)


@pytest.fixture
async def channel(world: World) -> AsyncIterator[TelegramChannel]:
    async with SandboxServer(world, TOKEN) as server:
        opened = TelegramChannel(TOKEN, server.address)
        await opened.open({})
        yield opened
        await opened.close()


@pytest.fixture
def delivery(db: Database, world: World, channel: TelegramChannel) -> Delivery:
    return Delivery(db, {channel.name: channel}, world.clock.now, {channel.name: NO_LIMITS})
