"""Steps whose moment has come are written down before anybody is told: who is next is found by an index of these."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

DUE = sa.text("state = 'due'")


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_reminders_due", "reminders", ["at", "id"], sqlite_where=DUE, postgresql_where=DUE)


def downgrade() -> None:
    """Take back: the program before knows only what was said or dropped, and finds again what is due."""
    op.drop_index("ix_reminders_due", table_name="reminders")
    op.execute("DELETE FROM reminders WHERE state = 'due'")
