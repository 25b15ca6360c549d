"""What parts of long threads come to is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "gist",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_gist_made_at", "gist", ["made_at"])
    op.create_table(
        "gist_source",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), sa.ForeignKey("gist.key"), nullable=False),
        sa.Column("creation_id", sa.Integer(), sa.ForeignKey("creation.id")),
        sa.Column("comment_id", sa.Integer(), sa.ForeignKey("comment.id")),
    )
    for name in ("key", "creation_id", "comment_id"):
        op.create_index(f"ix_gist_source_{name}", "gist_source", [name])
