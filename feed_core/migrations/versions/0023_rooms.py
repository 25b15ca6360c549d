"""Rooms have names and belong to servers; what of the feed stands in them is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    with op.batch_alter_table("room") as room:
        room.add_column(sa.Column("server_id", sa.String(), nullable=False, server_default=""))
        room.add_column(sa.Column("server", sa.String(), nullable=False, server_default=""))
        room.add_column(sa.Column("gone_at", sa.DateTime()))
        room.create_index("ix_room_bound", ["bound"])
    op.create_table(
        "room_post",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("creation_id", sa.Integer(), sa.ForeignKey("creation.id"), nullable=False),
        sa.Column("room_id", sa.Integer(), sa.ForeignKey("room.id"), nullable=False),
        sa.Column("comment_id", sa.Integer(), sa.ForeignKey("comment.id")),
        sa.Column("message_id", sa.String()),
        sa.Column("born_here", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("comment_id", "room_id"),
        sa.UniqueConstraint("room_id", "message_id"),
    )
    op.create_index("ix_room_post_creation_id", "room_post", ["creation_id"])
    card = sa.text("comment_id IS NULL")
    op.create_index(
        "ux_room_post_card",
        "room_post",
        ["creation_id", "room_id"],
        unique=True,
        sqlite_where=card,
        postgresql_where=card,
    )
