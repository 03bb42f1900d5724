"""people who want no broadcasts, and what is attached to broadcasts."""

import sqlalchemy as sa
from alembic import op

import bot.storage.models.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

when = bot.storage.models.base.UtcDateTime(timezone=True)
WANTED = sa.text("settled_at is null")
KNOWN = """
    INSERT INTO attachments (broadcast_id, kind, name, channel, reference, wanted_at, settled_at)
    SELECT id, CASE WHEN picture IS NULL THEN 'document' ELSE 'photo' END,
        CASE WHEN picture IS NULL THEN 'tep' ELSE 'anh.jpg' END,
        channel, COALESCE(picture, document), created_at, created_at
    FROM broadcasts WHERE COALESCE(picture, document) IS NOT NULL AND channel IS NOT NULL
"""


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("persons") as batch_op:
        batch_op.add_column(sa.Column("wants_broadcasts", sa.Boolean(), server_default=sa.true(), nullable=False))
    with op.batch_alter_table("broadcasts") as batch_op:
        batch_op.add_column(sa.Column("wanted_at", when, nullable=True))
    op.execute("UPDATE broadcasts SET wanted_at = starts_at WHERE state IN ('draft', 'asked', 'refused')")
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("broadcast_id", sa.Integer(), nullable=True),
        sa.Column("recipient_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("wanted_at", when, nullable=False),
        sa.Column("settled_at", when, nullable=True),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name=op.f("fk_attachments_broadcast_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["broadcast_recipients.id"], name=op.f("fk_attachments_recipient_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_attachments_file_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments") as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_broadcast_id"), ["broadcast_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_recipient_id"), ["recipient_id"], unique=False)
        batch_op.create_index(
            "ix_attachments_wanted", ["id"], unique=False, sqlite_where=WANTED, postgresql_where=WANTED
        )
    op.execute(KNOWN)
    _index_recipients("broadcast_id", "state", "channel", "id")


def downgrade() -> None:
    """Take back."""
    _index_recipients("broadcast_id", "state", "id")
    with op.batch_alter_table("attachments") as batch_op:
        batch_op.drop_index("ix_attachments_wanted", sqlite_where=WANTED, postgresql_where=WANTED)
        batch_op.drop_index(batch_op.f("ix_attachments_recipient_id"))
        batch_op.drop_index(batch_op.f("ix_attachments_broadcast_id"))
    op.drop_table("attachments")
    with op.batch_alter_table("broadcasts") as batch_op:
        batch_op.drop_column("wanted_at")
    with op.batch_alter_table("persons") as batch_op:
        batch_op.drop_column("wants_broadcasts")


def _index_recipients(*columns: str) -> None:
    """Who is to be told next is asked for each channel."""
    op.drop_index("ix_broadcast_recipients_state", "broadcast_recipients")
    op.create_index("ix_broadcast_recipients_state", "broadcast_recipients", list(columns))
