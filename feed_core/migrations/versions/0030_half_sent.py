"""A delivery remembers since when nobody knows whether it arrived."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.add_column("delivery", sa.Column("half_sent_at", sa.DateTime(), nullable=True))
