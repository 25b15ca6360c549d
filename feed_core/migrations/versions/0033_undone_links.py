"""A link of two accounts can be undone for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "link",
        sa.Column("gone_id", sa.Integer(), sa.ForeignKey("member.id"), nullable=False),
        sa.Column("keep_id", sa.Integer(), sa.ForeignKey("member.id"), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("gone_id"),
    )
    op.create_index("ix_link_keep_id", "link", ["keep_id"])
