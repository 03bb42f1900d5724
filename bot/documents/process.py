"""One worker process that makes the files: a long drawing keeps nobody waiting, a crash takes nobody along."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, get_context, parent_process
from typing import ParamSpec, Self, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

LIMIT = 30.0
"""Seconds that one file may take."""
_USES = 100  # what the libraries gather in memory goes with the worker


class NotDrawn(Exception):
    """The worker died or was ended at its time limit: the next call has a new one."""


class DrawingProcess:
    """Makes one file at a time. The process starts with the first one, and is renewed from time to time.

    `limit`: seconds of work for one file; waiting for its turn and the start of the process do not count.
    """

    def __init__(self, limit: float = LIMIT) -> None:
        self._limit = limit
        self._turn = asyncio.Lock()
        self._pool: ProcessPoolExecutor | None = None

    async def draw(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns, mostly a file; whatever it raises is raised here.

        Function and arguments travel to the worker, and the result back: a function of a module, values that can be
        pickled. NotDrawn if the worker died or the time was up.
        """
        async with self._turn:
            self._pool = self._pool or _pool()
            try:
                working = self._pool.submit(_within, self._limit, function, args, kwargs)
                return await asyncio.wrap_future(working)
            except BrokenProcessPool as error:
                self.close()
                raise NotDrawn(f"{function.__name__}: the worker died, or took over {self._limit:g} seconds") from error
            except asyncio.CancelledError:
                self.close()  # it may still be busy: the next file does not wait for it
                raise

    def close(self) -> None:
        """Let the worker go once it has done; another call of `draw` starts a new one."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


def _pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, get_context("spawn"), _begin, max_tasks_per_child=_USES)


def _begin() -> None:
    """In the worker: Ctrl-C is the bot's to handle, and without the bot there is nobody to work for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(0)


def _within(limit: float, function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]) -> T:
    """The alarm ends the process, also in the middle of a library's own code, where no exception could."""
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        return function(*args, **kwargs)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
