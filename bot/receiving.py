"""Receives updates from the messengers: fetched, kept in the inbox, and only then confirmed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.orm import Session

from bot import inbox, metrics
from bot.channels.base import Channel, Rejected, SendError
from bot.domain.flood import Flood, Verdict, decide, forgettable
from bot.domain.quota import Quota
from bot.logs import failure
from bot.messages import Address, RawUpdate
from bot.storage import quotas
from bot.working import pause

log = structlog.get_logger()

Work = Callable[[Session, datetime], int]

MOST_KNOWN = 10_000
CATCHING_UP = timedelta(minutes=1)
RECONNECT = (1.0, 2.0, 5.0, 15.0, 30.0)


@dataclass(frozen=True, slots=True)
class Sifted:
    """What came: to be `handled`; to be `left` because its sender said too much; whom to `tell` so."""

    handled: Sequence[RawUpdate]
    left: Sequence[RawUpdate]
    tell: Sequence[Address]


class Sieve:
    """Knows who said how much lately, in this process: what it forgets at a restart is nobody's loss."""

    def __init__(self, now: datetime) -> None:
        self._began = now
        self._known: dict[Address, Flood] = {}

    def sift(self, updates: Sequence[RawUpdate], now: datetime) -> Sifted:
        """Leave what is too much. What waited while no bot ran did not come at once, though it arrives so."""
        if now - self._began < CATCHING_UP:
            return Sifted(updates, (), ())
        verdicts = [(each, self._weigh(Address(each.channel, each.sender), now)) for each in updates]
        told = [each for each, verdict in verdicts if verdict is Verdict.TELL_ONCE]
        self._forget(now)
        return Sifted(
            [each for each, verdict in verdicts if verdict is Verdict.HANDLE],
            [each for each, verdict in verdicts if verdict is not Verdict.HANDLE],
            [Address(each.channel, each.sender) for each in told if each.chat == each.sender],
        )

    def _weigh(self, who: Address, now: datetime) -> Verdict:
        if not who.chat:
            return Verdict.HANDLE
        self._known[who], verdict = decide(self._known.get(who), now)
        return verdict

    def _forget(self, now: datetime) -> None:
        if len(self._known) > MOST_KNOWN:
            self._known = {who: flood for who, flood in self._known.items() if not forgettable(flood, now)}


class Receiver:
    """Keeps what comes, by `run`, which does a work in a transaction. `shut_out` names who takes our token no more.

    `tell` says to somebody that he says too much.
    """

    def __init__(
        self,
        quotas: Mapping[str, Quota],
        run: Callable[[Work], Awaitable[object]],
        now: Callable[[], datetime],
        tell: Callable[[Session, Address, datetime], None],
    ) -> None:
        self.shut_out: set[str] = set()
        self._quotas = quotas
        self._run = run
        self._now = now
        self._tell = tell
        self._sieve = Sieve(now())

    async def receive(self, channel: Channel, wait: float) -> int:
        """Fetch updates, keep them, and only then let the messenger know; how many came."""
        updates = await channel.fetch(wait)
        await self.keep(updates)
        channel.confirm(updates)
        return len(updates)

    async def keep(self, updates: Sequence[RawUpdate]) -> None:
        """Keep updates in the inbox; they are safe when this returns."""
        if updates:
            await self._run(partial(self._keep, self._sieve.sift(updates, self._now())))

    def _keep(self, sifted: Sifted, session: Session, now: datetime) -> int:
        kept = 0
        inbox.leave(session, sifted.left, now)
        for address in sifted.tell:
            self._tell(session, address, now)
        for name in {each.channel for each in sifted.handled}:
            new = inbox.receive(session, [each for each in sifted.handled if each.channel == name], now)
            kept += new
            metrics.RECEIVED.labels(name).inc(new)
            if quota := self._quotas.get(name):
                quotas.count(session, name, quota.day_of(now), received=new)
        return kept

    async def run(self, channel: Channel, stop: asyncio.Event) -> None:
        """Receive until `stop`, or until the messenger takes our token no more."""
        failures = 0
        while not stop.is_set():
            try:
                fetch = asyncio.create_task(self.receive(channel, channel.longest_poll))
                if not await _unless(stop, fetch, drop=channel.repeats):
                    return
                failures = 0
            except Rejected as error:
                log.error("nothing is received here any more", channel=channel.name, reason=error.reason)
                self.shut_out.add(channel.name)
                return
            except SendError as error:
                wait = RECONNECT[min(failures, len(RECONNECT) - 1)]
                failures += 1
                log.warning("cannot receive, will try again", reason=error.reason, seconds=wait)
                await pause(stop, wait)
            except Exception as error:
                log.error("receiving failed, will try again", error=failure(error))
                await pause(stop, RECONNECT[0])


async def _unless(stop: asyncio.Event, task: asyncio.Task[int], *, drop: bool) -> bool:
    """Wait for a task; False if `stop` came first. A long poll is then dropped, if what it held comes again."""
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([task, stopping], return_when=asyncio.FIRST_COMPLETED)
        if not task.done() and drop:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return False
        await task
        return True
    finally:
        stopping.cancel()
