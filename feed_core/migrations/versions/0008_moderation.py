"""Verdicts on comments, edits and names, reports, labels for readers, and what is alike."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

verdict = sa.table("verdict", sa.column("creation_id"), sa.column("thing_id"))


def upgrade() -> None:
    for table in ("creation", "comment"):
        op.add_column(table, sa.Column("warnings", sa.JSON(), nullable=False, server_default="[]"))
        op.create_index(f"ix_{table}_made", table, ["author_id", "created_at"])
    op.add_column("media", sa.Column("likeness", sa.String(), nullable=False, server_default=""))
    _verdicts()
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("member_id", sa.Integer(), sa.ForeignKey("member.id"), nullable=False),
        sa.Column("thing", sa.String(24), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.UniqueConstraint("member_id", "thing", "thing_id", "content_hash"),
    )
    op.create_index("ix_report_member_id", "report", ["member_id"])
    op.create_index("ix_report_state", "report", ["state"])
    op.create_index("ix_report_thing", "report", ["thing", "thing_id"])
    op.create_table(
        "likeness",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("creation_id", sa.Integer(), sa.ForeignKey("creation.id"), nullable=False),
        sa.PrimaryKeyConstraint("key", "creation_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_likeness_creation_id", "likeness", ["creation_id"])


def _verdicts() -> None:
    op.drop_index("ix_verdict_creation_id", "verdict")
    with op.batch_alter_table("verdict") as table:
        table.add_column(
            sa.Column("thing", sa.String(24), nullable=False, server_default="creation")
        )
        table.add_column(sa.Column("thing_id", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("decided_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("why", sa.String(), nullable=False, server_default=""))
        table.create_foreign_key("fk_verdict_decided_by_id", "member", ["decided_by_id"], ["id"])
    op.execute(verdict.update().values(thing_id=verdict.c.creation_id))
    with op.batch_alter_table("verdict") as table:
        table.drop_column("creation_id")
    op.create_index("ix_verdict_thing", "verdict", ["thing", "thing_id"])
    op.create_index("ix_verdict_decided_by_id", "verdict", ["decided_by_id"])
