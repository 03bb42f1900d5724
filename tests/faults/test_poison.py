"""An update that always fails, and one that never comes to an end."""

import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import inbox
from bot.request import Request
from bot.routing import Route
from bot.sandbox import people, wire
from bot.sandbox.model import Person
from bot.sandbox.server import SandboxServer
from bot.storage import operators
from bot.storage.models import InboxRow, InboxState
from bot.watchdog import HUNG
from tests.cast import TOKEN, Stage
from tests.crash.processes import Process
from tests.databases import Sqlite
from tests.faults.life import A_MINUTE, Life, keep_only

SORRY = "chưa xử lý được"


async def test_a_message_that_always_fails_is_told_of_and_everybody_goes_on(life: Life) -> None:
    stage = life.stage
    await stage.ask(lambda s: operators.follow_settings(s, [stage.dung.address], stage.app.now()))
    _replace(stage, "hashtag", _fails)
    life.hand_in(stage.alice, stage.bob)
    people.say(stage.world, stage.alice.person, "/hashtag")
    life.hand_in(stage.alice, stage.bob)
    await life.until(lambda: len(life.receipts(stage.bob)) == 2)
    assert len(life.receipts(stage.alice)) == 1
    await life.until(lambda: len(life.receipts(stage.alice)) == 2, passing=A_MINUTE)
    said = [each.text for each in stage.alice.chat() if each.from_bot]
    assert SORRY in said[-2]
    await stage.app.tick_all()
    await life.until(lambda: any("ZeroDivisionError" in each.text for each in stage.dung.chat()))
    assert await stage.ask(_dead) == 1


async def test_an_update_that_cannot_even_be_read_holds_nobody_up(life: Life) -> None:
    stage = life.stage
    life.hand_in(stage.alice)
    await life.all_is_answered()
    strange: dict[str, Any] = wire.message(stage.alice.chat()[0]) | {"text": 7}
    stage.world.updates.put("message", strange)
    life.hand_in(stage.alice, stage.bob)
    await life.until(lambda: len(life.receipts(stage.alice)) == 2, passing=A_MINUTE)
    assert await stage.ask(_dead) == 1


async def test_what_waits_at_the_start_is_handled_alone_and_leaves_no_trace(stage: Stage) -> None:
    await stage.owe_nothing()
    people.say(stage.world, stage.alice.person, "/hashtag")
    people.say(stage.world, stage.bob.person, "/hashtag")
    await keep_only(stage)
    _as_at_a_start(stage, await stage.ask(inbox.newest))
    assert [await stage.app.handling.left_over() for _ in range(3)] == [1, 1, 0]
    assert await stage.ask(lambda s: s.execute(select(InboxRow.state, InboxRow.attempts)).all()) == [("done", 0)] * 2
    assert "Hashtag của bạn" in (await stage.alice.hears())[0]


async def test_what_fails_at_the_start_has_all_its_tries(stage: Stage) -> None:
    _replace(stage, "hashtag", _fails)
    people.say(stage.world, stage.alice.person, "/hashtag")
    await keep_only(stage)
    _as_at_a_start(stage, await stage.ask(inbox.newest))
    assert await stage.app.handling.left_over() == 1
    assert await stage.ask(lambda s: s.execute(select(InboxRow.state, InboxRow.attempts)).all()) == [("waiting", 1)]


async def test_what_hung_again_and_again_is_given_up_and_its_sender_told(stage: Stage) -> None:
    assert await _noted(stage, every=2 * A_MINUTE) == [1, 1, None]
    errors = await stage.ask(lambda s: s.scalars(select(InboxRow.error).order_by(InboxRow.id)).all())
    assert errors == [inbox.HUNG, None]
    sorry, help_ = await stage.alice.hears()
    assert SORRY in sorry
    assert "Bạn có thể" in help_


async def test_what_was_in_hand_when_the_process_was_killed_is_never_given_up_for_that(stage: Stage) -> None:
    assert await _noted(stage, every=A_MINUTE / 2) == [1, 1, 1]
    tag, help_ = await stage.alice.hears()
    assert "Hashtag của bạn" in tag
    assert "Bạn có thể" in help_


async def test_an_outage_of_the_database_is_not_taken_for_a_hang(stage: Stage) -> None:
    people.say(stage.world, stage.alice.person, "/hashtag")
    await keep_only(stage)
    begun, newest, give_up = stage.app.now(), await stage.ask(inbox.newest), stage.app._routes.give_up
    for _ in range(5):
        assert await stage.app.db.run(inbox.note_try, newest, begun, give_up, stage.app.now()) == newest
        stage.world.clock.jump(10 * A_MINUTE)


