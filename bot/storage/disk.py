"""How much room is left where the installation writes."""

import shutil
from pathlib import Path

from sqlalchemy.orm import Session

from bot.storage import upkeep


def free(session: Session) -> int | None:
    """Bytes left beside the ledger, or beside the backups of one that a PostgreSQL keeps; None if neither is known."""
    engine = session.get_bind().engine
    place = engine.url.database if engine.dialect.name == "sqlite" else upkeep.last_backup(session).path
    folder = Path(place).parent if place else None
    return shutil.disk_usage(folder).free if folder and folder.is_dir() else None
