"""broadcasts and who got them."""

import sqlalchemy as sa
from alembic import op

import bot.storage.models.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ACTIVE = sa.text("state in ('asked', 'set', 'running', 'paused')")
OPEN = sa.text("state in ('waiting', 'sending')")


def upgrade() -> None:
    """Apply."""
    _index_open("channel", "priority", "id")
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=True),
        sa.Column("picture", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("chat", sa.Text(), nullable=True),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("confirm", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("created_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("starts_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("started_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("again_of_id", sa.Integer(), nullable=True),
        sa.Column("progress", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["again_of_id"], ["broadcasts.id"], name=op.f("fk_broadcasts_again_of_id")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["memberships.id"], name=op.f("fk_broadcasts_approved_by_id")),
        sa.ForeignKeyConstraint(["by_id"], ["memberships.id"], name=op.f("fk_broadcasts_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_broadcasts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
    )
    with op.batch_alter_table("broadcasts") as batch_op:
        batch_op.create_index(
            "ux_broadcasts_active", ["digest"], unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE
        )
        batch_op.create_index("ix_broadcasts_state", ["campaign", "state"], unique=False)
    op.create_table(
        "broadcast_recipients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("broadcast_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("chat", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("settled_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("read_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name=op.f("fk_broadcast_recipients_broadcast_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_broadcast_recipients_group_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["memberships.id"], name=op.f("fk_broadcast_recipients_membership_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_broadcast_recipients_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_recipients")),
        sa.UniqueConstraint("broadcast_id", "group_id", name=op.f("uq_broadcast_recipients_broadcast_id_group_id")),
        sa.UniqueConstraint("broadcast_id", "person_id", name=op.f("uq_broadcast_recipients_broadcast_id_person_id")),
    )
    with op.batch_alter_table("broadcast_recipients") as batch_op:
        batch_op.create_index(batch_op.f("ix_broadcast_recipients_group_id"), ["group_id"], unique=False)
        batch_op.create_index("ix_broadcast_recipients_message", ["channel", "chat", "message"], unique=False)
        batch_op.create_index(batch_op.f("ix_broadcast_recipients_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_broadcast_recipients_state", ["broadcast_id", "state", "id"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("broadcast_recipients") as batch_op:
        batch_op.drop_index("ix_broadcast_recipients_state")
        batch_op.drop_index(batch_op.f("ix_broadcast_recipients_person_id"))
        batch_op.drop_index("ix_broadcast_recipients_message")
        batch_op.drop_index(batch_op.f("ix_broadcast_recipients_group_id"))
    op.drop_table("broadcast_recipients")
    with op.batch_alter_table("broadcasts") as batch_op:
        batch_op.drop_index("ix_broadcasts_state")
        batch_op.drop_index("ux_broadcasts_active", sqlite_where=ACTIVE, postgresql_where=ACTIVE)
    op.drop_table("broadcasts")
    _index_open("priority", "id")


def _index_open(*columns: str) -> None:
    """What is to be sent next is asked for each channel."""
    op.drop_index("ix_outbox_open", "outbox")
    op.create_index("ix_outbox_open", "outbox", list(columns), sqlite_where=OPEN, postgresql_where=OPEN)
