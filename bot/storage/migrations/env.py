"""Alembic's entry: run the migrations on the engine that bot/storage/migrate.py gives."""

from alembic import context
from sqlalchemy import text

from bot.storage.models import Table

ONE_AT_A_TIME = 7_204_171  # an arbitrary number: PostgreSQL's advisory lock for migrations

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True)
    with context.begin_transaction():
        if engine.dialect.name == "postgresql":
            # Replicas that start together take turns.
            connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
        context.run_migrations()
