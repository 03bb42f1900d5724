"""A link to a file belongs to the browser that first opened it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("downloads", sa.Column("opener", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("downloads") as batch_op:
        batch_op.drop_column("opener")
