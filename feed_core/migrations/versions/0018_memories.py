"""Memories have a reason, a history and settings of their owner."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    with op.batch_alter_table("memory") as table:
        table.add_column(
            sa.Column("reason", sa.String(24), nullable=False, server_default="asked")
        )
        table.add_column(sa.Column("slot", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("uses", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("superseded_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("ended_at", sa.DateTime(), nullable=True))
        table.create_foreign_key(
            "fk_memory_superseded_by_id", "memory", ["superseded_by_id"], ["id"]
        )
        table.create_index("ix_memory_superseded_by_id", ["superseded_by_id"])
    op.create_table(
        "memory_settings",
        sa.Column("member_id", sa.Integer(), sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("never", sa.JSON(), nullable=False),
        sa.Column("incognito", sa.JSON(), nullable=False),
        sa.Column("learned_to", sa.Integer(), nullable=False),
        sa.Column("learn_at", sa.DateTime(), nullable=True),
    )
    op.create_index("ix_memory_settings_learn_at", "memory_settings", ["learn_at"])
