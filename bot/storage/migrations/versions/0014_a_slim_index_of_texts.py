"""What finds texts that are nearly the same is one index, instead of a table with two."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.drop_index("ix_text_bands_post_id", table_name="text_bands")
    with op.batch_alter_table("text_bands", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.drop_constraint("fk_text_bands_post_id", type_="foreignkey")


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("text_bands", table_kwargs={"sqlite_with_rowid": True}) as batch_op:
        batch_op.create_foreign_key("fk_text_bands_post_id", "posts", ["post_id"], ["id"], ondelete="CASCADE")
    op.create_index("ix_text_bands_post_id", "text_bands", ["post_id"])
