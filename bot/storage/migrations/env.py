"""Alembic's entry: run the migrations on the engine that bot/storage/migrate.py gives."""

from alembic import context
from sqlalchemy import text

from bot.storage.models import Table

ONE_AT_A_TIME = 7_204_171  # an arbitrary number: PostgreSQL's advisory lock for migrations

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True)
    raw = connection.connection
    if engine.dialect.name == "sqlite":
        # SQLite changes a table by making it anew; with keys on, dropping the old one would delete what hangs on it.
        raw.execute("PRAGMA foreign_keys=OFF")
    with context.begin_transaction():
        if engine.dialect.name == "postgresql":
            # Replicas that start together take turns.
            connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
        context.run_migrations()
    if engine.dialect.name == "sqlite":
        raw.execute("PRAGMA foreign_keys=ON")
