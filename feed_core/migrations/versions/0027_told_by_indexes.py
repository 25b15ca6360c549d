"""Indexes of comments and bookmarks hold all that a feed asks of them."""

from alembic import op

revision = "0027"
down_revision = "0026"

WANTED = (
    ("comment", "ix_comment_in_order", ("creation_id", "created_at", "id", "author_id", "state")),
    ("comment", "ix_comment_made", ("author_id", "created_at", "creation_id")),
    ("bookmark", "ix_bookmark_of_member", ("member_id", "created_at", "creation_id")),
)


def upgrade() -> None:
    op.drop_index("ix_comment_in_order", "comment")
    op.drop_index("ix_comment_made", "comment")
    for table, name, columns in WANTED:
        op.create_index(name, table, list(columns))
