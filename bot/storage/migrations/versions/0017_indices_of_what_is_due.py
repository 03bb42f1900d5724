"""What is due is found by indices of its own, not among all that was handled, sent or forgotten before."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INDICES = {
    "ix_inbox_next": ("inbox", ["id"], "state = 'waiting'"),
    "ix_outbox_file": ("outbox", ["file_id"], "file_id is not null"),
    "ix_posts_texts": ("posts", ["campaign", "handed_in_at"], "text is not null"),
    "ix_post_evidence_pictures": ("post_evidence", ["post_id"], "picture is not null"),
    "ix_obligations_duty": ("obligations", ["duty_id", "due_at"], None),
}


def upgrade() -> None:
    """Apply."""
    for name, (table, columns, where) in INDICES.items():
        part = sa.text(where) if where else None
        op.create_index(name, table, columns, sqlite_where=part, postgresql_where=part)


def downgrade() -> None:
    """Take back."""
    for name, (table, _, _) in INDICES.items():
        op.drop_index(name, table_name=table)
