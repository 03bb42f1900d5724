"""The state of the sandbox: bot, people, chats, messages, files, and what waits for whom. No web in it.

One world belongs to one event loop; only `clock.now` may be called from other threads.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from bot.sandbox import views, wire
from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import SandboxError, bad_request
from bot.sandbox.faults import Faults
from bot.sandbox.feed import Feed
from bot.sandbox.files import Files
from bot.sandbox.limits import Pacer
from bot.sandbox.model import ADMINS, Call, Callback, Chat, ChatKind, Json, Message, Person, Status, Toast, Webhook
from bot.sandbox.updates import Updates

BOT_ID = 1_000_000_001
CALLS_KEPT = 20_000
T = TypeVar("T")


class World:
    """Everything there is; `scale` multiplies Telegram's limits (`math.inf`: none).

    `reads_groups` is False for a bot in privacy mode, which hears only commands, replies and its own name in
    groups that it does not administer.
    """

    callback_lifetime = timedelta(minutes=2)

    def __init__(
        self,
        *,
        bot_name: str = "Sổ Tin",
        bot_username: str = "sotin_bot",
        clock: SandboxClock | None = None,
        scale: float = 1.0,
        reads_groups: bool = True,
    ) -> None:
        self.clock = clock or SandboxClock()
        self.bot = Person(BOT_ID, bot_name, bot_username, is_bot=True)
        self.reads_groups = reads_groups
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files = Files()
        self.feed = Feed()
        self.faults = Faults()
        self.pacer = Pacer(scale)
        self.webhook = Webhook()
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.callbacks: dict[str, Callback] = {}
        self.toasts: list[Toast] = []
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        first_id = _fresh_id(self.clock.now())
        self.updates = Updates(first_id)
        self._messages: dict[int, Message] = {}
        self._by_chat: dict[int, list[Message]] = {}
        self._ids = count(first_id)

    def add_person(
        self,
        name: str,
        *,
        username: str | None = None,
        language: str = "vi",
        description: str = "",
        person_id: int | None = None,
        started: bool = False,
    ) -> Person:
        """A new person with a private chat of the same id; the bot may write first only when `started`."""
        person = Person(person_id or next(self._ids), name, username, language, description)
        if person.id in self.people:
            raise SandboxError(f"there is already a person with the id {person.id}")
        members = {person.id: Status.MEMBER, self.bot.id: Status.MEMBER}
        self.people[person.id] = person
        self._add_chat(Chat(person.id, ChatKind.PRIVATE, self.bot.name, members, person, started))
        return person

    def add_group(
        self,
        title: str,
        members: Iterable[Person],
        admins: Iterable[Person] = (),
        *,
        with_bot: bool = True,
        bot_admin: bool = False,
        supergroup: bool = False,
    ) -> Chat:
        """A new group, without a word to the bot: it is as if it had always been there."""
        found = {person.id: Status.MEMBER for person in members}
        found |= {person.id: Status.ADMINISTRATOR for person in admins}
        bot_status = Status.ADMINISTRATOR if bot_admin else Status.MEMBER
        found[self.bot.id] = bot_status if with_bot else Status.LEFT
        kind = ChatKind.SUPERGROUP if supergroup else ChatKind.GROUP
        number = next(self._ids)
        group_id = -1_000_000_000_000 - number if supergroup else -number
        return self._add_chat(Chat(group_id, kind, title, found))

    def person(self, person_id: int) -> Person:
        """The person with this id, the bot included; SandboxError when there is none."""
        found = self.bot if person_id == self.bot.id else self.people.get(person_id)
        if found is None:
            raise SandboxError(f"there is no person with the id {person_id}")
        return found

    def chat(self, chat_id: int) -> Chat:
        """The chat with this id; the Bot API's "chat not found" when there is none."""
        if chat_id not in self.chats:
            raise bad_request("chat not found")
        return self.chats[chat_id]

    def messages(self, chat_id: int) -> list[Message]:
        """What stands in a chat now, oldest first; deleted messages are gone."""
        return [message for message in self._by_chat.get(chat_id, []) if not message.deleted]

    def message(self, chat_id: int, message_id: int) -> Message | None:
        found = self._messages.get(message_id)
        return found if found and found.chat.id == chat_id and not found.deleted else None

    def post(self, chat: Chat, sender: Person, text: str = "", **content: Any) -> Message:
        """A new message in a chat, shown to all who listen; `content` are the other fields of Message."""
        message = Message(next(self._ids), chat, sender, self.clock.now(), text, **content)
        self._messages[message.message_id] = message
        self._by_chat.setdefault(chat.id, []).append(message)
        self.show("message", message)
        return message

    def show(self, kind: str, message: Message) -> None:
        """Tell the listeners of a message: "message", "edited" or "deleted"."""
        self.feed.publish(kind, message=views.message(message))

    def show_chat(self, chat: Chat) -> None:
        self.feed.publish("chat", chat=views.chat(chat, self.bot.id))

    def tell_bot(self, kind: str, message: Message) -> None:
        """Queue a message or edited_message for the bot."""
        self.updates.put(kind, wire.message(message))

    def commands_for(self, chat: Chat, person: Person) -> list[Json]:
        """The command menu that this person sees in this chat (Bot API, "Determining list of commands")."""
        for scope in _scopes(chat, person):
            for language in (person.language, ""):
                if found := self.commands.get((scope, language)):
                    return found
        return []

    async def until(self, condition: Callable[[], T], within: float = 5.0) -> T:
        """Wait until the condition, looked at after every event, is true; TimeoutError after `within` seconds."""
        with self.feed.listen() as events:
            async with asyncio.timeout(within):
                while not (found := condition()):
                    await events.get()
        return found

    def _add_chat(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        if chat.person is not None:
            self.feed.publish("person", person=views.person(chat.person))
        self.show_chat(chat)
        return chat


def scope_key(kind: str, chat_id: int | None = None, user_id: int | None = None) -> str:
    """One word for a BotCommandScope."""
    return ":".join(str(part) for part in (kind, chat_id, user_id) if part is not None)


def _scopes(chat: Chat, person: Person) -> list[str]:
    own = [scope_key("chat_member", chat.id, person.id)] if chat.is_group else []
    is_admin = chat.members.get(person.id) in ADMINS
    if not chat.is_group:
        return [scope_key("chat", chat.id), "all_private_chats", "default"]
    admins = [scope_key("chat_administrators", chat.id)] if is_admin else []
    all_admins = ["all_chat_administrators"] if is_admin else []
    return [*own, *admins, scope_key("chat", chat.id), *all_admins, "all_group_chats", "default"]


def _fresh_id(now: datetime) -> int:
    """A first id above all that an earlier world gave out: a bot's database outlives the sandbox.

    Ten ids a second since 2024 leave room up to 2030 below 2³¹.
    """
    return int((now.timestamp() - 1_704_067_200) * 10)
