"""An agent has a tone and a language that its member chose."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    for name in ("tone", "language"):
        column = sa.Column(name, sa.String(), nullable=False, server_default="")
        op.add_column("agent_settings", column)
