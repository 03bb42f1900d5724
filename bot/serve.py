"""Run the bot until it is told to stop: for real, or in the sandbox with people to be.

Web servers are imported by what needs them: polling starts without.
"""

import asyncio
import gc
import signal
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from pydantic import AnyHttpUrl
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import connecting
from bot.actions import obligations, operators, roster, tag_rule
from bot.app import App, unusable
from bot.campaigns import has_units, load, read_units
from bot.channels.base import Channel, SendError
from bot.channels.telegram import TelegramChannel
from bot.channels.zalo import ZaloChannel
from bot.messages import Address
from bot.operations.keeping import kept
from bot.posts import Source, open_sources
from bot.settings import Settings, StartError
from bot.setup import Setup
from bot.storage.presence import at_work
from bot.watchdog import watched
from bot.web import serving

if TYPE_CHECKING:
    from starlette.routing import Route

    from bot.sandbox.server import SandboxServer
    from bot.sandbox.world import World
    from bot.sandbox.zalo.world import ZaloWorld

log = structlog.get_logger()

GARBAGE_AFTER = (5_000, 20, 50)  # most of what an update leaves goes without being looked for
FINISH_WITHIN = 10.0
SANDBOX_TOKEN = "1000000001:sandbox"  # noqa: S105 -- opens nothing but the sandbox on this machine


def run(settings: Settings) -> None:
    """Run with the tokens of `settings`, on each messenger by long polling or by webhook."""
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
    with at_work(settings.database_url) as presence:
        app = App(settings, connecting.channels(settings), sources=_sources(settings))
        try:
            await app.open()
            gc.freeze()  # what is there now stays to the end
            gc.set_threshold(*GARBAGE_AFTER)
            gc.enable()
            async with watched(app.trials), kept(settings, app.db, app.now, app.receiver.shut_out, presence):
                await _begin(settings, app, stop)
        finally:
            await app.close()


async def _begin(settings: Settings, app: App, stop: asyncio.Event) -> None:
    hooks = connecting.hooks(settings, app.channels, app.setup.key)
    for name, channel in app.channels.items():
        if name not in hooks:
            await _told(channel, channel.use_polling())
    await _greet_operators(app)
    # Beside the first poll: what it brings waits for the same thread, or on PostgreSQL meets the units of before.
    loading = asyncio.create_task(_load_units(app))
    loading.add_done_callback(lambda done: stop.set() if done.cancelled() or done.exception() else None)
    try:
        if hooks or settings.public_base:
            await _run_with_web(settings, hooks, app, stop)
        else:
            await app.run(stop)
    finally:
        await loading


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


async def _told(channel: Channel, telling: Awaitable[None]) -> None:
    """Tell a messenger how updates are to come; StartError if it cannot be told."""
    try:
        await telling
    except SendError as error:
        raise unusable(channel, error) from None


async def _run_with_web(
    settings: Settings, hooks: Mapping[str, connecting.Hook], app: App, stop: asyncio.Event
) -> None:
    where = settings.webhook_host, settings.webhook_port, "WEBHOOK_HOST and WEBHOOK_PORT"
    async with serving(_routes(hooks, app), *where, stop):
        await _call_in(app, hooks)
        await app.run(stop, pushed=hooks)


def _routes(hooks: Mapping[str, connecting.Hook], app: App) -> "list[Route]":
    """The messengers' doors, and the pages behind the links to files where there is a public address for them."""
    from bot import public_files, webhook

    keep = app.receiver.keep
    found = [webhook.door(app.channels[name], hook.path, hook.secret, keep) for name, hook in hooks.items()]
    if app.settings.public_base:
        found += public_files.routes(app.db, app.now, app.settings.zone)
    return found


async def _call_in(app: App, hooks: Mapping[str, connecting.Hook]) -> None:
    """Tell the messengers where to post. The web server is up before: some look at once."""
    for name, hook in hooks.items():
        await _told(app.channels[name], app.channels[name].use_webhook(hook.url, hook.secret))


