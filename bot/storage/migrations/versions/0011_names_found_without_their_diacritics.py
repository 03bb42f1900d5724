"""names of members found without their diacritics."""

import sqlalchemy as sa
from alembic import op

from bot.domain.folding import fold

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

AT_ONCE = 5_000
MEMBERS = sa.table("memberships", sa.column("id"), sa.column("full_name"), sa.column("folded"))


def upgrade() -> None:
    """Apply, and fold the names that are there."""
    op.add_column("memberships", sa.Column("folded", sa.Text(), server_default="", nullable=False))
    _fold_names(op.get_bind())
    op.drop_index("ix_memberships_unit_id", table_name="memberships")
    op.create_index("ix_memberships_unit_folded", "memberships", ["unit_id", "folded"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_memberships_unit_folded", table_name="memberships")
    op.create_index("ix_memberships_unit_id", "memberships", ["unit_id"])
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.drop_column("folded")


def _fold_names(connection: sa.Connection) -> None:
    named = sa.select(MEMBERS.c.id, MEMBERS.c.full_name).where(MEMBERS.c.full_name.is_not(None))
    names = connection.execute(named).all()
    keep = sa.update(MEMBERS).where(MEMBERS.c.id == sa.bindparam("number")).values(folded=sa.bindparam("plain"))
    for at in range(0, len(names), AT_ONCE):
        some = names[at : at + AT_ONCE]
        connection.execute(keep, [{"number": number, "plain": fold(name)} for number, name in some])
