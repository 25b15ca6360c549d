"""Kinds, versions and threads of creations; more reactions; thumbnails; comments taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

DEEPEST = 64
MOST_THREADS = 256

creation = sa.table("creation", sa.column("id"), sa.column("published_at"))
edge = sa.table("edge", sa.column("child_id"), sa.column("parent_id"))
media = sa.table("media", sa.column("created_at"), sa.column("wanted_at"))
entry = sa.table(
    "thread_entry",
    *(sa.column(it) for it in ("thread_id", "creation_id", "depth", "joined_at")),
)


def upgrade() -> None:
    for table in ("creation", "draft"):
        op.add_column(table, sa.Column("link", sa.String(), nullable=False, server_default=""))
        op.create_index(f"ix_{table}_media_hash", table, ["media_hash"])
    op.add_column("creation", sa.Column("edited_at", sa.DateTime(), nullable=True))
    op.add_column("draft", sa.Column("tags", sa.JSON(), nullable=False, server_default="[]"))
    _media()
    op.add_column(
        "comment", sa.Column("state", sa.String(24), nullable=False, server_default="published")
    )
    op.drop_index("ix_comment_creation_id", "comment")
    op.create_index("ix_comment_in_order", "comment", ["creation_id", "created_at", "id"])
    with op.batch_alter_table("reaction") as reaction:
        reaction.alter_column("kind", existing_type=sa.String(), type_=sa.String(24))
    _revisions()
    _threads()


def _media() -> None:
    with op.batch_alter_table("media") as table:
        table.add_column(sa.Column("thumbnail_hash", sa.String(), nullable=True))
        table.add_column(sa.Column("wanted_at", sa.DateTime(), nullable=True))
    op.execute(media.update().values(wanted_at=media.c.created_at))
    with op.batch_alter_table("media") as table:
        table.alter_column("wanted_at", existing_type=sa.DateTime(), nullable=False)
        table.create_foreign_key("fk_media_thumbnail_hash", "media", ["thumbnail_hash"], ["hash"])
        table.create_index("ix_media_thumbnail_hash", ["thumbnail_hash"])


def _revisions() -> None:
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("creation_id", sa.Integer(), sa.ForeignKey("creation.id"), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("tainted", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("applied_at", sa.DateTime(), nullable=True),
    )
    op.create_index("ix_revision_creation_id", "revision", ["creation_id"])
    op.create_index("ix_revision_state", "revision", ["state"])


def _threads() -> None:
    op.create_table(
        "thread_entry",
        sa.Column("thread_id", sa.Integer(), sa.ForeignKey("creation.id"), primary_key=True),
        sa.Column("creation_id", sa.Integer(), sa.ForeignKey("creation.id"), primary_key=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_thread_entry_creation_id", "thread_entry", ["creation_id"])
    op.create_index(
        "ix_thread_entry_in_order", "thread_entry", ["thread_id", "joined_at", "creation_id"]
    )
    walk = sa.select(
        edge.c.parent_id.label("thread_id"),
        edge.c.child_id.label("creation_id"),
        sa.literal(1).label("depth"),
    ).cte(recursive=True)
    walk = walk.union(
        sa.select(edge.c.parent_id, walk.c.creation_id, walk.c.depth + 1)
        .join(walk, edge.c.child_id == walk.c.thread_id)
        .where(walk.c.depth < DEEPEST)
    )
    near = (
        sa.select(walk.c.thread_id, walk.c.creation_id, sa.func.min(walk.c.depth).label("depth"))
        .group_by(walk.c.thread_id, walk.c.creation_id)
        .subquery()
    )
    place = sa.func.row_number().over(
        partition_by=near.c.creation_id, order_by=(near.c.depth, near.c.thread_id)
    )
    placed = (
        sa.select(near, creation.c.published_at, place.label("place"))
        .join(creation, creation.c.id == near.c.creation_id)
        .where(creation.c.published_at.is_not(None))
        .subquery()
    )
    wanted = sa.select(
        placed.c.thread_id, placed.c.creation_id, placed.c.depth, placed.c.published_at
    ).where(placed.c.place <= MOST_THREADS)
    op.execute(
        entry.insert().from_select(["thread_id", "creation_id", "depth", "joined_at"], wanted)
    )
