"""The cast and the stage: people who say things to the bot over HTTP, and read what it answers.

Alice is a member of xã Tuyên Thạnh, Bob the admin of her unit, Dung the coordinator of Long An, Charlie a stranger.
"""

import math
import re
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import delete, event
from sqlalchemy.orm import Session

from bot.app import App
from bot.campaigns.profile import Review
from bot.channels.base import Channel
from bot.channels.telegram import TelegramChannel
from bot.messages import Address
from bot.posts import Source
from bot.sandbox import demo, people
from bot.sandbox.clock import SandboxClock
from bot.sandbox.model import Message, Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from bot.settings import Settings
from bot.storage.models import Duty, Obligation
from tests.databases import A_MONDAY
from tests.scans import Scans

T = TypeVar("T")

TOKEN = "1000000001:stage"  # noqa: S105 -- opens nothing but the test's own server
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
TAG = "#DQTVTUYENTHANHKIENTUONGLONGAN"
STALE = ["Lựa chọn này không còn dùng được nữa. Hãy gõ lại lệnh để chọn lại."]


class Actor:
    """Somebody with a phone; his private chat with the bot."""

    def __init__(self, stage: "Stage", person: Person) -> None:
        self.stage = stage
        self.person = person
        self._seen: dict[int, str] = {}
        self._toasts = 0

    @property
    def address(self) -> Address:
        """His private chat, as the bot knows it."""
        return Address("telegram", str(self.person.id))

    async def says(self, text: str) -> list[str]:
        """Send a message; what the bot answered, as plain text, oldest first."""
        people.say(self.stage.world, self.person, text)
        return await self.hears()

    async def starts(self, code: str = "") -> list[str]:
        """Open the bot, by a join link if there is a code."""
        people.start(self.stage.world, self.person, code)
        return await self.hears()

    async def forwards(self, text: str) -> list[str]:
        """Forward somebody's message to the bot."""
        people.forward(self.stage.world, self.person, text, from_name="Trang của đơn vị")
        return await self.hears()

    async def sends_picture(self, caption: str = "") -> list[str]:
        """Send a picture."""
        people.send_photo(self.stage.world, self.person, PICTURE, caption)
        return await self.hears()

    async def sends_file(self, name: str, content: bytes, caption: str = "") -> list[str]:
        """Send a file."""
        people.send_document(self.stage.world, self.person, name, content, caption)
        return await self.hears()

    async def presses(self, label: str) -> list[str]:
        """Press the newest button whose label holds these words; answers and toasts."""
        message, row, column = self._button(label)
        people.press(self.stage.world, self.person, message, row, column)
        return await self.hears()

    async def replies(self, words: str, text: str) -> list[str]:
        """Reply to the message that holds these words."""
        message = next(each for each in reversed(self.chat()) if words in each.text and each.from_bot)
        people.say(self.stage.world, self.person, text, reply_to=message)
        return await self.hears()

    async def forges(self, data: str) -> list[str]:
        """Press with made-up data."""
        message = next(each for each in reversed(self.chat()) if each.from_bot and each.buttons)
        people.press(self.stage.world, self.person, message, data=data)
        return await self.hears()

    async def hears(self) -> list[str]:
        """Let the bot do all it has to; what it newly said or changed in this chat, and toasts."""
        await self.stage.settle()
        news = []
        for message in self.chat():
            if message.from_bot and self._seen.get(message.message_id) != message.html:
                self._seen[message.message_id] = message.html
                news.append(message.text)
        toasts = [toast.text for toast in self.stage.world.toasts if toast.person_id == self.person.id and toast.text]
        news += toasts[self._toasts :]
        self._toasts = len(toasts)
        return news

    def chat(self) -> list[Message]:
        """The whole private chat, oldest first."""
        return self.stage.world.messages(self.person.id)

    def last(self) -> Message:
        """The bot's last message here."""
        return next(message for message in reversed(self.chat()) if message.from_bot)

    def buttons(self) -> list[str]:
        """The labels under the bot's last message."""
        return [str(button["text"]) for row in self.last().buttons for button in row]

    def copies(self) -> list[str]:
        """What the copy buttons under the bot's last message copy."""
        return [str(each["copy_text"]["text"]) for row in self.last().buttons for each in row if "copy_text" in each]

    async def picture(self) -> bytes:
        """The newest picture that the bot sent here."""
        return next(each.photo.content for each in reversed(self.chat()) if each.from_bot and each.photo)

    async def file(self) -> tuple[str, bytes]:
        """Name and bytes of the newest file that the bot sent here."""
        file = next(each.document for each in reversed(self.chat()) if each.from_bot and each.document)
        return file.name, file.content

    def data_of(self, label: str) -> str:
        """The callback data behind a button."""
        message, row, column = self._button(label)
        return str(message.buttons[row][column]["callback_data"])

    def _button(self, label: str) -> tuple[Message, int, int]:
        for message in reversed(self.chat()):
            for row, buttons in enumerate(message.buttons):
                for column, button in enumerate(buttons):
                    if label in str(button["text"]) and "callback_data" in button:
                        return message, row, column
        raise AssertionError(f"no button {label!r} in the chat of {self.person.name}")


