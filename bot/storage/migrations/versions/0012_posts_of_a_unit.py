"""posts of a unit found by when they were handed in."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_posts_unit", "posts", ["unit_id", "handed_in_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_posts_unit", table_name="posts")
