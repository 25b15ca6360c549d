"""The few creations that are not settled have an index of their own, in place of one of all."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

UNSETTLED = sa.text("state IN ('checking', 'held')")


def upgrade() -> None:
    op.drop_index("ix_creation_state", "creation")
    op.create_index(
        "ix_creation_unsettled",
        "creation",
        ["id"],
        sqlite_where=UNSETTLED,
        postgresql_where=UNSETTLED,
    )
