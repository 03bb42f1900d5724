"""Fetching a file: what the messenger gives out, what it does not, and how long one asks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot import fetching
from bot.channels.base import OurFault, SendError, Throttled, TryLater, Unreachable
from bot.channels.telegram import TelegramChannel
from bot.fetching import GIVE_UP_AFTER, Due, Read, RosterReader
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from bot.storage.db import Database
from bot.watchdog import Trials
from tests.cast import TOKEN
from tests.databases import A_MONDAY, Sqlite
from tests.rosters.ground import COORDINATOR
from tests.rosters.sheets import HEADINGS, workbook

GOOD = workbook(HEADINGS, (1, "Lê Văn C", "", "", "Xã Tuyên Thạnh"))

STALLS = b"for ever"
A_FETCH = timedelta(seconds=fetching.FETCH_WITHIN)


class Messenger:
    """A channel that can only give files out; each answer is given once."""

    def __init__(self, answers: Sequence[bytes | Exception], stalls: Callable[[], None]) -> None:
        self.answers = list(answers)
        self.stalls = stalls

    async def download(self, reference: str, most: int) -> bytes:
        assert reference == "file-1"
        assert most == 10_000_000
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if answer == STALLS:
            self.stalls()
            await asyncio.Event().wait()
        return answer


class Desk:
    """The files that wait to be read, and what became of the last; one that stalls takes minutes."""

    def __init__(self, database: Database, *answers: bytes | Exception, channel: str = "telegram") -> None:
        self.now, self.channel = A_MONDAY, channel
        self.waiting = [7]
        self.answer: Read | str | None = None
        self.reader = RosterReader(
            Trials(database, lambda: self.now).of("read"),
            {"telegram": Messenger(answers, self.stall)},  # type: ignore[dict-item]  # the reader asks nothing else of it
            lambda: self.now,
            self.next_due,
            self.settle,
        )

    def next_due(self, _: Session, __: datetime, but: Collection[int]) -> Due | None:
        left = (batch for batch in self.waiting if batch not in but)
        return next((Due(batch, self.channel, "file-1", A_MONDAY, COORDINATOR, "vi") for batch in left), None)

    def settle(self, _: Session, number: int, answer: Read | str, __: datetime) -> None:
        self.waiting.remove(number)
        self.answer = answer

    def stall(self) -> None:
        self.now += A_FETCH


@pytest.fixture
async def database(sqlite: Sqlite) -> AsyncIterator[Database]:
    opened = Database(sqlite.fresh("empty"))
    yield opened
    opened.close()


async def test_a_file_is_fetched_and_read_in_the_worker_process(database: Database) -> None:
    desk = Desk(database, GOOD)
    assert await desk.reader.step() == 1
    assert isinstance(desk.answer, Read)
    assert [each.number for each in desk.answer.checked.lines] == [2]
    assert len(desk.answer.digest) == 64
    assert await desk.reader.step() == 0


async def test_what_is_wrong_with_a_file_comes_back_from_the_process(database: Database) -> None:
    desk = Desk(database, b"%PDF")
    await desk.reader.step()
    assert desk.answer == "other_format"
    desk.reader.close()


@pytest.mark.parametrize("error", [OurFault("gone"), Unreachable("gone")])
async def test_a_file_that_will_never_come_is_given_up_at_once(database: Database, error: SendError) -> None:
    desk = Desk(database, error)
    assert await desk.reader.step() == 1
    assert desk.answer == "not_fetched"


async def test_a_channel_that_is_not_there_any_more_gives_nothing_out(database: Database) -> None:
    desk = Desk(database, channel="pigeon")
    await desk.reader.step()
    assert desk.answer == "not_fetched"


@pytest.mark.parametrize("error", [TryLater("down"), Throttled(3)])
async def test_a_file_that_does_not_come_now_is_asked_for_again_later(database: Database, error: SendError) -> None:
    desk = Desk(database, error, b"%PDF")
    assert await desk.reader.step() == 0
    assert await desk.reader.step() == 0  # it is left alone for a while
    desk.now += timedelta(seconds=11)
    assert await desk.reader.step() == 1
    assert desk.answer == "other_format"
    desk.reader.close()


async def test_a_file_that_dribbles_without_end_is_left_and_asked_for_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "FETCH_WITHIN", 0.01)
    desk = Desk(database, STALLS, b"%PDF")
    assert [await desk.reader.step() for _ in range(2)] == [0, 0]  # left alone from the end of the fetch on
    desk.now += timedelta(seconds=11)
    assert await desk.reader.step() == 1
    assert desk.answer == "other_format"
    desk.reader.close()


@pytest.mark.parametrize("slow", [1, 2, 4])
async def test_however_many_files_dribble_the_one_behind_them_has_its_turn(
    database: Database, monkeypatch: pytest.MonkeyPatch, slow: int
) -> None:
    monkeypatch.setattr(fetching, "FETCH_WITHIN", 0.01)
    desk = Desk(database, *[STALLS] * slow, b"%PDF")
    desk.waiting = [*range(slow), 7]
    for _ in range(slow + 1):
        await desk.reader.step()
    assert (desk.answer, desk.waiting) == ("other_format", [*range(slow)])
    desk.reader.close()


async def test_after_a_quarter_of_an_hour_it_is_given_up(database: Database) -> None:
    desk = Desk(database, TryLater("down"))
    desk.now += GIVE_UP_AFTER + timedelta(seconds=1)
    assert await desk.reader.step() == 1
    assert desk.answer == "not_fetched"


async def test_telegram_gives_out_what_was_sent_and_nothing_too_large() -> None:
    world = World()
    file = world.files.keep_document("ds.xlsx", GOOD)
    async with SandboxServer(world, TOKEN) as server:
        channel = TelegramChannel(TOKEN, server.address)
        await channel.open({})
        try:
            assert await channel.download(file.file_id, 10_000_000) == GOOD
            with pytest.raises(OurFault, match="more than 5 bytes"):
                await channel.download(file.file_id, 5)
            with pytest.raises(SendError):
                await channel.download("no-such-file", 10_000_000)
        finally:
            await channel.close()