async def _sandbox(settings: Settings, stop: asyncio.Event) -> None:
    from bot import public_files
    from bot.sandbox import demo
    from bot.sandbox.world import World
    from bot.sandbox.zalo.world import ZaloWorld

    campaign, world = settings.campaigns[0], World()
    zalo = ZaloWorld(clock=world.clock, feed=world.feed)
    cast = demo.populate(world, campaign)
    hoa = demo.populate_zalo(zalo, cast, campaign)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="sotin-sandbox-"))
        server, channels = await _serve_messengers(settings, world, zalo, stack)
        ledger = f"sqlite:///{Path(folder) / 'sandbox.db'}"
        own = settings.model_copy(update={"database_url": ledger, "public_url": AnyHttpUrl(server.address)})
        app = App(own, {channel.name: channel for channel in channels}, world.clock.now)
        stack.push_async_callback(app.close)
        await app.open()
        server.add(public_files.routes(app.db, app.now, own.zone))
        await _load_units(app)
        await app.db.run(demo.enrol, campaign, cast, app.now())
        await app.db.run(demo.enrol_zalo, campaign, hoa, app.now())
        await _greet_operators(app)
        print(f"\n  Sổ Tin đang chạy thử: mở {server.address} trong trình duyệt. Ctrl+C để dừng.\n", flush=True)  # noqa: T201 -- the one line a newcomer looks for
        following = asyncio.create_task(_follow_clock(world, app))
        await app.run(stop)
        following.cancel()


async def _serve_messengers(
    settings: Settings, world: "World", zalo: "ZaloWorld", stack: AsyncExitStack
) -> tuple["SandboxServer", list[Channel]]:
    """Both messengers on this machine, while `stack` is open: the server of their page, and the ways to them."""
    from bot.sandbox.server import SandboxServer
    from bot.sandbox.zalo.server import ZaloServer

    page = SandboxServer(world, SANDBOX_TOKEN, settings.sandbox_port, zalo)
    try:
        server = await stack.enter_async_context(page)
    except OSError as error:
        raise StartError(f"port {settings.sandbox_port} is taken: set SANDBOX_PORT to another.") from error
    other = await stack.enter_async_context(ZaloServer(zalo, SANDBOX_TOKEN))
    telegram = TelegramChannel(SANDBOX_TOKEN, server.address)
    return server, [telegram, ZaloChannel(SANDBOX_TOKEN, other.address, connecting.quota(settings))]


async def _follow_clock(world: "World", app: App) -> None:
    """What falls due when somebody turns the clock on the page is done at once."""
    with world.feed.listen() as events:
        while (event := await events.get()) is not None:
            if event["kind"] == "clock":
                await app.tick_all()


async def _greet_operators(app: App) -> None:
    """Follow the settings; while nobody is operator, print the code by which somebody becomes one: one line."""
    named = [Address(channel, chat) for channel, chat in app.settings.operator_accounts]
    code = await app.db.run(operators.begin, app.setup, named, app.now())
    if code:
        print(f"  Người vận hành: gửi cho bot  /vanhanh {code}  (dùng một lần)", flush=True)  # noqa: T201 -- only its reader may have it: a log would keep it


async def _load_units(app: App) -> None:
    for setup in app.setup.in_each():
        try:
            await app.db.run(_load_units_of, setup, app.now())
        except IntegrityError:  # another process puts the same in: it is there now
            await app.db.run(_load_units_of, setup, app.now())


def _load_units_of(session: Session, setup: Setup, now: datetime) -> None:
    """Put in the units that the campaign brings along, propose tags for those that have none, plan what is owed."""
    profile = setup.campaign
    if has_units(profile.code):
        roster.load_tree(session, profile.code, read_units(profile.code))
    tag_rule.follow(session, profile, setup.today(now))
    obligations.seed(session, profile, setup.today(now), now)
    obligations.plan(session, setup, now)
