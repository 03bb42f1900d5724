"""Bring the tables to this version; run by `sotin migrate` and at start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

HERE = Path(__file__).parent


def config(engine: Engine) -> Config:
    """Alembic's settings for this engine; there is no alembic.ini."""
    settings = Config()
    settings.set_main_option("script_location", str(HERE / "migrations"))
    settings.attributes["engine"] = engine
    return settings


def migrate(engine: Engine) -> None:
    """Run the migrations that this database has not seen yet."""
    command.upgrade(config(engine), "head")
