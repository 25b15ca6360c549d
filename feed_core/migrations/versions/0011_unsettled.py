"""What was shown is kept as text, and the few creations that are not settled have an index."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

UNSETTLED = sa.text("state IN ('checking', 'held')")


def upgrade() -> None:
    # What was kept as bytes until now is at most what was shown since yesterday.
    op.execute("DELETE FROM seen")
    with op.batch_alter_table("seen") as table:
        table.drop_column("items")
        table.add_column(sa.Column("items", sa.String(), nullable=False))
    op.drop_index("ix_creation_state", "creation")
    op.create_index(
        "ix_creation_unsettled",
        "creation",
        ["id"],
        sqlite_where=UNSETTLED,
        postgresql_where=UNSETTLED,
    )
