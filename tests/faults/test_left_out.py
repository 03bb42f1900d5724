"""A job, or a worker beside the chats, that never comes to an end: it is left out for a while, and the rest goes on."""

import faulthandler
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.sandbox import people
from bot.setup import Setup
from bot.storage import operators, trials
from bot.storage.models import Installation
from bot.watchdog import HUNG, LeftOut, Trials, Tried, watched
from scheduler.jobs import JOBS, Job
from tests.cast import Stage
from tests.databases import Sqlite
from tests.faults.life import A_MINUTE
from tests.faults.test_poison import Hung

AN_HOUR = timedelta(hours=1)
JOB = "plan_obligations long_an"
NOTED = "bị treo 3 lần"


@dataclass
class Counted:
    """A job that has something to do once, and how often it was called."""

    calls: list[str] = field(default_factory=list)

    def work(self, _session: Session, setup: Setup, _now: datetime) -> int:
        self.calls.append(setup.campaign.code)
        return 1 if len(self.calls) == 1 else 0

    @property
    def job(self) -> Job:
        return Job("plan_obligations", A_MINUTE, self.work)


async def test_a_job_that_hung_three_times_rests_for_an_hour_and_the_operators_hear_of_it_once(stage: Stage) -> None:
    await stage.ask(lambda s: operators.follow_settings(s, [stage.dung.address], stage.app.now()))
    stage.app.trials.watch()
    for times in range(1, 4):
        assert await _ticks(stage) == 2, f"it hung {times - 1} times"
        await _hangs(stage)
    assert await _ticks(stage) == 0
    told = [text for _ in range(2) for text in await _told(stage)]
    assert len(told) == 1
    assert NOTED in told[0]
    assert "lập kỳ báo cáo (long_an)" in told[0]
    stage.world.clock.jump(AN_HOUR)
    assert await _ticks(stage) == 2
    await _hangs(stage)
    assert (await _ticks(stage), await _told(stage)) == (0, [])


async def test_hangs_are_forgotten_after_a_day_and_leave_nothing_behind(stage: Stage) -> None:
    for _ in range(3):
        await _hangs(stage)
    stage.world.clock.jump(trials.WITHIN)
    stage.app.trials.watch()
    assert await _ticks(stage) == 2
    assert await stage.ask(_notes) == 0


async def test_whoever_ends_the_bot_in_order_has_everything_tried_at_once(stage: Stage) -> None:
    for _ in range(3):
        await _hangs(stage)
    stage.app.trials.watch()
    assert await _ticks(stage) == 0
    async with watched(stage.app.trials):
        pass
    faulthandler.cancel_dump_traceback_later()  # it would end the tests as it ends a bot whose end hangs
    assert await _ticks(stage) == 2


async def test_what_was_killed_fails_or_meets_an_outage_is_not_taken_for_a_hang(stage: Stage) -> None:
    for _ in range(3):
        await _hangs(stage, A_MINUTE / 2)  # killed, and up again before any step could have hung
    stage.world.clock.jump(-A_MINUTE)
    stage.app.trials.watch()
    tried = stage.app.trials.of(JOB)
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            await tried.run(_fails)
    assert await _ticks(stage) == 2


async def test_one_campaigns_hang_leaves_the_job_of_the_others_alone(stage: Stage) -> None:
    for _ in range(3):
        await _hangs(stage, what="plan_obligations hoa_binh")
    stage.app.trials.watch()
    assert await _ticks(stage) == 2


async def test_a_clock_that_was_years_ahead_leaves_nothing_out_for_years(stage: Stage) -> None:
    stage.world.clock.jump(AN_HOUR * 9_000)
    for _ in range(3):
        await _hangs(stage)
    stage.world.clock.jump(-AN_HOUR * 9_000)
    stage.app.trials.watch()
    assert await _ticks(stage) == 2


async def test_a_worker_is_noted_whenever_it_has_work_and_not_for_each_look(stage: Stage) -> None:
    stage.app.trials.watch()
    notes: list[int] = []
    worker = stage.app.trials.of("draw")
    assert not await worker.poll(_sees(notes, 0))
    assert not await worker.poll(_looks)
    assert [await worker.poll(_looks), await worker.run(_sees(notes, 1))] == [0, 1]
    assert notes == [1, 1]
    for _ in range(3):
        await _hangs(stage, what="draw")
    with pytest.raises(LeftOut):
        await worker.run(_looks)


@pytest.mark.skipif(not os.environ.get("LONG_FAULTS"), reason="four starts of the bot each: `make faults`")
@pytest.mark.parametrize(("where", "name"), [("job", "lập kỳ báo cáo"), ("worker", "vẽ biểu đồ và làm biểu mẫu")])
async def test_what_hangs_on_its_own_is_left_out_and_everybody_goes_on(
    sqlite: Sqlite, tmp_path: Path, where: str, name: str
) -> None:
    async with Hung(sqlite.fresh("staged"), tmp_path, "waits", HANGS_IN=where) as hung:
        assert [await hung.ends() for _ in range(3)] == [HUNG] * 3
        await hung.bot.start()
        await hung.world.until(lambda: any(NOTED in text for text in hung.told(hung.operator)), within=30)
        people.say(hung.world, hung.alice, "/hashtag")
        before = len(hung.told(hung.alice))
        await hung.world.until(lambda: len(hung.told(hung.alice)) > before, within=30)
        assert await hung.bot.stop() == 0
    [told] = [text for text in hung.told(hung.operator) if NOTED in text]
    assert name in told
    assert "left out for a while" in hung.bot.log.read_text()


async def _hangs(stage: Stage, lasting: timedelta = 2 * A_MINUTE, what: str = JOB) -> None:
    """A process tries it, and ends without having said how it went; the next one starts so much later."""
    other = Trials(stage.app.db, stage.app.now)
    await stage.app.db.run(Tried(other, what)._begin)
    stage.world.clock.jump(lasting)
    stage.app.trials.idle.clear()


async def _ticks(stage: Stage) -> int:
    """How often a new process would call the job at its first tick."""
    stage.app.trials.idle.clear()
    counted = Counted()
    await stage.app.tick(counted.job)
    return len(counted.calls)


async def _told(stage: Stage) -> list[str]:
    """What the operator is told now."""
    await stage.app.tick(next(job for job in JOBS if job.name == "tell_of_left_out"))
    return [text for text in await stage.dung.hears() if NOTED in text]


def _sees(notes: list[int], then: int) -> Callable[[Session], int]:
    def step(session: Session) -> int:
        notes.append(_notes(session))
        return then

    return step


def _looks(_: Session) -> int:
    return 0


def _fails(_: Session) -> int:
    raise ZeroDivisionError


def _notes(session: Session) -> int:
    rows = select(func.count()).select_from(Installation).where(Installation.key.startswith(trials.KEY))
    return session.scalar(rows) or 0
