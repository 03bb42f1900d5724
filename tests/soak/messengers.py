"""Both messengers on this machine, with the people of a soak, each of them on one."""

import socket
from collections.abc import Iterable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.world import ZaloWorld
from tests.cast import TOKEN
from tests.soak.ledger import is_on_zalo
from tests.soak.phones import OnTelegram, OnZalo, Phone

SCALE = 10  # times what the messengers let through
ZALO_TOKEN = "4242424242:soak"  # noqa: S105 -- opens nothing but the soak's own server


class Messengers:
    """Served as long as its `async with` block runs; `phones` are those of the people with these chats."""

    def __init__(self, chats: Iterable[int]) -> None:
        self.telegram, self.zalo = World(scale=SCALE), ZaloWorld()
        self.phones = [self._phone(chat) for chat in chats]
        self.zalo.knobs.most_people = len(self.phones)
        self.zalo.knobs.most_a_month = 10**9
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._telegram_at = await self._stack.enter_async_context(SandboxServer(self.telegram, TOKEN))
        self._zalo_at = await self._stack.enter_async_context(ZaloServer(self.zalo, ZALO_TOKEN))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def settings(self) -> dict[str, str]:
        """What the bot has to know of them; Zalo fetches pictures from the bot's own pages."""
        port = _free_port()
        return {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": self._telegram_at.address,
            "TELEGRAM_LIMIT_SCALE": str(SCALE),
            "ZALO_BOT_TOKEN": ZALO_TOKEN,
            "ZALO_API_BASE": self._zalo_at.address,
            "ZALO_LIMIT_SCALE": str(SCALE),
            "ZALO_MESSAGES_A_MONTH": "0",  # as many as one likes
            "WEBHOOK_PORT": port,
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
        }

    def waiting(self) -> int:
        """Updates that the bot did not take yet; Zalo's last one counts until the next poll: only then it was kept."""
        return len(self.telegram.updates.pending) + len(self.zalo.pending) + (not self.zalo.polled)

    def _phone(self, chat: int) -> Phone:
        name = f"Người {chat}"
        if is_on_zalo(chat):
            return OnZalo(self.zalo, self.zalo.add_person(name, person_id=str(chat), started=True))
        return OnTelegram(self.telegram, self.telegram.add_person(name, person_id=chat, started=True))


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return str(taken.getsockname()[1])
