"""The machine's clock goes wrong by an hour, in either direction, and comes right again."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]  # it ships no types

from bot.sandbox import people
from bot.sandbox.faults import Fault, FaultKind
from scheduler import clock
from scheduler.jobs import JOBS, Job
from tests.cast import TAG, Stage
from tests.dialogue.reminding import TO_TUESDAY_8, begin, reports
from tests.faults.life import A_LOOK, PAGE, WITHIN, Life, keep_only

AN_HOUR = timedelta(hours=1)
EITHER_WAY = pytest.mark.parametrize("jump", [AN_HOUR, -AN_HOUR], ids=["ahead", "back"])


@EITHER_WAY
async def test_people_do_not_notice(life: Life, jump: timedelta) -> None:
    alice, bob, world = life.stage.alice, life.stage.bob, life.stage.world
    for wrong in (jump, -jump):
        life.hand_in(alice, bob, alice)
        await life.until(lambda: world.updates.pending or life.receipts(alice))
        world.clock.jump(wrong)
        life.hand_in(bob, alice)
        await life.all_is_answered()


async def test_what_was_kept_before_the_clock_went_back_is_handled_and_said(stage: Stage) -> None:
    await stage.owe_nothing()
    people.say(stage.world, stage.alice.person, f"{PAGE}1\nTin {TAG}")
    await keep_only(stage)
    stage.world.clock.jump(-AN_HOUR)
    assert await stage.app.handling.next()
    stage.world.clock.jump(-AN_HOUR)
    [receipt] = await stage.alice.hears()
    assert receipt.startswith("✅ Số")


async def test_what_is_being_sent_when_the_clock_leaps_is_not_sent_again(life: Life) -> None:
    world = life.stage.world
    slow = Fault(FaultKind.DELAY, method="sendMessage", seconds=0.5)
    world.faults.add(slow)
    life.hand_in(life.stage.alice)
    await life.until(lambda: slow.times == 0)
    world.clock.jump(AN_HOUR)
    await life.stage.app.tick(next(job for job in JOBS if job.name == "release_lost_claims"))
    await life.all_is_answered()


@EITHER_WAY
async def test_a_reminder_is_said_once_though_its_hour_comes_twice(stage: Stage, jump: timedelta) -> None:
    await begin(stage)
    await stage.later(**TO_TUESDAY_8)
    stage.world.clock.jump(-AN_HOUR / 2)  # half past seven
    heard: list[str] = []
    for wrong in (jump, -jump, AN_HOUR, jump, -jump):
        stage.world.clock.jump(wrong)
        await stage.app.tick_all()
        heard += reports(await stage.bob.hears())
    assert len(heard) == 1


async def test_a_reminder_that_waits_to_be_sent_is_decided_anew_after_a_leap_and_said_once(stage: Stage) -> None:
    await begin(stage)
    stage.world.clock.jump(timedelta(**TO_TUESDAY_8))
    await stage.app.tick_all()  # it is in the queue now
    stage.world.clock.jump(AN_HOUR)
    heard = reports(await stage.bob.hears())
    for wrong in (timedelta(), -AN_HOUR, AN_HOUR):
        stage.world.clock.jump(wrong)
        await stage.app.tick_all()
        heard += reports(await stage.bob.hears())
    assert len(heard) == 1


@pytest.fixture
async def ticking() -> AsyncIterator[tuple[AsyncIOScheduler, list[str]]]:
    """The scheduler, and which jobs ran."""
    ran: list[str] = []

    async def run(job: Job) -> int:
        ran.append(job.name)
        return 0

    started = clock.start(run)
    yield started, ran
    started.shutdown(wait=False)


async def test_jobs_go_on_at_once_when_the_clock_went_back(ticking: tuple[AsyncIOScheduler, list[str]]) -> None:
    scheduler, ran = ticking
    for job in scheduler.get_jobs():
        # As they stand after an hour was taken from the clock.
        job.modify(next_run_time=job.next_run_time + AN_HOUR)
    clock.catch_up(scheduler, datetime.now(UTC))
    for _ in range(100):
        if len(set(ran)) == len(JOBS):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"only {ran} ran")


async def test_whoever_starts_the_scheduler_need_not_look_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "LOOK_EVERY", A_LOOK)
    late = {job.name for job in JOBS}
    all_ran = asyncio.Event()

    async def run(job: Job) -> int:
        late.discard(job.name)
        if not late:
            all_ran.set()
        return 0

    started = clock.start(run)
    for job in started.get_jobs():
        job.modify(next_run_time=job.next_run_time + AN_HOUR)  # as after an hour was taken from the clock
    async with asyncio.timeout(WITHIN):
        await all_ran.wait()
    started.shutdown(wait=False)


async def test_jobs_that_are_on_time_are_left_alone(ticking: tuple[AsyncIOScheduler, list[str]]) -> None:
    scheduler, _ = ticking
    planned = {job.id: job.next_run_time for job in scheduler.get_jobs()}
    clock.catch_up(scheduler, datetime.now(UTC))
    assert {job.id: job.next_run_time for job in scheduler.get_jobs()} == planned
