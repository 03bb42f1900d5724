"""messages that expire."""

import sqlalchemy as sa
from alembic import op

import bot.storage.models.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    when = bot.storage.models.base.UtcDateTime(timezone=True)
    op.add_column("outbox", sa.Column("expires_at", when, nullable=True))
    op.add_column("reminders", sa.Column("key", sa.Text(), nullable=True))
    op.create_index(op.f("ix_reminders_key"), "reminders", ["key"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_reminders_key"), table_name="reminders")
    op.drop_column("reminders", "key")
    op.drop_column("outbox", "expires_at")
