"""the directory of pages."""

import sqlalchemy as sa
from alembic import op

import bot.storage.models.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("administrator", sa.Text(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["memberships.id"], name=op.f("fk_pages_added_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_pages_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
        sa.UniqueConstraint("campaign", "key", name=op.f("uq_pages_campaign_key")),
    )
    with op.batch_alter_table("pages") as batch_op:
        batch_op.create_index(batch_op.f("ix_pages_unit_id"), ["unit_id"], unique=False)
    op.create_table(
        "page_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("likes", sa.Integer(), nullable=True),
        sa.Column("followers", sa.Integer(), nullable=True),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("posts", sa.Integer(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entered_by_id"], ["memberships.id"], name=op.f("fk_page_figures_entered_by_id")),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_page_figures_page_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_figures")),
    )
    with op.batch_alter_table("page_figures") as batch_op:
        batch_op.create_index("ix_page_figures_month", ["page_id", "month", "id"], unique=False)
    op.create_table(
        "week_pages",
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("broadcast_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcasts.id"], name=op.f("fk_week_pages_broadcast_id")),
        sa.ForeignKeyConstraint(["chosen_by_id"], ["memberships.id"], name=op.f("fk_week_pages_chosen_by_id")),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_week_pages_page_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("campaign", "week", "page_id", name=op.f("pk_week_pages")),
    )
    with op.batch_alter_table("week_pages") as batch_op:
        batch_op.create_index(batch_op.f("ix_week_pages_page_id"), ["page_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("week_pages") as batch_op:
        batch_op.drop_index(batch_op.f("ix_week_pages_page_id"))
    op.drop_table("week_pages")
    with op.batch_alter_table("page_figures") as batch_op:
        batch_op.drop_index("ix_page_figures_month")
    op.drop_table("page_figures")
    with op.batch_alter_table("pages") as batch_op:
        batch_op.drop_index(batch_op.f("ix_pages_unit_id"))
    op.drop_table("pages")
