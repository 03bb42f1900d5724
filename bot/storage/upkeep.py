"""What is done once a day for the installation, and what became of the last backup."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.storage import installation
from bot.storage.models import Installation
from bot.storage.upserts import dialect_of, insert_into

BACKUP = "backup"
BACKUP_FAILED = "backup_failed"


@dataclass(frozen=True, slots=True)
class LastBackup:
    """When the newest backup was made, where it lies and its size in bytes; since when making one fails, and why."""

    at: datetime | None = None
    path: str = ""
    size: int = 0
    failed_at: datetime | None = None
    reason: str = ""


def take_turn(session: Session, what: str, turn: str) -> bool:
    """Whether the caller is the first to do this in this turn, such as a day; whoever asks later is not, nor is another
    process."""
    row = insert_into(dialect_of(session), Installation).values(key=f"turn:{what}", value=turn)
    taken = row.on_conflict_do_update(
        index_elements=["key"], set_={"value": row.excluded.value}, where=Installation.value != row.excluded.value
    )
    return session.execute(taken.returning(Installation.key)).one_or_none() is not None


def note_backup(session: Session, at: datetime, path: str, size: int) -> None:
    """A backup was made."""
    installation.keep(session, BACKUP, json.dumps({"at": at.isoformat(), "path": path, "size": size}))
    installation.forget(session, BACKUP_FAILED)


def note_failed_backup(session: Session, at: datetime, reason: str) -> None:
    """A backup could not be made."""
    installation.keep(session, BACKUP_FAILED, json.dumps({"at": at.isoformat(), "reason": reason}))


def last_backup(session: Session) -> LastBackup:
    """What is known of backups."""
    made = json.loads(installation.value(session, BACKUP) or "{}")
    failed = json.loads(installation.value(session, BACKUP_FAILED) or "{}")
    return LastBackup(
        at=datetime.fromisoformat(made["at"]) if made else None,
        path=made.get("path", ""),
        size=made.get("size", 0),
        failed_at=datetime.fromisoformat(failed["at"]) if failed else None,
        reason=failed.get("reason", ""),
    )
