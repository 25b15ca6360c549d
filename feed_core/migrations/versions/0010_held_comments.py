"""Which comments are held, and so wait for a moderator."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

HELD_COMMENT = sa.text("state = 'held'")


def upgrade() -> None:
    op.create_index(
        "ix_comment_held",
        "comment",
        ["id"],
        sqlite_where=HELD_COMMENT,
        postgresql_where=HELD_COMMENT,
    )
