"""What people's emoji on posts said last is remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.create_table(
        "post_reaction",
        sa.Column(
            "post_id", sa.Integer(), sa.ForeignKey("room_post.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("identity_id", sa.Integer(), sa.ForeignKey("identity.id"), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", "identity_id", "kind"),
    )
