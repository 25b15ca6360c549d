"""What members' feeds have shown, which feed they chose, and what tells of the newest."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "seen",
        sa.Column("member_id", sa.Integer(), sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("items", sa.LargeBinary(), nullable=False),
        sa.Column("floor_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
    )
    op.add_column(
        "member", sa.Column("feed", sa.String(24), nullable=False, server_default="for-you")
    )
    op.add_column(
        "digest_entry", sa.Column("reason_tag", sa.String(), nullable=False, server_default="")
    )
    op.drop_index("ix_reaction_member_id", "reaction")
    op.create_index("ix_reaction_of_member", "reaction", ["member_id", "created_at"])
    op.create_index("ix_reaction_created_at", "reaction", ["created_at"])
    op.create_index("ix_comment_created_at", "comment", ["created_at"])
    op.create_index("ix_creation_edited_at", "creation", ["edited_at"])
