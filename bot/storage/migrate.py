"""Bring the tables to this version; run by `sotin migrate` and at start. Alembic is imported only when it has work."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

from bot.settings import StartError

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent
HEAD = "0017"

LATER = (
    f"the tables are of version {{seen}}, of a later program; this one wants {HEAD}. Install that program again, "
    "or put a backup back: docs/operations.md, “Upgrading, and going back”."
)


def config(engine: Engine) -> "Config":
    """Alembic's settings for this engine; there is no alembic.ini."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(HERE / "migrations"))
    settings.attributes["engine"] = engine
    return settings


def migrate(engine: Engine) -> None:
    """Run the migrations that this database has not seen yet; StartError if a later version of the program was here."""
    seen = version(engine)
    if seen and seen > HEAD:
        raise StartError(LATER.format(seen=seen))
    if seen != HEAD:
        from alembic import command

        command.upgrade(config(engine), "head")


def version(engine: Engine) -> str | None:
    """The last migration that this database has seen; asked first, as nearly every start finds nothing to do."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version