async def _noted(stage: Stage, every: timedelta) -> Sequence[int | None]:
    """Which update is tried at three starts, each so long after the other."""
    people.say(stage.world, stage.alice.person, "/hashtag")
    people.say(stage.world, stage.alice.person, "/trogiup")
    await keep_only(stage)
    newest, give_up, tries = await stage.ask(inbox.newest), stage.app._routes.give_up, []
    for _ in range(3):
        now = stage.app.now()
        tries.append(await stage.app.db.run(inbox.note_try, newest, now, give_up, now))
        stage.world.clock.jump(every)
    return tries


async def test_a_handler_that_hangs_ends_the_process_and_what_it_had_in_hand_is_done_by_the_next(
    sqlite: Sqlite, tmp_path: Path
) -> None:
    async with Hung(sqlite.fresh("staged"), tmp_path, "waits") as hung:
        assert await hung.ends() == HUNG
        assert "never_ends" in hung.bot.log.read_text()
        async with Process(tmp_path, "bot", "run", **hung.settings) as mended:
            await mended.start()
            await hung.world.until(lambda: len(hung.told(hung.alice)) == 2, within=30)
            assert await mended.stop() == 0
    assert "Hashtag của bạn" in hung.told(hung.alice)[0]
    assert len(hung.told(hung.bob)) == 1


@pytest.mark.skipif(not os.environ.get("LONG_FAULTS"), reason="four starts of the bot each: `make faults`")
@pytest.mark.parametrize(("way", "code"), [("waits", HUNG), ("spins", 1)])
async def test_what_always_hangs_is_given_up_and_everybody_goes_on(
    sqlite: Sqlite, tmp_path: Path, way: str, code: int
) -> None:
    async with Hung(sqlite.fresh("staged"), tmp_path, way) as hung:
        assert [await hung.ends() for _ in range(3)] == [code] * 3
        await hung.bot.start()
        await hung.world.until(lambda: len(hung.told(hung.alice)) == 2, within=30)
        await hung.bot.stop()
    sorry, help_ = hung.told(hung.alice)
    assert SORRY in sorry
    assert "Bạn có thể" in help_
    assert len(hung.told(hung.bob)) == 1


class Hung:
    """A bot in a process of its own, which hangs in a certain `way`, if not told otherwise on what Alice says first."""

    def __init__(self, url: str, folder: Path, way: str, **settings: str) -> None:
        stage = Stage(url)
        self.world, self.alice, self.bob = stage.world, stage.alice.person, stage.bob.person
        self.operator = stage.dung.person
        self._server = SandboxServer(self.world, TOKEN)
        self._url, self._folder, self._way, self._more = url, folder, way, settings

    async def __aenter__(self) -> Self:
        api = (await self._server.__aenter__()).address
        self.settings = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": api, "DATABASE_URL": self._url, **self._more}
        self.settings["OPERATORS"] = f"telegram:{self.operator.id}"
        self.bot = Process(self._folder, "tests.faults.hanging", HANGS_AS=self._way, **self.settings)
        for person, words in ((self.alice, "/hashtag"), (self.bob, "/trogiup"), (self.alice, "/trogiup")):
            people.say(self.world, person, words)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.bot.kill()
        await self._server.__aexit__(kind, error, trace)

    async def ends(self) -> int:
        """Start it; the code with which it ends by itself."""
        await self.bot.start()
        return await self.bot.ends()

    def told(self, person: Person) -> list[str]:
        """What the bot said to somebody."""
        return [each.text for each in self.world.messages(person.id) if each.from_bot]


def _as_at_a_start(stage: Stage, newest: int) -> None:
    """The stage's own start does at once what is left over."""
    stage.app.handling._left_over = newest, stage.app.now()


def _replace(stage: Stage, command: str, handler: Callable[[Request], None]) -> None:
    """A version of the bot with a fault in one handler."""
    route = stage.app._routes.routes["command", command]
    stage.app._routes.routes["command", command] = Route(route.name, handler)


def _fails(_: Request) -> None:
    raise ZeroDivisionError


def _dead(session: Session) -> int:
    return len(session.scalars(select(InboxRow).where(InboxRow.state == InboxState.DEAD)).all())
