"""Digests may have a cover picture."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column(
        "digest_settings",
        sa.Column("cover", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
