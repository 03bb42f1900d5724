"""`sotin doctor`: what is missing or wrong, in plain words."""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import connecting
from bot.campaigns import ProfileError, load
from bot.channels.base import SendError
from bot.channels.telegram import TelegramChannel
from bot.channels.zalo import ZaloChannel
from bot.domain.quota import WARN_AT
from bot.settings import Settings
from bot.storage import disk, quotas, tags, upkeep
from bot.storage.db import open_engine
from bot.storage.models import Group

LITTLE_ROOM = 2 * 10**9
BACKUP_WITHIN = timedelta(hours=30)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: fine or not, and what to do about it."""

    fine: bool
    words: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything that the bot needs."""
    for code in settings.campaigns:
        yield _campaign(code)
    now = datetime.now(settings.zone)
    yield Finding(True, f"time zone {settings.time_zone}: it is {now:%H:%M} on {now:%d/%m/%Y} there")
    yield from _database(settings)
    yield _fonts()
    if settings.telegram_bot_token or not settings.zalo_bot_token:
        yield from asyncio.run(_telegram(settings))
    if settings.zalo_bot_token:
        yield asyncio.run(_zalo(connecting.zalo(settings)))
        yield from _quota(settings)
        yield _public(settings)


def _campaign(code: str) -> Finding:
    try:
        campaign = load(code)
    except ProfileError as error:
        return Finding(False, f"the profile of campaign {code} has a fault: {error}")
    return Finding(True, f"campaign {campaign.code}: {len(campaign.targets)} targets, {len(campaign.duties)} deadlines")


def _database(settings: Settings) -> Iterator[Finding]:
    engine = open_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        yield Finding(True, f"database ({engine.dialect.name}) answers")
        for code in settings.campaigns:
            yield from _tags(engine, code)
        yield from _upkeep(settings, engine)
    except SQLAlchemyError as error:
        yield Finding(False, f"the database cannot be used ({type(error).__name__}): check DATABASE_URL")
    finally:
        engine.dispose()


def _tags(engine: Engine, campaign: str) -> Iterator[Finding]:
    """Units whose tag is also another's: their posts need a reviewer until somebody settles it."""
    if not inspect(engine).has_table("tags"):
        return
    with Session(engine) as session:
        clashing = tags.clashes(session, campaign)
    listed = ", ".join(sorted({row.tag for row in clashing}))
    words = f"{len(clashing)} units share a hashtag with another ({listed}): a coordinator settles it with /datthe"
    yield Finding(not clashing, words if clashing else "hashtags: no two units have the same")


def _upkeep(settings: Settings, engine: Engine) -> Iterator[Finding]:
    """Whether what was promised is kept: a backup each night; room to write."""
    if not inspect(engine).has_table("installation"):
        return
    with Session(engine) as session:
        last, free = upkeep.last_backup(session), disk.free(session)
    if free is not None:
        yield Finding(free > LITTLE_ROOM, f"room on the disk: {free / 10**9:.1f} GB")
    made = f"the last one is of {last.at.astimezone(settings.zone):%d/%m/%Y %H:%M}" if last.at else "there is none yet"
    if not settings.backup_folder:
        yield Finding(True, f"backups: {made}; BACKUP_FOLDER is not set, so none is made by itself")
    elif last.failed_at:
        yield Finding(False, f"backups: {made}; making one failed since: {last.reason}")
    else:
        late = last.at is not None and datetime.now(UTC) - last.at > BACKUP_WITHIN
        yield Finding(not late, f"backups: {made}{': the bot should have made one since' if late else ''}")


def _fonts() -> Finding:
    """Fonts for pictures; so far only QR codes are drawn, so that lacking them is no fault yet."""
    lister = shutil.which("fc-list")
    if lister is None:
        return Finding(True, "fonts: cannot be listed without fontconfig; nothing needs one yet")
    command = [lister, ":lang=vi", "family"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- a fixed command
    if found.stdout.strip():
        return Finding(True, f"fonts: {len(found.stdout.splitlines())} have the letters of Vietnamese")
    return Finding(True, "fonts: none with the letters of Vietnamese found; nothing needs one yet")


async def _telegram(settings: Settings) -> list[Finding]:
    if settings.telegram_bot_token is None:
        return [Finding(False, "TELEGRAM_BOT_TOKEN is not set: ask @BotFather for one; `sotin sandbox` runs without")]
    channel = TelegramChannel(settings.telegram_bot_token.get_secret_value(), settings.api_base)
    try:
        identity = await channel.open({})
        groups = await asyncio.to_thread(_groups, settings)
        standing = [await channel.standing(chat) for chat in groups]
    except SendError as error:
        return [Finding(False, f"Telegram does not let the bot in: {error.reason}. Check TELEGRAM_BOT_TOKEN")]
    finally:
        await channel.close()
    findings = [Finding(True, f"Telegram knows the bot as @{identity.name}")]
    for chat, problem in zip(groups, standing, strict=True):
        words = f"group {chat}: {problem or 'the bot may write there'}"
        findings.append(Finding(problem is None, words))
    return findings


async def _zalo(channel: ZaloChannel) -> Finding:
    try:
        identity = await channel.open({})
    except SendError as error:
        return Finding(False, f"Zalo does not let the bot in: {error.reason}. Check ZALO_BOT_TOKEN")
    finally:
        await channel.close()
    return Finding(True, f"Zalo knows the bot as {identity.name}")


def _quota(settings: Settings) -> Iterator[Finding]:
    """What of Zalo's quota is used, as far as the bot itself counted."""
    engine, quota = open_engine(settings.database_url), connecting.quota(settings)
    try:
        with Session(engine) as session:
            used = quotas.usage(session, ZaloChannel.name, quota, datetime.now(UTC))
    except SQLAlchemyError:
        return  # a database without tables yet has counted nothing
    finally:
        engine.dispose()
    today, month = _of(used.today, quota.per_day), _of(used.month, quota.per_month)
    words = f"Zalo's quota: {today} messages today, {month} this month, both ways"
    left = not used.refused and max(used.day_share, used.month_share) < WARN_AT
    yield Finding(left, words if left else f"{words}: get a larger plan, then mend ZALO_MESSAGES_A_MONTH")


def _public(settings: Settings) -> Finding:
    """Where Zalo's people find files and pictures."""
    if settings.public_base is None:
        return Finding(False, "PUBLIC_URL is not set: Zalo carries files and pictures only as links, and needs it")
    return Finding(True, f"files and pictures for Zalo are found under {settings.public_base}")


def _of(used: int, limit: int | None) -> str:
    return f"{used} of {limit}" if limit else str(used)


def _groups(settings: Settings) -> list[str]:
    engine = open_engine(settings.database_url)
    try:
        with Session(engine) as session:
            statement = select(Group.chat).where(Group.channel == "telegram", Group.present)
            return list(session.scalars(statement))
    except SQLAlchemyError:
        return []  # a database without tables yet has no groups
    finally:
        engine.dispose()
