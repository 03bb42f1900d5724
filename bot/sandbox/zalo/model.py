"""The things of Zalo's world: people, chats, what was said there, and the knobs for all that is unverified."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from secrets import token_hex
from typing import Any

Json = dict[str, Any]
GROUP = "zgr-"


def fresh_id() -> str:
    """An id as Zalo gives them: twenty hexadecimal digits."""
    return token_hex(10)


@dataclass(frozen=True)
class Person:
    """A human; his private chat has his own id. `on_telegram` is the same human's id there, if he is."""

    id: str
    name: str
    description: str = ""
    on_telegram: int | None = None

    @property
    def human(self) -> int | str:
        """The id under which the sandbox's page knows him."""
        return self.id if self.on_telegram is None else self.on_telegram


@dataclass
class Chat:
    """A private chat, or a group in which the bot is; `started` once somebody wrote there to the bot."""

    id: str
    members: list[Person]
    started: bool = False

    @property
    def is_group(self) -> bool:
        return self.id.startswith(GROUP)


@dataclass(eq=False)
class Message:
    """One message; `sender` is None for the bot's.

    `photo` is a picture's address and `copy` the name of what Zalo keeps of it, none while it is `black`: its address
    could be read only once. What is not `delivered` nobody sees.
    """

    id: str
    chat: Chat
    sender: Person | None
    at: datetime
    text: str = ""
    styles: list[Json] = field(default_factory=list)
    parse_mode: str = ""
    photo: str = ""
    copy: str = ""
    voice: str = ""
    sticker: str = ""
    black: bool = False
    delivered: bool = True

    @property
    def from_bot(self) -> bool:
        return self.sender is None


class EmptyPoll(StrEnum):
    """How a poll that found nothing is answered."""

    OK_FALSE = "ok_false"  # HTTP 200, error_code 408
    HTTP_408 = "http_408"
    EMPTY_RESULT = "empty_result"  # ok:true with an empty object
    NULL = "null"
    EMPTY_LIST = "empty_list"


class Secret(StrEnum):
    """What a webhook call carries in its header."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass
class Knobs:
    """What is unverified, or differs between reports; the values at the start are the likelier ones."""

    empty_poll: EmptyPoll = EmptyPoll.OK_FALSE
    token_status: int = 200  # the HTTP status of a wrong token
    string_codes: bool = False  # error_code as "400"
    poll_with_webhook: int = 400
    stranger: int = 400  # a message to somebody who never wrote
    refuses_bad_styles: bool = True  # else a bad style is left out
    wrapped: bool = True  # webhook bodies with {"ok", "result"}
    photo_field: str = "photo_url"  # or "photo"
    secret: Secret = Secret.RIGHT
    previews_hide: bool = False  # a text with a link comes as something unsupported, because of its preview
    offline: bool = False  # what people write is lost
    repeats_webhook: bool = False  # a call that was not answered with 2xx comes once more
    insists: bool = False  # a call that was not answered with 2xx comes again and again
    most_people: int = 50
    most_a_month: int = 3000
    counts_received: bool = True
    webhook_calls_a_day: int = 10
    longest_poll: int = 60  # seconds that a poll waits at most, whatever it asks for
    dead_polls_take: bool = False  # a poll whose caller died still takes an update, which is lost
    allow_loopback: bool = True


@dataclass(frozen=True)
class Call:
    """One call of the bot, for tests to look at; `outcome` is "ok" or what went wrong."""

    method: str
    params: Json
    at: datetime
    outcome: str