class Stage:
    """A sandbox served over HTTP, the bot over a fresh “staged” database, and the cast.

    For another campaign than Long An's the database is that of its name.
    """

    def __init__(
        self,
        database_url: str,
        at: datetime = A_MONDAY,
        sources: tuple[Source, ...] = (),
        campaign: str = "long_an",
    ) -> None:
        self.database_url = database_url
        self.campaign = campaign
        self.sources = sources
        self.scans = Scans()
        clock = SandboxClock()
        clock.set_forward(at)
        self.world = World(clock=clock, scale=math.inf)
        self.cast = demo.populate(self.world, campaign)
        self.alice = Actor(self, self.cast.alice)
        self.bob = Actor(self, self.cast.bob)
        self.dung = Actor(self, self.cast.dung)
        self.charlie = Actor(self, self.cast.newcomer)
        self.group = self.cast.group
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self.server = await self._stack.enter_async_context(SandboxServer(self.world, TOKEN))
        await self._open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.app.close()
        await self._stack.aclose()

    async def _open(self) -> None:
        channels = {channel.name: channel for channel in self._channels()}
        self.app = App(self._settings(), channels, self.world.clock.now, self.sources)
        if self.app.db.embedded:
            event.listen(self.app.db.engine, "connect", _do_not_wait_for_the_disk)
            self.scans.watch(self.app.db.engine)
        await self.app.open()
        while await self.app.handling.left_over():  # from then on, what comes is handled at once
            pass
        # Otherwise one post in twenty would turn up in the review queue, and in one test in twenty.
        self.change_campaign(review=Review(sample=0))

    def _channels(self) -> list[Channel]:
        return [TelegramChannel(TOKEN, self.server.address)]

    def _settings(self, **more: object) -> Settings:
        given = {"database_url": self.database_url, "campaign": self.campaign, "telegram_limit_scale": 100_000}
        return Settings(_env_file=None, **given | more)  # type: ignore[arg-type]  # checked when they are read

    def change_campaign(self, **changes: object) -> None:
        """Another choice of the campaign, until the next restart."""
        setup = self.app.setup
        self.app.use(replace(setup, campaign=setup.campaign.model_copy(update=changes)))

    def passing(self, text: str) -> list[str]:
        """What is said while something is being made."""
        return [text]

    async def owe_nothing(self) -> None:
        """No deadlines and quotas, so that reminders and summaries do not speak in between; until the next restart."""

        def end(session: Session) -> None:
            session.execute(delete(Obligation))
            session.execute(delete(Duty))

        await self.ask(end)
        self.change_campaign(quotas=())

    async def restart(self) -> None:
        """The bot goes down and comes up again over the same database."""
        await self.app.close()
        await self._open()

    async def settle(self) -> None:
        """Let the bot do all that is due."""
        await self.app.settle()

    async def later(self, **span: float) -> None:
        """Set the clock forward and let the bot do what is due then."""
        self.world.clock.advance(timedelta(**span))
        await self.app.tick_all()
        await self.settle()

    async def ask(self, work: Callable[[Session], T]) -> T:
        """Look into the ledger."""
        with self.scans.looking_away():
            return await self.app.db.run(work)

    async def register(self, actor: Actor, name: str = "Nguyễn Văn A", unit: str = "tuyen thanh") -> list[str]:
        """Take somebody through the registration, up to the confirm."""
        await actor.starts()
        await actor.presses("Đồng ý")
        await actor.says("/dangky")
        await actor.says(name)
        await actor.says(unit)
        await actor.presses("Xã Tuyên Thạnh")
        await actor.presses("Chiến sĩ")
        for _ in range(3):
            await actor.presses("Bỏ qua")
        return await actor.presses("Xác nhận")


def _do_not_wait_for_the_disk(connection: object, _record: object) -> None:
    # A test's file is thrown away: only the crash test needs it to outlive a power cut.
    connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]  # the driver's connection


def code_of(link: str) -> str:
    """The code of an invitation: in the link that opens the bot with it, or in the words to be sent."""
    return re.split(r"\?start=|/start ", link)[-1]


def number_in(text: str) -> int:
    """The receipt number in an answer."""
    found = re.search(r"(?:Số|No\.|số) (\d+)", text)
    assert found, text
    return int(found[1])
