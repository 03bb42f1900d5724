"""The state of Zalo's world: people, chats, what waits for the bot. No web in it; it shares the sandbox's clock."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import SandboxError
from bot.sandbox.faults import Faults
from bot.sandbox.feed import Feed
from bot.sandbox.model import Webhook
from bot.sandbox.zalo import views
from bot.sandbox.zalo.model import GROUP, Call, Chat, Json, Knobs, Message, Person, fresh_id

CALLS_KEPT = 20_000
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
T = TypeVar("T")


class ZaloWorld:
    """Everything there is. One world belongs to one event loop; it may tell what happens in another's feed."""

    def __init__(
        self, *, bot_name: str = "Bot Sổ Tin", clock: SandboxClock | None = None, feed: Feed | None = None
    ) -> None:
        self.clock = clock or SandboxClock()
        self.bot_id = fresh_id()
        self.bot_name = bot_name
        self.account_name = "bot.sotin"
        self.knobs = Knobs()
        self.faults = Faults()
        self.feed = feed or Feed()
        self.people: dict[str, Person] = {}
        self.chats: dict[str, Chat] = {}
        self.messages: list[Message] = []
        self.pictures: dict[str, bytes] = {}
        self.pending: deque[Json] = deque()
        self.webhook = Webhook()
        self.answers: list[int] = []  # of the webhook to updates
        self.webhook_calls: Counter[str] = Counter()
        self.used: Counter[str] = Counter()
        self.handed_out = 0  # updates that a poll took
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.polled = False  # while a poll waits
        self.posting = False  # while an update is on its way to the webhook
        self.address = ""  # of the server, while one runs
        self._served: list[str] = []
        self._change = asyncio.Event()

    def add_person(
        self,
        name: str,
        *,
        person_id: str | None = None,
        started: bool = False,
        description: str = "",
        on_telegram: int | None = None,
    ) -> Person:
        """A new person with a private chat; the bot may write to him only once he wrote, or is `started`."""
        person = Person(person_id or fresh_id(), name, description, on_telegram)
        self.people[person.id] = person
        self.chats[person.id] = Chat(person.id, [person], started)
        if started:
            self._served.append(person.id)
        if on_telegram is None:
            self.feed.publish("person", person=views.person(person))
        self.feed.publish("chat", chat=views.chat(self.chats[person.id], self.bot_name))
        return person

    def add_group(self, *members: Person) -> Chat:
        """A new group with the bot in it; Zalo gives it no title."""
        chat = Chat(f"{GROUP}{fresh_id()}", list(members))
        self.chats[chat.id] = chat
        return chat

    def chat_of(self, person: Person) -> Chat:
        """His private chat with the bot."""
        if person.id not in self.chats:
            raise SandboxError(f"there is no person with the id {person.id}")
        return self.chats[person.id]

    def in_chat(self, chat_id: str) -> list[Message]:
        """What people see in a chat, oldest first."""
        return [message for message in self.messages if message.chat.id == chat_id and message.delivered]

    def post(self, chat: Chat, sender: Person | None, text: str = "", **content: Any) -> Message:
        """A new message in a chat, shown to all who listen."""
        message = Message(fresh_id(), chat, sender, self.clock.now(), text, **content)
        self.messages.append(message)
        if message.delivered:
            self.feed.publish("message", message=self.view(message))
        return message

    def view(self, message: Message) -> Json:
        """A message as the page sees it."""
        return views.message(message, self.bot_name, self.pictures.get(message.copy))

    def serves(self, person: Person) -> bool:
        """Whether the bot's plan has room for this person; the first ones who come take it."""
        if person.id not in self._served and len(self._served) < self.knobs.most_people:
            self._served.append(person.id)
        return person.id in self._served

    def tell_bot(self, update: Json) -> None:
        """Queue an update, unless Zalo is "offline": what is written then is lost."""
        if self.knobs.offline:
            return
        if self.knobs.counts_received:
            self.used[self.month] += 1
        self.pending.append(update)
        self.nudge()

    @property
    def month(self) -> str:
        """The month in which messages are counted now, as 2027-03."""
        return f"{self._here():%Y-%m}"

    @property
    def day(self) -> str:
        """The day in which calls about webhooks are counted now."""
        return f"{self._here():%Y-%m-%d}"

    def _here(self) -> datetime:
        return self.clock.now().astimezone(VIETNAM)

    def nudge(self) -> None:
        """Wake everybody who waits for an update: they look for themselves."""
        self._change.set()
        self._change = asyncio.Event()

    async def change(self) -> None:
        """Return at the next nudge."""
        await self._change.wait()

    async def until(self, condition: Callable[[], T], within: float = 5.0) -> T:
        """Wait until the condition, looked at after every event, is true; TimeoutError after `within` seconds."""
        with self.feed.listen() as events:
            async with asyncio.timeout(within):
                while not (found := condition()):
                    await events.get()
        return found
