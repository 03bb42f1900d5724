"""Whether the bot can work."""

import asyncio
from collections.abc import Callable, Collection
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.storage.db import Database
from bot.storage.migrate import HEAD

P = ParamSpec("P")
T = TypeVar("T")

ANSWER_WITHIN = 5.0
"""Seconds that the database has to answer."""
STUCK_AFTER = 30.0
"""Seconds; at twice as many the process ends itself (bot/watchdog.py)."""


async def what_is_wrong(db: Database, shut_out: Collection[str]) -> list[str]:
    """Why the bot cannot work; nothing if it can. `shut_out` are the messengers that take our token no more."""
    found = [f"{channel} does not take the token any more" for channel in sorted(shut_out)]
    if db.longest_step() > STUCK_AFTER:
        found.append("a step takes very long")
    at = await soon(db, _tables_version)
    if at is None:
        return [*found, "the database does not answer"]
    return found if at == HEAD else [*found, f"the tables are of version {at}, the program wants {HEAD}"]


async def soon(db: Database, work: Callable[Concatenate[Session, P], T], *args: P.args, **more: P.kwargs) -> T | None:
    """What the tables say; None if the database does not answer in time."""
    try:
        return await asyncio.wait_for(db.run(work, *args, **more), ANSWER_WITHIN)
    except (TimeoutError, SQLAlchemyError):
        return None


def _tables_version(session: Session) -> str | None:
    found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return found
