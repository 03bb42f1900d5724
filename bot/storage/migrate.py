"""Bring the tables to this version; run by `sotin migrate` and at start. Alembic is imported only when it has work."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent
HEAD = "0012"


def config(engine: Engine) -> "Config":
    """Alembic's settings for this engine; there is no alembic.ini."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(HERE / "migrations"))
    settings.attributes["engine"] = engine
    return settings


def migrate(engine: Engine) -> None:
    """Run the migrations that this database has not seen yet."""
    if version(engine) != HEAD:
        from alembic import command

        command.upgrade(config(engine), "head")


def version(engine: Engine) -> str | None:
    """The last migration that this database has seen; asked first, as nearly every start finds nothing to do."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version
