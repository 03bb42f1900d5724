"""The same cast on Zalo, or on both messengers: they do with words what one does with buttons on Telegram."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.routing import Mount, Route, Router
from starlette.types import Receive, Scope, Send

from bot import outbox, public_files
from bot.channels.base import Channel
from bot.channels.zalo import ZaloChannel
from bot.messages import Address, Button, Outgoing
from bot.sandbox.loopback import HOST, Loopback
from bot.sandbox.zalo import people
from bot.sandbox.zalo.model import Message, Person
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.world import ZaloWorld
from bot.settings import Settings
from bot.storage import menus
from bot.storage.models import Account, ChatMenu
from tests.cast import PICTURE, Actor, Stage

ZALO_TOKEN = "4242424242:stage"  # noqa: S105 -- opens nothing but the test's own server
MORE = "0"
TOO_OLD = "đã quá 24 giờ, nên chưa làm gì"
CHOOSE = re.compile(r"(?:Gõ số để chọn|Type a number to choose):")
NAMED = re.compile(r"(?:Có thể trả lời|Hoặc trả lời|You can answer|Or answer): (.+)")
NUMBERED = re.compile(r"(\d+)\. (.+)")
SOLEMN = re.compile(r"(?:Trả lời|Answer) (.+ \d{4}) (?:để chọn|to choose) “(.+)”")
TO_COPY = re.compile(r"(?<!\S)(?:/[a-z]+ [A-Za-z0-9_-]{8,}|#\w+)")
LINK = re.compile(r"https?://\S+/tep/\S+")


@dataclass(frozen=True)
class Read:
    """A message as a person reads it: what is said, and the answers that it offers, by what they stand for."""

    words: str
    answers: dict[str, str]


def read(text: str) -> Read:
    """Take the options at the end from the words before them."""
    words, _, end = text.rpartition("\n\n")
    answers: dict[str, str] = {}
    for line in end.splitlines():
        if found := SOLEMN.fullmatch(line):
            answers[found[2]] = found[1]
        elif found := NAMED.fullmatch(line):
            answers |= {label: label for label in found[1].split(" · ")}
        elif (found := NUMBERED.fullmatch(line)) and CHOOSE.match(end):
            answers[found[2]] = found[1]
        elif not CHOOSE.fullmatch(line):
            return Read(text, {})
    return Read(words, answers)


class ZaloActor(Actor):
    """Somebody with Zalo on his phone: a chat without buttons, files, edits and forwarded messages."""

    def __init__(self, stage: "ZaloStage", person: Person) -> None:
        self.stage: ZaloStage = stage
        self.person: Any = person  # of another world than Telegram's
        self._read = 0

    @property
    def address(self) -> Address:
        """His private chat, as the bot knows it."""
        return Address("zalo", self.person.id)

    async def says(self, text: str) -> list[str]:
        """Send a message; what the bot answered, without the options, oldest first."""
        people.say(self.stage.zalo, self.person, text)
        return await self.hears()

    async def starts(self, code: str = "") -> list[str]:
        """Write to the bot for the first time, the code of an invitation if there is one."""
        return await self.says(f"/start {code}".rstrip())

    async def sends_picture(self, caption: str = "") -> list[str]:
        """Send a picture."""
        people.send_photo(self.stage.zalo, self.person, PICTURE, caption)
        return await self.hears()

    async def sends_file(self, name: str, content: bytes, caption: str = "") -> list[str]:  # noqa: ARG002 -- Zalo tells the bot neither
        """Send a file, of which the bot learns only that there was something."""
        people.send_file(self.stage.zalo, self.person)
        return await self.hears()

    async def presses(self, label: str) -> list[str]:
        """Choose the newest option whose label holds these words: by its answer, on an older message by its label."""
        offers = [found for each in reversed(self.chat()) if each.from_bot and (found := read(each.text).answers)]
        for offer in offers:
            for name, answer in offer.items():
                if label in f"{answer}. {name}":
                    said = await self.says(answer if offer is offers[0] or not answer.isdigit() else name)
                    return await self.presses(label) if any(TOO_OLD in each for each in said) else said
            if MORE in offer.values() and offer is offers[0]:
                await self.says(MORE)
                return await self.presses(label)
        raise AssertionError(f"no option {label!r} in the chat of {self.person.name}")

    async def replies(self, words: str, text: str) -> list[str]:
        """Answer the message that holds these words. Zalo does not say which one is answered, so it is an option."""
        if any(words in each.text and "Hỏi người gửi" in each.text for each in self.chat() if each.from_bot):
            await self.presses("Hỏi người gửi")
        return await self.says(text)

    async def forges(self, data: str) -> list[str]:
        """Be offered what the bot could have offered, and choose it: nothing else can be chosen on Zalo."""

        def offer(session: Session) -> None:
            message = Outgoing("Chọn đi", ((Button("Được", data),),))
            outbox.put(session, self.address, message, self.stage.app.now())

        await self.stage.ask(offer)
        await self.hears()
        return await self.presses("Được")

    def data_of(self, label: str) -> str:
        """The data behind the newest option with this label."""
        with Session(self.stage.app.db.engine) as session:
            for menu in session.scalars(
                select(ChatMenu).where(ChatMenu.chat == self.person.id).order_by(ChatMenu.id.desc())
            ):
                found = [each.data for each in menus.options_of(menu) if label in each.label]
                if found:
                    return found[0]
        raise AssertionError(f"no option {label!r} in the chat of {self.person.name}")

    async def hears(self) -> list[str]:
        """Let the bot do all it has to; what it newly said in this chat."""
        await self.stage.settle()
        chat, before = self.chat(), self._read
        self._read = len(chat)
        return [read(each.text).words for each in chat[before:] if each.from_bot]

    def chat(self) -> list[Any]:
        """The whole private chat, oldest first: Zalo's own messages."""
        return self.stage.zalo.in_chat(self.person.id)

    def last(self) -> Message:  # type: ignore[override]  # Zalo's own
        """The bot's last message here."""
        found: Message = next(message for message in reversed(self.chat()) if message.from_bot)
        return found

    def buttons(self) -> list[str]:
        """What the bot's last message offers to choose."""
        return list(read(self.last().text).answers)

    def copies(self) -> list[str]:
        """The commands or hashtags on lines of their own in the bot's last message; where there are none, its last."""
        text = self.last().text
        return [line for line in text.splitlines() if TO_COPY.fullmatch(line)] or TO_COPY.findall(text)[-1:]

    async def picture(self) -> bytes:
        """The newest picture that the bot sent here."""
        address = next(each.photo for each in reversed(self.chat()) if each.from_bot and each.photo)
        async with httpx.AsyncClient() as browser:
            return (await browser.get(address)).content

    async def file(self) -> tuple[str, bytes]:
        """Name and bytes of the newest file that the bot linked to here."""
        links = [found[0] for each in self.chat() if each.from_bot and (found := LINK.search(each.text))]
        async with httpx.AsyncClient(follow_redirects=True) as browser:
            page = await browser.get(links[-1])
            answer = await browser.post(links[-1])
        name = re.search(r"<h1>(.+?)</h1>", page.text)
        return name[1] if name else "", answer.content


