"""A bot that lives: its loops run beside the test, over the sandbox, while something breaks and comes back."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Self

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from structlog.typing import EventDict

from bot import inbox
from bot.channels import telegram_reading
from bot.sandbox import people
from bot.sandbox.zalo import people as on_zalo
from bot.storage.models import InboxRow, InboxState, Post
from tests.cast import TAG, Actor, Stage, number_in
from tests.zalo_cast import ZaloStage

PAGE = "https://www.facebook.com/groups/tuhaodanquantuvemiendong/posts/"
FIRST_POST = 770_000_000_000_001
A_MINUTE = timedelta(minutes=1)
NO_TIME = timedelta()
A_LOOK = 0.02
WITHIN = 20.0


class Life:
    """Runs the bot of a stage as it runs for real; `logged` is what it wrote into its log."""

    def __init__(self, stage: Stage, logged: list[EventDict]) -> None:
        self.stage = stage
        self.logged = logged
        self._stop = asyncio.Event()
        self._handed_in: list[Actor] = []

    async def __aenter__(self) -> Self:
        await self.stage.owe_nothing()
        self._running = asyncio.create_task(self.stage.app.run(self._stop))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        await self._running

    def hand_in(self, *actors: Actor) -> None:
        """Each hands in a post of his own; nobody waits for the answer."""
        for actor in actors:
            self._handed_in.append(actor)
            number = FIRST_POST + len(self._handed_in)
            text = f"{PAGE}{number}\nTin {number} của đơn vị. {TAG}"
            if isinstance(self.stage, ZaloStage):
                on_zalo.say(self.stage.zalo, actor.person, text)  # type: ignore[arg-type]  # Zalo's own
            else:
                people.say(self.stage.world, actor.person, text)

    def receipts(self, actor: Actor) -> list[int]:
        """The receipt numbers that somebody got, in their order."""
        found = [each.text for each in actor.chat() if each.from_bot and each.text.startswith("✅ Số")]
        return [number_in(text) for text in found]

    async def all_is_answered(self, passing: timedelta = NO_TIME, *, doubled: bool = False) -> None:
        """Wait until everything that was handed in has its receipt; each has one, in its order, and none is lost.

        With `doubled` one may be there more than once, as nobody knew whether it had arrived.
        """
        actors = set(self._handed_in)
        wanted = {actor: self._handed_in.count(actor) for actor in actors}
        await self.until(lambda: all(len(set(self.receipts(each))) >= wanted[each] for each in actors), passing)
        for actor in actors:
            numbers = self.receipts(actor)
            assert numbers == sorted(numbers if doubled else set(numbers))
            assert len(set(numbers)) == wanted[actor]
        assert await self.stage.ask(_left_behind) == (len(self._handed_in), 0)

    async def until(self, condition: Callable[[], object], passing: timedelta = NO_TIME) -> None:
        """Wait for what the event loop does not see; the bot must run meanwhile, and so much passes at each look."""
        end = time.monotonic() + WITHIN
        while not condition():
            assert not self._running.done(), "the bot ended"
            assert time.monotonic() < end, self.logged[-5:]
            self.stage.world.clock.jump(passing)
            await asyncio.sleep(A_LOOK)

    async def troubles(self, times: int = 1, kind: str = "", passing: timedelta = NO_TIME) -> None:
        """Wait until the bot has met its trouble so many more times, as its log says: of any kind, or of this one."""
        before = self._complaints(kind)
        await self.until(lambda: self._complaints(kind) >= before + times, passing)

    def _complaints(self, kind: str) -> int:
        complaints = [line["event"] for line in self.logged if line["log_level"] in ("warning", "error")]
        return sum(kind in event for event in complaints)


def _left_behind(session: Session) -> tuple[int, int]:
    """How many posts there are, and how many updates were not handled to their end."""
    posts = session.scalar(select(func.count()).select_from(Post))
    left = session.scalar(select(func.count()).select_from(InboxRow).where(InboxRow.state != InboxState.DONE))
    return posts or 0, left or 0


async def keep_only(stage: Stage) -> None:
    """What waits at the messenger is kept, as by a process that died right after."""
    raws = [telegram_reading.keep(each) for each in stage.world.updates.pending]
    await stage.app.db.run(inbox.receive, raws, stage.app.now())
    stage.world.updates.pending.clear()
