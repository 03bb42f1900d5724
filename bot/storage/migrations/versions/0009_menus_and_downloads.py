"""messengers without buttons and files, and their quotas."""

import sqlalchemy as sa
from alembic import op

import bot.storage.models.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

when = bot.storage.models.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("follows_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_outbox_follows_id"), "outbox", ["follows_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_index(batch_op.f("ix_outbox_follows_id"), ["follows_id"], unique=False)
    op.create_table(
        "chat_menus",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("put_at", when, nullable=False),
        sa.Column("expires_at", when, nullable=False),
        sa.ForeignKeyConstraint(["row_id"], ["outbox.id"], name=op.f("fk_chat_menus_row_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_menus")),
    )
    with op.batch_alter_table("chat_menus") as batch_op:
        batch_op.create_index(batch_op.f("ix_chat_menus_row_id"), ["row_id"], unique=False)
        batch_op.create_index("ix_chat_menus_chat", ["channel", "chat", "id"], unique=False)
    op.create_table(
        "downloads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("expires_at", when, nullable=False),
        sa.Column("used_at", when, nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_downloads_file_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_downloads")),
        sa.UniqueConstraint("token", name=op.f("uq_downloads_token")),
    )
    with op.batch_alter_table("downloads") as batch_op:
        batch_op.create_index(batch_op.f("ix_downloads_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_downloads_expires_at"), ["expires_at"], unique=False)
    op.create_table(
        "channel_quota",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("told", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("channel", "day", name=op.f("pk_channel_quota")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("channel_quota")
    with op.batch_alter_table("downloads") as batch_op:
        batch_op.drop_index(batch_op.f("ix_downloads_expires_at"))
        batch_op.drop_index(batch_op.f("ix_downloads_file_id"))
    op.drop_table("downloads")
    with op.batch_alter_table("chat_menus") as batch_op:
        batch_op.drop_index("ix_chat_menus_chat")
        batch_op.drop_index(batch_op.f("ix_chat_menus_row_id"))
    op.drop_table("chat_menus")
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_follows_id"))
        batch_op.drop_constraint(batch_op.f("fk_outbox_follows_id"), type_="foreignkey")
        batch_op.drop_column("follows_id")
