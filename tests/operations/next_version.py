"""`python -m tests.operations.next_version FOLDER …`: `sotin …` as a version to come would be, with one more migration.

FOLDER holds its migrations, as `make` writes them.
"""

import shutil
import sys
from pathlib import Path

from bot.storage import migrate

HEAD = "9999"
CHANGE = '''"""What is to come."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{before}"


def upgrade() -> None:
    op.create_table("of_tomorrow", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("posts", sa.Column("tomorrow", sa.Text))
'''


def make(folder: Path) -> Path:
    """Write the migrations of that version into a new folder."""
    shutil.copytree(migrate.HERE / "migrations", folder / "migrations")
    path = folder / "migrations" / "versions" / f"{HEAD}_what_is_to_come.py"
    path.write_text(CHANGE.format(before=migrate.HEAD), "utf-8")
    return folder


def main() -> None:
    folder, *arguments = sys.argv[1:]
    # Before anybody else asks for them.
    migrate.HERE, migrate.HEAD = Path(folder), HEAD
    from bot import __main__

    __main__.main(arguments)


if __name__ == "__main__":
    main()
