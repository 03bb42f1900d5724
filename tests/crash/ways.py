"""The ways on which updates come to the bot in a trial, and how its life is seen from outside on each."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass

from bot.channels.zalo_text import styled
from tests.cast import TOKEN


@dataclass(frozen=True, slots=True)
class Way:
    """A messenger, by polling or by webhook.

    The feed of the sandbox has events of the kind `starts` for each of so many calls that the bot makes before it
    listens, and one of the kind `listens` when it does. With `may_get_lost`, each process that is killed may take one
    update along that was handed out to it: the messenger does not ask whether it arrived.
    """

    channel: str
    starts: str
    calls: int
    listens: str = "poll"
    may_get_lost: bool = False

    @property
    def is_pushed(self) -> bool:
        """Whether the messenger posts to the bot."""
        return self.listens == "webhook"

    @property
    def sandbox(self) -> tuple[str, ...]:
        """What starts the messenger's process."""
        return ("--scale", "inf") if self.channel == "telegram" else ("--zalo",)

    def settings(self, address: str) -> Mapping[str, str]:
        """What the bot is told of the messenger at this address."""
        name = self.channel.upper()
        common = {f"{name}_BOT_TOKEN": TOKEN, f"{name}_API_BASE": address, f"{name}_LIMIT_SCALE": "100000"}
        port = str(free_port())
        here = f"http://127.0.0.1:{port}"
        hook = {f"{name}_WEBHOOK_URL": f"{here}/hook", "WEBHOOK_PORT": port} if self.is_pushed else {}
        return {**common, **hook, "PUBLIC_URL": here, "WEBHOOK_PORT": port} if self.channel == "zalo" else common | hook

    @property
    def knobs(self) -> Mapping[str, int]:
        """How the messenger is set up."""
        if self.channel == "telegram":
            return {}
        # What is posted comes again until it is taken; a poll in hand at the end, which the bot waits for, is short.
        return {"insists": True, "webhook_calls_a_day": 10_000, "longest_poll": 1}

    def words(self, said: str) -> str:
        """What the bot says, as it arrives on the other side."""
        return said if self.channel == "telegram" else styled(said)[0]


WAYS = {
    "telegram-polled": Way("telegram", "commands", 4),
    "telegram-pushed": Way("telegram", "commands", 4, listens="webhook"),
    "zalo-polled": Way("zalo", "call", 2, may_get_lost=True),
    "zalo-pushed": Way("zalo", "call", 2, listens="webhook"),
}


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
