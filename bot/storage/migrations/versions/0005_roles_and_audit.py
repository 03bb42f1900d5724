"""roles and the audit log."""

import sqlalchemy as sa
from alembic import op

import bot.storage.models.base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "operators",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("since", bot.storage.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_code", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "chat", name=op.f("pk_operators")),
    )
    op.create_table(
        "link_codes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_link_codes_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_link_codes")),
    )
    with op.batch_alter_table("link_codes") as batch_op:
        batch_op.create_index(batch_op.f("ix_link_codes_person_id"), ["person_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit") as batch_op:
        batch_op.create_index("ix_audit_campaign", ["campaign", "id"], unique=False)
        batch_op.create_index("ix_audit_unit", ["unit_id", "id"], unique=False)
    with op.batch_alter_table("invitations") as batch_op:
        batch_op.add_column(sa.Column("role", sa.Text(), server_default="member", nullable=False))
        batch_op.add_column(
            sa.Column("deputy_until", bot.storage.models.base.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("used_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("hands_over", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.add_column(sa.Column("used_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=True))
    with op.batch_alter_table("units") as batch_op:
        batch_op.add_column(sa.Column("led", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("inbox") as batch_op:
        batch_op.add_column(sa.Column("alerted", sa.Boolean(), server_default=sa.false(), nullable=False))
    dead = sa.text("state = 'dead'")
    op.create_index("ix_inbox_dead", "inbox", ["id"], sqlite_where=dead, postgresql_where=dead)
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.add_column(sa.Column("role_until", bot.storage.models.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("left_at", bot.storage.models.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("phone", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("claim_code", sa.Text(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_memberships_claim_code"), ["claim_code"])
    with op.batch_alter_table("persons") as batch_op:
        batch_op.add_column(sa.Column("campaign", sa.Text(), nullable=True))
    _refuse_changes_of_audit()
    op.drop_index(op.f("ix_wanted_pictures_wanted_at"), table_name="wanted_pictures")
    op.rename_table("wanted_pictures", "wanted_files")
    op.add_column("wanted_files", sa.Column("campaign", sa.Text(), nullable=True))
    op.create_index(op.f("ix_wanted_files_wanted_at"), "wanted_files", ["wanted_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_wanted_files_wanted_at"), table_name="wanted_files")
    op.drop_column("wanted_files", "campaign")
    op.rename_table("wanted_files", "wanted_pictures")
    op.create_index(op.f("ix_wanted_pictures_wanted_at"), "wanted_pictures", ["wanted_at"])
    _allow_changes_of_audit()
    with op.batch_alter_table("persons") as batch_op:
        batch_op.drop_column("campaign")
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_memberships_claim_code"), type_="unique")
        batch_op.drop_column("claim_code")
        batch_op.drop_column("phone")
        batch_op.drop_column("left_at")
        batch_op.drop_column("role_until")
    op.drop_index("ix_inbox_dead", table_name="inbox")
    op.drop_column("inbox", "alerted")
    op.drop_column("units", "led")
    op.drop_column("accounts", "used_at")
    with op.batch_alter_table("invitations") as batch_op:
        batch_op.drop_column("hands_over")
        batch_op.drop_column("used_at")
        batch_op.drop_column("deputy_until")
        batch_op.drop_column("role")
    with op.batch_alter_table("audit") as batch_op:
        batch_op.drop_index("ix_audit_unit")
        batch_op.drop_index("ix_audit_campaign")
    op.drop_table("audit")
    with op.batch_alter_table("link_codes") as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_codes_person_id"))
    op.drop_table("link_codes")
    op.drop_table("operators")


def _refuse_changes_of_audit() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stays()"
        )
        return
    for what in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_stays_{what.lower()} BEFORE {what} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
        )


def _allow_changes_of_audit() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_stays ON audit")
        op.execute("DROP FUNCTION audit_stays")
        return
    for what in ("update", "delete"):
        op.execute(f"DROP TRIGGER audit_stays_{what}")
