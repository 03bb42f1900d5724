"""What a channel is, and the errors that say what to do next."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.quota import Quota
from bot.messages import Address, Incoming, Outgoing, RawUpdate

# What a messenger quotes of a message, or of an address, when it refuses it.
QUOTED = re.compile(r"""\"[^"]*"|“[^”]*”|(?<!\w)'[^']*'(?!\w)|https?://\S+""")


class SendError(Exception):
    """A message did not get through; the subclass says what to do next, `reason` is safe to log and store."""

    def __init__(self, reason: str) -> None:
        self.reason = QUOTED.sub("…", reason)
        super().__init__(self.reason)


class TryLater(SendError):
    """Nothing was sent; the same call may go through later."""


class NoConnection(TryLater):
    """There is no way to the messenger: nothing left this machine, and no message is to blame."""


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


class OverQuota(Throttled):
    """The messenger lets no more through today or this month: silent for `seconds`, then try again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.reason = "the messenger's quota is used up"


class Rejected(SendError):
    """The messenger does not know the token (any more): nothing works until somebody puts in another."""


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
    """One messenger. Only `fetch`, `send`, `admins` and `download` wait for the network while the bot runs."""

    name: str
    longest_poll: float
    """Seconds that one `fetch` may wait."""
    repeats: bool
    """Whether an update comes again until it is confirmed. If not, a poll must not be broken off: it may hold one."""
    quota: Quota | None
    secret_header: str
    """The header of a webhook call in which the messenger puts the secret."""
    probes: bool
    """Whether an empty webhook call only asks if somebody is there."""

    async def open(self, menu: CommandMenu) -> Identity:
        """Say hello, set the command menu; raises SendError if the messenger is out of reach."""

    async def fetch(self, wait: float) -> list[RawUpdate]:
        """New updates, waiting up to `wait` seconds; they come again until `confirm`ed."""

    def confirm(self, updates: Sequence[RawUpdate]) -> None:
        """The updates are committed: the next fetch may tell the messenger so."""

    async def use_webhook(self, url: str, secret: str) -> None:
        """Have updates posted to `url`, each with `secret` in its header. Raises SendError."""

    async def use_polling(self) -> None:
        """Remove a webhook, which would keep `fetch` from working. Raises SendError."""

    def accept(self, body: bytes) -> RawUpdate | None:
        """The update in the body of a webhook call, None for a probe; ValueError if it is neither."""

    def read(self, update: RawUpdate) -> Incoming | None:
        """What a kept update means; None if it holds nothing that the bot deals with."""

    async def send(self, to: Address, message: Outgoing, content: bytes | None) -> str | None:
        """Send (or edit, or answer a press); the id of the message. `content` is the file's bytes. Raises SendError."""

    async def admins(self, chat: str) -> frozenset[str]:
        """Who administers a group: the ids of their private chats. Raises SendError."""

    async def download(self, reference: str, most: int) -> bytes:
        """The bytes of a file that somebody sent, at most so many. Raises SendError: OurFault if it is larger."""

    async def close(self) -> None:
        """Close the connections."""
