import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import date

import pytest

from bot.documents.ics import calendar
from bot.documents.process import DrawingProcess, NotDrawn

MADE_ON = date(2026, 6, 1)
ORPHAN = """
import asyncio, os
from bot.documents.process import DrawingProcess
from tests.documents.test_process import number

async def main():
    print((await DrawingProcess().draw(number)).decode(), flush=True)
    os.kill(os.getpid(), 9)

if __name__ == "__main__":
    asyncio.run(main())
"""


def number() -> bytes:
    return str(os.getpid()).encode()


def die() -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def never_end() -> bytes:
    while True:
        pass


def fail(reason: str) -> bytes:
    raise ValueError(reason)


async def test_a_file_is_made_in_another_process_that_stays_for_the_next() -> None:
    async with DrawingProcess() as process:
        first = await process.draw(number)
        assert int(first) != os.getpid()
        assert await process.draw(number) == first
        with pytest.raises(ValueError, match="no such unit"):
            await process.draw(fail, "no such unit")
        assert (await process.draw(calendar, [], MADE_ON)).startswith(b"BEGIN:VCALENDAR")
        assert await process.draw(number) == first


async def test_a_crashed_worker_is_told_and_replaced_and_those_who_wait_are_served() -> None:
    async with DrawingProcess() as process:
        crashed, served = await asyncio.gather(process.draw(die), process.draw(number), return_exceptions=True)
        assert isinstance(crashed, NotDrawn)
        assert str(crashed).startswith("die: the worker died")
        assert isinstance(served, bytes)


async def test_a_file_that_takes_too_long_is_ended() -> None:
    async with DrawingProcess(limit=0.05) as process:
        with pytest.raises(NotDrawn, match="took over"):
            await process.draw(never_end)


async def test_a_file_that_nobody_waits_for_any_more_holds_up_no_other() -> None:
    async with DrawingProcess(limit=1) as process:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(process.draw(never_end), 0.01)
        assert int(await process.draw(number)) != os.getpid()


def test_a_worker_does_not_outlive_a_killed_bot() -> None:
    said = subprocess.run([sys.executable, "-c", ORPHAN], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603  # our own program
    worker = int(said.stdout)
    until = time.monotonic() + 10
    while _lives(worker):
        assert time.monotonic() < until
        os.sched_yield()


def _lives(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as stat:
            return stat.read().split()[2] != "Z"
    except FileNotFoundError:
        return False
