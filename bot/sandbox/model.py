"""The things of the sandbox's world: people, chats, messages, files, and what was pressed and called."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.sandbox.entities import Entity
from bot.sandbox.html import to_html

Json = dict[str, Any]
Button = dict[str, Any]


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"


class Status(StrEnum):
    """What somebody is in a chat, in the Bot API's words."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"


PRESENT = frozenset({Status.CREATOR, Status.ADMINISTRATOR, Status.MEMBER})
ADMINS = frozenset({Status.CREATOR, Status.ADMINISTRATOR})


@dataclass(frozen=True)
class Person:
    """A human, or the bot itself."""

    id: int
    name: str
    username: str | None = None
    language: str = "vi"
    description: str = ""
    is_bot: bool = False


@dataclass
class Chat:
    """A private chat of one person with the bot, or a group; `members` maps ids, the bot's too, to a status."""

    id: int
    kind: ChatKind
    title: str
    members: dict[int, Status]
    person: Person | None = None
    started: bool = True
    migrated_to: int | None = None

    @property
    def is_group(self) -> bool:
        return self.kind is not ChatKind.PRIVATE

    def has(self, person_id: int) -> bool:
        """True when this person (or the bot) is in the chat now."""
        return self.members.get(person_id) in PRESENT


@dataclass(frozen=True)
class StoredFile:
    """A file on the sandbox's server; `width` is set for pictures."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime_type: str
    content: bytes
    width: int = 0
    height: int = 0


@dataclass(eq=False)
class Message:
    """One message as it stands now; `text` is the caption where there is a photo or document."""

    message_id: int
    chat: Chat
    sender: Person
    date: datetime
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    photo: StoredFile | None = None
    document: StoredFile | None = None
    buttons: list[list[Button]] = field(default_factory=list)
    reply_to: "Message | None" = None
    forward_origin: Json | None = None
    edited: datetime | None = None
    service: Json | None = None
    deleted: bool = False

    @property
    def from_bot(self) -> bool:
        return self.sender.is_bot

    @property
    def html(self) -> str:
        """The text with its entities written as HTML again."""
        return to_html(self.text, self.entities)


@dataclass
class Callback:
    """One press of a button, open until the bot answers it."""

    id: str
    person: Person
    at: datetime
    answered: bool = False


@dataclass(frozen=True)
class Toast:
    """What the bot answered to a press; shown for a moment, or as an alert."""

    callback_id: str
    person_id: int
    text: str
    show_alert: bool
    at: datetime


@dataclass
class Webhook:
    """Where updates go, "" for nowhere, and what went wrong last."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: datetime | None = None


@dataclass(frozen=True)
class Call:
    """One call of the bot, for tests to look at; `outcome` is "ok", a refusal, or what fault it met."""

    method: str
    params: Json
    at: datetime
    outcome: str
