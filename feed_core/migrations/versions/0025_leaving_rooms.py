"""Rooms can be left."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("room", sa.Column("left_at", sa.DateTime()))
