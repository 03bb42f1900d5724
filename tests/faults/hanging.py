"""`python -m tests.faults.hanging`: the bot with a handler of /hashtag that never comes back, and a short patience.

It waits for something, or with HANGS_AS=spins keeps the interpreter to itself.
"""

import os
import re
import threading

from bot import serve, watchdog
from bot.request import Request
from bot.routing import Route
from bot.settings import Settings
from handlers import ROUTERS

PATIENCE = 1.0
GRACE = {"waits": 15.0, "spins": 0.5}  # only what spins must be ended by it


def never_ends(_: Request) -> None:
    if os.environ["HANGS_AS"] == "spins":
        re.match(r"(a+)+$", "a" * 64 + "b")
    threading.Event().wait()


def main() -> None:
    watchdog.HANGS_AFTER, watchdog.LOOK_EVERY = PATIENCE, PATIENCE / 10
    watchdog.GRACE = GRACE[os.environ["HANGS_AS"]]
    for router in ROUTERS:
        if route := router.routes.get(("command", "hashtag")):
            router.routes["command", "hashtag"] = Route(route.name, never_ends)
    serve.run(Settings())


if __name__ == "__main__":
    main()
