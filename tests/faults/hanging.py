"""`python -m tests.faults.hanging`: the bot with something that never comes back, and a short patience.

That is the handler of /hashtag, or with HANGS_IN=job a job, with HANGS_IN=worker what draws. It waits for something, or
with HANGS_AS=spins keeps the interpreter to itself.
"""

import os
import re
import threading
from dataclasses import replace
from datetime import timedelta

from bot import serve, watchdog
from bot.actions import wanted
from bot.request import Request
from bot.routing import Route
from bot.settings import Settings
from handlers import ROUTERS
from scheduler.jobs import JOBS

PATIENCE = 1.0
JOB = "plan_obligations"
SEEN = (JOB, "tell_of_left_out")
OFTEN = timedelta(seconds=1)
GRACE = {"waits": 15.0, "spins": 0.5}  # only what spins must be ended by it


def never_ends(*_: object) -> int:
    if os.environ["HANGS_AS"] == "spins":
        re.match(r"(a+)+$", "a" * 64 + "b")
    threading.Event().wait()
    return 0


def hangs(request: Request) -> None:
    never_ends(request)


def main() -> None:
    watchdog.HANGS_AFTER, watchdog.LOOK_EVERY = PATIENCE, PATIENCE / 10
    watchdog.GRACE = GRACE[os.environ["HANGS_AS"]]
    {"handler": in_handler, "job": in_job, "worker": in_worker}[os.environ.get("HANGS_IN", "handler")]()
    serve.run(Settings())


def in_handler() -> None:
    for router in ROUTERS:
        if route := router.routes.get(("command", "hashtag")):
            router.routes["command", "hashtag"] = Route(route.name, hangs)


def in_job() -> None:
    works = {JOB: never_ends}
    JOBS[:] = [replace(each, every=OFTEN, work=works.get(each.name, each.work)) for each in JOBS if each.name in SEEN]


def in_worker() -> None:
    wanted.next_wanted = never_ends  # type: ignore[assignment]  # that is the fault
    JOBS[:] = [replace(each, every=OFTEN) for each in JOBS if each.name in SEEN]


if __name__ == "__main__":
    main()
