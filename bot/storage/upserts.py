"""Inserts of rows that may be there already: SQLite and PostgreSQL say it alike, the library has one class for each."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.storage.models import Table


def insert_into(dialect: str, table: type[Table]) -> sqlite.Insert | postgresql.Insert:
    """An insert that can be told what to do on a conflict."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def dialect_of(session: Session) -> str:
    """“sqlite” or “postgresql”."""
    return session.get_bind().dialect.name
