"""rosters that come as files, and data requests."""

import sqlalchemy as sa
from alembic import op

import bot.storage.models.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "import_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["memberships.id"], name=op.f("fk_import_batches_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_import_batches_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
    )
    op.create_table(
        "import_parts",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_import_parts_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_import_parts")),
    )
    op.create_table(
        "data_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["memberships.id"], name=op.f("fk_data_requests_answered_by_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["memberships.id"], name=op.f("fk_data_requests_membership_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_data_requests_person_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_data_requests_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
    )
    op.create_index(op.f("ix_data_requests_person_id"), "data_requests", ["person_id"])
    op.create_index(op.f("ix_data_requests_subject"), "data_requests", ["subject"])
    with op.batch_alter_table("persons") as batch_op:
        batch_op.add_column(sa.Column("wrong_codes", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("wrong_code_on", sa.Date(), nullable=True))
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.add_column(sa.Column("batch_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("left_reason", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_memberships_batch_id"), ["batch_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_memberships_batch_id"), "import_batches", ["batch_id"], ["id"])


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_memberships_batch_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_memberships_batch_id"))
        batch_op.drop_column("left_reason")
        batch_op.drop_column("batch_id")
    with op.batch_alter_table("persons") as batch_op:
        batch_op.drop_column("wrong_code_on")
        batch_op.drop_column("wrong_codes")
    op.drop_index(op.f("ix_data_requests_subject"), table_name="data_requests")
    op.drop_index(op.f("ix_data_requests_person_id"), table_name="data_requests")
    op.drop_table("data_requests")
    op.drop_table("import_parts")
    op.drop_table("import_batches")
