"""What a reader of posts is, and the errors that say what to do next."""

from typing import Literal, Protocol

from bot.domain.links import Link
from bot.domain.readings import Reading

Proof = Literal["confirmed_api", "confirmed_public", "resolved"]
"""What a reading is worth: the platform's own interface, its public page, or only the way a short link leads."""


class Unread(Exception):
    """Nothing was read; the subclass says what to do next, `reason` is safe to log and store.

    Neither says anything against the post: a post must never be refused because it could not be read.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryLater(Unread):
    """The same call may go through later: in `seconds`, if that is known.

    `asked` is false if no request reached the site, so that a link that may be asked for only once still may be.
    """

    def __init__(self, reason: str, seconds: float | None = None, *, asked: bool = True) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.asked = asked


class NotThere(Unread):
    """This source will not tell: the post is gone, private or not ours, or we are refused for good."""


class Source(Protocol):
    """One way to read posts. `read` waits for the network, so it is called outside any transaction."""

    name: str
    evidence: Proof

    def reads(self, link: Link) -> bool:
        """Whether this source may be asked about such a link. Needs no network."""

    async def read(self, link: Link) -> Reading:
        """What the source says of a link that it `reads`; raises TryLater or NotThere."""

    async def close(self) -> None:
        """Close the connections. Sources opened together share them: close all, in any order."""
