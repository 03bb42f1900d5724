"""What a channel is, and the errors that say what to do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.messages import Address, Incoming, Outgoing, RawUpdate


class SendError(Exception):
    """A message did not get through; the subclass says what to do next, `reason` is safe to log and store."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryLater(SendError):
    """Nothing was sent; the same call may go through later."""


class Throttled(SendError):
    """The messenger wants the whole bot to be silent for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"throttled for {seconds:g} s")
        self.seconds = seconds


class Unreachable(SendError):
    """The person blocked the bot, left or is gone: never again until he writes."""


class Moved(SendError):
    """The group now has another id: keep it and send again."""

    def __init__(self, chat: str) -> None:
        super().__init__("the group moved")
        self.chat = chat


class OurFault(SendError):
    """The messenger refuses this message as we made it: sending again would not help."""


class InDoubt(SendError):
    """The connection was lost after the request went out: it may have been sent."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is on a channel; a join code put behind `join_link` opens the bot with it."""

    name: str
    join_link: str


CommandMenu = Mapping[tuple[str, str], Sequence[tuple[str, str]]]
"""(scope, language) → (command, description) …; scope is `private` or `group`, language "" for everybody else's."""


class Channel(Protocol):
    """One messenger. Only `fetch`, `send` and `admins` wait for the network while the bot runs."""

    name: str

    async def open(self, menu: CommandMenu) -> Identity:
        """Say hello, set the command menu; raises SendError if the messenger is out of reach."""

    async def fetch(self, wait: float) -> list[RawUpdate]:
        """New updates, waiting up to `wait` seconds; they come again until `confirm`ed."""

    def confirm(self, updates: Sequence[RawUpdate]) -> None:
        """The updates are committed: the next fetch may tell the messenger so."""

    def accept(self, body: bytes) -> RawUpdate:
        """The update in the body of a webhook call; ValueError if it is not one."""

    def read(self, update: RawUpdate) -> Incoming | None:
        """What a kept update means; None if it holds nothing that the bot deals with."""

    async def send(self, to: Address, message: Outgoing, content: bytes | None) -> str | None:
        """Send (or edit, or answer a press); the id of the message. `content` is the file's bytes. Raises SendError."""

    async def admins(self, chat: str) -> frozenset[str]:
        """Who administers a group: the ids of their private chats. Raises SendError."""

    async def close(self) -> None:
        """Close the connections."""
