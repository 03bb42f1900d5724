"""What the command line does with a ledger as a whole: back it up, put it back, hand it out, move it."""

import argparse
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.operations import backups, exporting, restoring
from bot.settings import Settings, StartError
from bot.storage import upkeep
from bot.storage.copying import Prints
from bot.storage.db import Database

Say = Callable[[str], None]
MEBIBYTE = 1024 * 1024


def backup(settings: Settings, options: argparse.Namespace, say: Say) -> None:
    """Into the folder that is given, or that of the settings."""
    if not (options.folder or settings.backup_folder):
        raise StartError("give a folder, or set BACKUP_FOLDER.")
    folder = Path(options.folder or settings.backup_folder).absolute()
    now = datetime.now(UTC)
    with suppress(OSError):
        os.nice(10)  # whoever waits for an answer goes first
    made = backups.make(settings.database_url, folder, now, settings.backup_keep)
    db = Database(settings.database_url)
    try:
        with db.transaction() as session:
            upkeep.note_backup(session, now, str(made.path), made.size)
    finally:
        db.close()
    say(f"{made.path}: {made.size / MEBIBYTE:.1f} MB, checked")


def restore(settings: Settings, options: argparse.Namespace, say: Say) -> None:
    """From a file that `backup` made."""
    now = datetime.now(UTC)
    held = restoring.restore(Path(options.file).absolute(), settings.database_url, now, replace=options.replace)
    say(f"restored: {_summary(_counts(held))}")


def export(settings: Settings, options: argparse.Namespace, say: Say) -> None:
    """Into a new folder."""
    counts = exporting.export(settings.database_url, Path(options.folder), datetime.now(UTC))
    say(f"{options.folder}: {_summary(counts)}. It holds personal data: keep it as you keep the ledger.")


def move(settings: Settings, options: argparse.Namespace, say: Say) -> None:
    """To another database; a password on the command line would be seen by others on the machine, so @FILE holds it."""
    to = options.to
    if to.startswith("@"):
        try:
            to = Path(to[1:]).read_text("utf-8").strip()
        except OSError as error:
            raise StartError(f"{to[1:]} cannot be read: {error.strerror}.") from error
    held = restoring.move(settings.database_url, to)
    say(f"moved and checked row by row: {_summary(_counts(held))}. Now set DATABASE_URL to the new one; the old stays.")


def _counts(prints: Prints) -> Mapping[str, int]:
    return {name: each.rows for name, each in prints.items()}


def _summary(counts: Mapping[str, int]) -> str:
    return f"{sum(counts.values())} rows in {len(counts)} tables, among them {counts['posts']} posts"
