"""A card in a private chat is known again when somebody puts an emoji on it."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "shown_card",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("creation_id", sa.Integer(), sa.ForeignKey("creation.id"), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "place_id", "message_id"),
    )
    op.create_index("ix_shown_card_created_at", "shown_card", ["created_at"])