class ZaloStage(Stage):
    """The same stage with the cast on Zalo; `beside` Telegram, where they are besides.

    Besides, the ledger knows them by their accounts on Telegram, and `on_zalo` by nothing yet.
    """

    def __init__(self, database_url: str, *, beside: bool = False, **kwargs: Any) -> None:
        super().__init__(database_url, **kwargs)
        self.beside = beside
        self.zalo = ZaloWorld(clock=self.world.clock)
        self.zalo.knobs.most_people, self.zalo.knobs.most_a_month = 1000, 100_000
        self.on_zalo = [
            ZaloActor(self, self.zalo.add_person(each.person.name, person_id=str(each.person.id), started=not beside))
            for each in (self.alice, self.bob, self.dung, self.charlie)
        ]
        if not beside:
            self.alice, self.bob, self.dung, self.charlie = self.on_zalo

    async def __aenter__(self) -> Self:
        self.zalo_server = await self._stack.enter_async_context(ZaloServer(self.zalo, ZALO_TOKEN))
        self._web = await self._stack.enter_async_context(Web(self._public))
        return await super().__aenter__()

    def _public(self) -> list[Route]:
        return public_files.routes(self.app.db, self.zalo.clock.now, self.app.setup.zone)

    def _channels(self) -> list[Channel]:
        zalo = ZaloChannel(ZALO_TOKEN, self.zalo_server.address)
        return [*super()._channels(), zalo] if self.beside else [zalo]

    def _settings(self, **more: object) -> Settings:
        return super()._settings(public_url=self._web.address, zalo_limit_scale=100_000, **more)

    def passing(self, text: str) -> list[str]:  # noqa: ARG002 -- Telegram's stage says it
        """Nothing: it could not be replaced later."""
        return []

    async def _open(self) -> None:
        await super()._open()
        if not self.beside:
            await self.ask(_move_to_zalo)


def _move_to_zalo(session: Session) -> None:
    session.execute(update(Account).values(channel="zalo"))


class Web:
    """The bot's own pages on this machine, from the bot that runs now."""

    def __init__(self, routes: Callable[[], list[Route]]) -> None:
        self._routes = routes
        self._server = Loopback()
        self.address = ""

    async def __aenter__(self) -> Self:
        port = await self._server.start(Starlette(routes=[Mount("/", self._serve)]), 0)
        self.address = f"http://{HOST}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.end(lambda: None)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Router(self._routes())(scope, receive, send)


STAGES = {"telegram": Stage, "zalo": ZaloStage}
"""By the name of the messenger."""
