"""Fetching what is attached: what the messenger gives out, what it does not, and how long one asks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot import copying
from bot.channels.base import OurFault, SendError, Throttled, TryLater, Unreachable
from bot.copying import GIVE_UP_AFTER, MOST_BYTES, Copier, Due
from bot.storage.db import Database
from bot.watchdog import Trials
from tests.databases import A_MONDAY, Sqlite

STALLS = b"for ever"
A_FETCH = timedelta(seconds=copying.FETCH_WITHIN)


class Messenger:
    """A channel that can only give files out; each answer is given once."""

    def __init__(self, answers: Sequence[bytes | Exception], stalls: Callable[[], None]) -> None:
        self.answers = list(answers)
        self.stalls = stalls

    async def download(self, reference: str, most: int) -> bytes:
        assert (reference, most) == ("file-1", MOST_BYTES)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if answer == STALLS:
            self.stalls()
            await asyncio.Event().wait()
        return answer


class Desk:
    """The files that are wanted, and what became of them; one that stalls takes minutes."""

    def __init__(self, database: Database, *answers: bytes | Exception, channel: str = "telegram") -> None:
        self.now, self.channel = A_MONDAY, channel
        self.wanted, self.settled = [7], list[bytes | None]()
        channels = {"telegram": Messenger(answers, self.stall)}
        self.copier = Copier(
            Trials(database, lambda: self.now).of("copy"),
            channels,  # type: ignore[arg-type]  # it asks nothing else of the channel
            lambda: self.now,
            self.next_due,
            self.settle,
        )

    def next_due(self, _: Session, but: Collection[int]) -> Due | None:
        left = (number for number in self.wanted if number not in but)
        return next((Due(number, self.channel, "file-1", A_MONDAY) for number in left), None)

    def settle(self, _: Session, number: int, content: bytes | None, __: datetime) -> None:
        self.wanted.remove(number)
        self.settled.append(content)

    def stall(self) -> None:
        self.now += A_FETCH


@pytest.fixture
async def database(sqlite: Sqlite) -> AsyncIterator[Database]:
    opened = Database(sqlite.fresh())
    yield opened
    opened.close()


async def test_a_file_is_fetched_once(database: Database) -> None:
    desk = Desk(database, b"bytes")
    assert [await desk.copier.step() for _ in range(2)] == [1, 0]
    assert desk.settled == [b"bytes"]


@pytest.mark.parametrize("passing", [TryLater("x"), Throttled(5)])
async def test_what_the_messenger_does_not_give_out_now_is_asked_for_again(
    database: Database, passing: SendError
) -> None:
    desk = Desk(database, passing, b"bytes")
    assert [await desk.copier.step() for _ in range(2)] == [1, 0]  # left alone for a while
    desk.now += timedelta(seconds=11)
    await desk.copier.step()
    assert desk.settled == [b"bytes"]


@pytest.mark.parametrize("lasting", [OurFault("gone"), Unreachable("x"), ValueError("a fault of ours")])
async def test_what_cannot_be_had_is_given_up(database: Database, lasting: Exception) -> None:
    desk = Desk(database, lasting)
    await desk.copier.step()
    assert desk.settled == [None]


async def test_a_file_that_dribbles_without_end_is_left_and_asked_for_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "FETCH_WITHIN", 0.01)
    desk = Desk(database, STALLS, b"bytes")
    assert [await desk.copier.step() for _ in range(2)] == [1, 0]  # left alone from the end of the fetch on
    desk.now += timedelta(seconds=11)
    await desk.copier.step()
    assert desk.settled == [b"bytes"]


@pytest.mark.parametrize("slow", [1, 2, 4])
async def test_however_many_files_dribble_the_one_behind_them_has_its_turn(
    database: Database, monkeypatch: pytest.MonkeyPatch, slow: int
) -> None:
    monkeypatch.setattr(copying, "FETCH_WITHIN", 0.01)
    desk = Desk(database, *[STALLS] * slow, b"bytes")
    desk.wanted = [*range(slow), 7]
    for _ in range(slow + 1):
        await desk.copier.step()
    assert (desk.settled, desk.wanted) == ([b"bytes"], [*range(slow)])


async def test_nobody_asks_for_ever(database: Database) -> None:
    desk = Desk(database, TryLater("x"), TryLater("x"))
    await desk.copier.step()
    desk.now += GIVE_UP_AFTER + timedelta(seconds=1)
    await desk.copier.step()
    assert desk.settled == [None]


async def test_a_messenger_that_is_not_run_any_more_is_given_up(database: Database) -> None:
    desk = Desk(database, channel="zalo")
    await desk.copier.step()
    assert desk.settled == [None]
