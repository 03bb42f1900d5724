"""How a worker beside the chats goes on: what it does with nothing to do, with an error, and when it is to stop."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot import working
from bot.watchdog import LeftOut
from bot.working import work_until

FAILED = "sweeping failed, will try again"
WITHIN = 1.0  # half a pause


class Sweeper:
    """A worker whose steps end like this, in turn; `last` is set by the last of them, and any further one stops it."""

    def __init__(self, *ends: int | Exception) -> None:
        self.ends = list(ends)
        self.steps = 0
        self.last, self.stop = asyncio.Event(), asyncio.Event()

    async def step(self) -> int:
        self.steps += 1
        if not self.ends:
            self.stop.set()
            return 0
        end = self.ends.pop(0)
        if not self.ends:
            self.last.set()
        if isinstance(end, Exception):
            raise end
        return end

    async def works(self) -> None:
        await work_until(self.stop, self.step, FAILED)


@pytest.mark.parametrize("idle", [0, LeftOut(), ZeroDivisionError()])
async def test_work_is_done_without_a_pause_and_a_pause_ends_at_once_when_it_is_to_stop(idle: int | Exception) -> None:
    sweeper = Sweeper(1, 2, idle)
    async with asyncio.timeout(WITHIN), asyncio.TaskGroup() as group:
        group.create_task(sweeper.works())
        await sweeper.last.wait()
        sweeper.stop.set()
    assert sweeper.steps == 3


async def test_an_error_is_logged_in_the_workers_words_and_not_its_own_and_the_work_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(working, "PAUSE", 0)
    sweeper = Sweeper(LeftOut(), ValueError("Lê Văn C"), 1)
    with capture_logs() as lines:
        await sweeper.works()
    assert sweeper.steps == 4
    [line] = lines  # whoever left it out said so
    assert (line["event"], line["log_level"]) == (FAILED, "error")
    assert line["error"].startswith("ValueError at ")
    assert "Lê" not in line["error"]


async def test_who_is_to_stop_before_the_first_step_does_none() -> None:
    sweeper = Sweeper(1)
    sweeper.stop.set()
    await sweeper.works()
    assert sweeper.steps == 0
