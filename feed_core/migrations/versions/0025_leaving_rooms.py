"""Rooms can be left, and what was done last is undone by a word."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("room", sa.Column("left_at", sa.DateTime()))
    op.add_column(
        "stored_call",
        sa.Column("undoes", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    where = sa.text("undoes")
    op.create_index(
        "ix_stored_call_undoes",
        "stored_call",
        ["only_id", "expires_at"],
        sqlite_where=where,
        postgresql_where=where,
    )
