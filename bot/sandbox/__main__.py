"""`python -m bot.sandbox --port N --token T`: the sandbox as a process of its own, until SIGTERM or SIGINT.

With `--zalo` it is the emulator of Zalo alone.
"""

import argparse
import asyncio
import signal

from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.world import ZaloWorld


async def serve(messenger: SandboxServer | ZaloServer) -> None:
    """Serve an empty world; people come in through `POST /sandbox/person`."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, ended.set)
    async with messenger as server:
        print(server.address, flush=True)  # noqa: T201 # the address is this program's output
        await ended.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port; the address is printed")
    parser.add_argument("--token", required=True, help="the token that the bot must use")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies Telegram's limits; inf: none")
    parser.add_argument("--zalo", action="store_true", help="Zalo in place of Telegram")
    asyncio.run(serve(_messenger(parser.parse_args())))


def _messenger(given: argparse.Namespace) -> SandboxServer | ZaloServer:
    if given.zalo:
        return ZaloServer(ZaloWorld(), given.token, given.port)
    return SandboxServer(World(scale=given.scale), given.token, given.port)


if __name__ == "__main__":
    main()
