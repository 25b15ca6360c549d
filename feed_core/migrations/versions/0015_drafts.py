"""The draft that a creation was is found without reading all drafts."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_index("ix_draft_creation_id", "draft", ["creation_id"])
