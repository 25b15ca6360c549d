"""What members keep, follow, mute and want more or less of."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "bookmark",
        sa.Column("member_id", sa.Integer(), sa.ForeignKey("member.id"), nullable=False),
        sa.Column("creation_id", sa.Integer(), sa.ForeignKey("creation.id"), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "creation_id", "collection"),
    )
    op.create_index("ix_bookmark_creation_id", "bookmark", ["creation_id"])
    for name in ("follow", "mute"):
        op.create_table(
            name,
            sa.Column("member_id", sa.Integer(), sa.ForeignKey("member.id"), nullable=False),
            sa.Column("kind", sa.String(24), nullable=False),
            sa.Column("subject", sa.String(), nullable=False),
            sa.Column("created_at", sa.DateTime(), nullable=False),
            sa.PrimaryKeyConstraint("member_id", "kind", "subject"),
        )
    op.create_table(
        "opinion",
        sa.Column("member_id", sa.Integer(), sa.ForeignKey("member.id"), nullable=False),
        sa.Column("creation_id", sa.Integer(), sa.ForeignKey("creation.id"), nullable=False),
        sa.Column("wanted", sa.String(24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "creation_id"),
    )
