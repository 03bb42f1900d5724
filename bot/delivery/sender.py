"""The delivery loop: one transaction records the last outcomes and claims the next rows; sends run beside it."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from bot import metrics
from bot.channels.base import Channel, OurFault, SendError, Throttled
from bot.delivery import quotas
from bot.delivery.claims import Outcome, Parcel, claim, record
from bot.delivery.pacing import LIMITS, Pacer
from bot.domain.quota import Quota
from bot.logs import failure
from bot.messages import Address
from bot.storage.db import Database

log = structlog.get_logger()

Work = Callable[[Session, datetime], object]

SENDERS = 64
GATHER = 0.01  # seconds in which what lands is gathered while more waits: a turn for each costs more than the sends
RECORD_WITHIN = 0.05  # seconds in which it is gathered otherwise: the next update's turn may take it along
IDLE_POLL = 0.5  # another replica or the scheduler may have put something


@dataclass(frozen=True, slots=True)
class Turn:
    """One transaction: `before` first, then `outcomes` recorded, then as much claimed as there is `room` by channel."""

    now: datetime
    before: Work | None
    outcomes: Sequence[Outcome]
    busy: Collection[Address]
    room: Mapping[str, int]
    limits: Mapping[str, Quota]


class Delivery:
    """Sends what is in the outbox. `step` does one turn; `run` repeats it until told to stop.

    `limit_scales` multiplies the pace of a channel, where it is named.
    """

    def __init__(
        self,
        db: Database,
        channels: Mapping[str, Channel],
        clock: Callable[[], datetime],
        limit_scales: Mapping[str, float],
    ) -> None:
        self.wake = asyncio.Event()
        self._db = db
        self._channels = channels
        self._clock = clock
        self._pacers = {name: Pacer(limit_scales.get(name, 1.0), LIMITS[name]) for name in channels}
        self._quotas = {name: channel.quota for name, channel in channels.items() if channel.quota}
        self._in_flight: dict[Address, asyncio.Task[None]] = {}
        self._outcomes: list[Outcome] = []
        self._last_sent: dict[str, datetime] = {}  # by channel
        self._paced: set[Address] = set()
        self._more_waits = False  # than the last turn had room for
        self._turned = 0.0  # when the last turn began
        self._one_turn = asyncio.Lock()  # two at once would take the same room

    async def step(self, *, claiming: bool = True, first: Work | None = None, before: Work | None = None) -> bool:
        """Record what became of finished sends and start the next; False if there was nothing to do.

        `first` is committed before anything else. `before` is done in the turn's own transaction: what it puts into the
        outbox may go at once.
        """
        async with self._one_turn:
            outcomes, self._outcomes = self._outcomes, []
            room = self._room() if claiming else {}
            if not before and not outcomes and not room:
                return False
            self._turned = time.monotonic()
            busy = {*self._in_flight, *self._still_paced()}
            turn = Turn(self._clock(), before, outcomes, busy, room, self._quotas)
            try:
                parcels = await self._do(first, turn)
            except BaseException:
                self._outcomes = [*outcomes, *self._outcomes]
                raise
            self._more_waits = bool(parcels) and len(parcels) >= min(room.values())
            for parcel in parcels:
                self._start(parcel)
        return bool(outcomes or parcels)

    async def _do(self, first: Work | None, turn: Turn) -> list[Parcel]:
        if first is None:
            return await self._db.run(_do, turn)
        return await self._db.run_after(lambda session: first(session, turn.now), _do, turn)

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop`; then finish what is in flight and record it."""
        while not stop.is_set():
            self.wake.clear()
            try:
                did = await self.step()
            except Exception as error:
                log.error("delivery turn failed, will go on", error=failure(error))
                did = False
            if did and self._more_waits:
                await asyncio.sleep(GATHER)
            else:
                await self._rest()
        await self.finish()

    async def finish(self) -> None:
        """Wait for the sends in flight and record them; nothing new is claimed."""
        while self.has_work_in_hand:
            if self._in_flight:
                await asyncio.wait(self._in_flight.values())
            await self.step(claiming=False)

    @property
    def has_work_in_hand(self) -> bool:
        """Whether a send is in flight or over but not recorded."""
        return bool(self._in_flight or self._outcomes)

    async def landed(self) -> None:
        """Wait until one of the sends in flight is over, if there are any."""
        if self._in_flight:
            await asyncio.wait(self._in_flight.values(), return_when=asyncio.FIRST_COMPLETED)

    def _room(self) -> dict[str, int]:
        """How many messages may go on each channel; a slow channel has its own senders and holds no other up."""
        now, going = time.monotonic(), Counter(to.channel for to in self._in_flight)
        room = {name: min(pacer.room(now), SENDERS - going[name]) for name, pacer in self._pacers.items()}
        return {name: most for name, most in room.items() if most > 0}

    def _still_paced(self) -> set[Address]:
        now = time.monotonic()
        self._paced = {to for to in self._paced if self._pacers[to.channel].wait_chat(to.chat, now) > 0}
        return self._paced

    def _start(self, parcel: Parcel) -> None:
        pacer = self._pacers[parcel.to.channel]
        pacer.take(parcel.to.chat)
        if pacer.wait_chat(parcel.to.chat, time.monotonic()) > 0:
            self._paced.add(parcel.to)
        task = asyncio.get_running_loop().create_task(self._send(parcel))
        self._in_flight[parcel.to] = task

    async def _send(self, parcel: Parcel) -> None:
        message: str | None = None
        error: SendError | None = None
        began = time.monotonic()
        try:
            message = await self._channels[parcel.to.channel].send(parcel.to, parcel.message, parcel.content)
        except SendError as refused:
            error = refused
        except Exception as bug:
            error = OurFault(failure(bug))
        if isinstance(error, Throttled):
            self._pacers[parcel.to.channel].be_silent(error.seconds, time.monotonic())
        if error:
            log.warning("not sent", outbox=parcel.id, chat=parcel.to.chat, reason=error.reason)
        if message is not None:
            self._last_sent[parcel.to.channel] = self._clock()
        metrics.sent(parcel.to.channel, parcel.priority, error, time.monotonic() - began)
        self._outcomes.append(Outcome(parcel, message, error, self._last_sent.get(parcel.to.channel)))
        del self._in_flight[parcel.to]
        if self._more_waits:
            self.wake.set()
        elif len(self._outcomes) == 1:
            asyncio.get_running_loop().call_later(RECORD_WITHIN, self._wake_to_record, self._outcomes[0])

    def _wake_to_record(self, first: Outcome) -> None:
        if self._outcomes and self._outcomes[0] is first:  # else a turn took it along
            self.wake.set()

    async def _rest(self) -> None:
        """Until it is woken, a pace allows more, or no turn was done for a while: updates bring turns of their own."""
        while True:
            now = time.monotonic()
            waits = [pacer.wait_all(now) for pacer in self._pacers.values()]
            waits += [self._pacers[to.channel].wait(to.chat, now) for to in self._paced]
            timeout = min([wait for wait in waits if wait > 0], default=IDLE_POLL)
            try:
                await asyncio.wait_for(self.wake.wait(), min(timeout, IDLE_POLL))
            except TimeoutError:
                for pacer in self._pacers.values():
                    pacer.forget_idle(now)
            if self.wake.is_set() or timeout < IDLE_POLL or time.monotonic() >= self._turned + IDLE_POLL:
                return


def _do(session: Session, turn: Turn) -> list[Parcel]:
    now, limits = turn.now, turn.limits
    if turn.before:
        turn.before(session, now)
    record(session, turn.outcomes, now)
    quotas.note(session, turn.outcomes, limits, now)
    tight = quotas.for_answers_only(session, limits, now) if turn.room else frozenset()
    return [
        parcel
        for name, most in turn.room.items()
        for parcel in claim(session, now, name, busy=turn.busy, most=most, answers_only=name in tight)
    ]
