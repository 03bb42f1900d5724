"""Run the bot until it is told to stop: for real, or in the sandbox with people to be.

Web servers are imported by what needs them: polling starts without.
"""

import asyncio
import secrets
import signal
import socket
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from pydantic import AnyHttpUrl
from sqlalchemy.orm import Session

from bot.actions import obligations, roster, tag_rule
from bot.app import App
from bot.campaigns import has_units, load, read_units
from bot.channels.base import SendError
from bot.channels.telegram import TelegramChannel
from bot.posts import Source, open_sources
from bot.settings import Settings, StartError
from bot.setup import Setup

if TYPE_CHECKING:
    import uvicorn

    from bot.sandbox.world import World

log = structlog.get_logger()

FINISH_WITHIN = 10.0
SANDBOX_TOKEN = "1000000001:sandbox"  # noqa: S105 -- opens nothing but the sandbox on this machine


def run(settings: Settings) -> None:
    """Run with the token of `settings`, by long polling or by webhook."""
    if settings.telegram_bot_token is None:
        raise StartError("TELEGRAM_BOT_TOKEN is not set: put it into .env, or try the bot with `sotin sandbox`.")
    asyncio.run(_until_signal(lambda stop: _run(settings, stop)))


def sandbox(settings: Settings) -> None:
    """Run in a sandbox on this machine: no token, no network, a fresh ledger at each start."""
    asyncio.run(_until_signal(lambda stop: _sandbox(settings, stop)))


async def _until_signal(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Do the work until SIGTERM or SIGINT; what is in hand then has ten seconds."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    working = asyncio.ensure_future(work(stop))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    try:
        await asyncio.wait_for(working, FINISH_WITHIN)
    except TimeoutError:
        log.warning("stopped with work in hand; the next start goes on with it")


async def _run(settings: Settings, stop: asyncio.Event) -> None:
    token = settings.telegram_bot_token.get_secret_value() if settings.telegram_bot_token else ""
    channel = TelegramChannel(token, settings.api_base)
    app = App(settings, {channel.name: channel}, sources=_sources(settings))
    try:
        await _open(app, channel, polling=settings.telegram_webhook_url is None)
        await _load_units(app)
        if settings.telegram_webhook_url is None:
            await app.run(stop)
        else:
            await _run_webhook(settings, settings.telegram_webhook_url, app, channel, stop)
    finally:
        await app.close()


def _sources(settings: Settings) -> tuple[Source, ...]:
    """The readers of posts that the settings switch on; a Page is known in links by the names of its target."""
    targets = [target for code in settings.campaigns for target in load(code).targets]
    pages = settings.page_tokens
    names = {page: target.owners for target in targets for page in pages if page in target.owners}
    key = settings.youtube_api_key.get_secret_value() if settings.youtube_api_key else ""
    try:
        return open_sources(
            version=version("sotin"),
            contact=settings.sources_contact,
            page_tokens=pages,
            page_names=names,
            youtube_key=key,
            tiktok=settings.read_tiktok,
            short_links=settings.resolve_short_links,
            open_graph=settings.read_public_pages,
        )
    except ValueError as error:
        raise StartError(f"posts cannot be read: {error}. See .env.example.") from error


async def _open(app: App, channel: TelegramChannel, *, polling: bool) -> None:
    try:
        await app.open()
        if polling:
            await channel.use_polling()
    except SendError as error:
        raise _unusable(error) from error


def _unusable(error: SendError) -> StartError:
    return StartError(f"Telegram cannot be used: {error.reason}. Check the token and the connection.")


async def _run_webhook(
    settings: Settings, url: AnyHttpUrl, app: App, channel: TelegramChannel, stop: asyncio.Event
) -> None:
    import uvicorn

    from bot import webhook

    given = settings.telegram_webhook_secret
    secret = given.get_secret_value() if given else secrets.token_urlsafe(32)
    served = webhook.build_app(channel, urlsplit(str(url)).path, secret, app.keep)
    server = uvicorn.Server(uvicorn.Config(served, log_config=None, access_log=False))
    with _listen(settings.webhook_host, settings.webhook_port) as listener:
        try:
            await channel.use_webhook(str(url), secret)
        except SendError as error:
            raise _unusable(error) from error
        async with asyncio.TaskGroup() as group:
            # `_serve` leaves the signals to us: we stop the web server first and finish what is in hand after.
            group.create_task(server._serve([listener]))
            group.create_task(_stop_with(server, stop))
            await app.run(stop, polling=False)


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before Telegram is told of it: what it sends at once waits until the web server is up."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise StartError(f"cannot listen on {host} port {port}: set WEBHOOK_HOST and WEBHOOK_PORT.") from error


async def _stop_with(server: "uvicorn.Server", stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True


async def _sandbox(settings: Settings, stop: asyncio.Event) -> None:
    from bot.sandbox import demo
    from bot.sandbox.server import SandboxServer
    from bot.sandbox.world import World

    world = World()
    cast = demo.populate(world)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="sotin-sandbox-"))
        try:
            server = await stack.enter_async_context(SandboxServer(world, SANDBOX_TOKEN, settings.sandbox_port))
        except OSError as error:
            raise StartError(f"port {settings.sandbox_port} is taken: set SANDBOX_PORT to another.") from error
        channel = TelegramChannel(SANDBOX_TOKEN, server.address)
        own = settings.model_copy(update={"database_url": f"sqlite:///{Path(folder) / 'sandbox.db'}"})
        app = App(own, {channel.name: channel}, world.clock.now)
        stack.push_async_callback(app.close)
        await app.open()
        await _load_units(app)
        await app.db.run(demo.enrol, own.campaigns[0], cast, app.now())
        print(f"\n  Sổ Tin đang chạy thử: mở {server.address} trong trình duyệt. Ctrl+C để dừng.\n", flush=True)  # noqa: T201 -- the one line a newcomer looks for
        following = asyncio.create_task(_follow_clock(world, app))
        await app.run(stop)
        following.cancel()


async def _follow_clock(world: "World", app: App) -> None:
    """What falls due when somebody turns the clock on the page is done at once."""
    with world.feed.listen() as events:
        while (event := await events.get()) is not None:
            if event["kind"] == "clock":
                await app.tick_all()


async def _load_units(app: App) -> None:
    for setup in app.setup.in_each():
        await app.db.run(_load_units_of, setup, app.now())


def _load_units_of(session: Session, setup: Setup, now: datetime) -> None:
    """Put in the units that the campaign brings along, propose tags for those that have none, plan what is owed."""
    profile = setup.campaign
    if has_units(profile.code):
        roster.load_tree(session, profile.code, read_units(profile.code))
    tag_rule.follow(session, profile, setup.today(now))
    obligations.seed(session, profile, setup.today(now), now)
    obligations.plan(session, setup, now)
