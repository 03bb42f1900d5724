"""The nightly backup: made by a process of its own, so that nobody's answer waits for it."""

import asyncio
import sys
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from bot.storage import upkeep
from bot.storage.db import Database

log = structlog.get_logger()

AT_NIGHT = time(2)
"""When it is due, by the installation's clock; one that failed is tried again with the next hour."""


async def back_up(db: Database, zone: ZoneInfo, now: datetime) -> bool:
    """Make the backup if it is due and no other process does, with the settings of this one; whether one was made."""
    if not await db.run(_is_ours, zone, now):
        return False
    maker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "backup"), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        _, said = await maker.communicate()
    except asyncio.CancelledError:
        maker.terminate()
        await maker.wait()
        raise
    if maker.returncode == 0:
        return True
    reason = (said.decode(errors="replace").strip().splitlines() or ["it ended without a word"])[-1]
    log.error("the nightly backup failed", reason=reason)
    await db.run(upkeep.note_failed_backup, now, reason)
    return False


def is_due(last: datetime | None, zone: ZoneInfo, now: datetime) -> bool:
    """Whether no backup was made since the last night began."""
    local = now.astimezone(zone)
    night = datetime.combine(local.date(), AT_NIGHT, zone)
    begun = night if night <= local else night - timedelta(days=1)
    return last is None or last < begun


def _is_ours(session: Session, zone: ZoneInfo, now: datetime) -> bool:
    due = is_due(upkeep.last_backup(session).at, zone, now)
    return due and upkeep.take_turn(session, "backup", f"{now:%Y-%m-%dT%H}")
