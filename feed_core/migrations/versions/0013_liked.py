"""The index of a member's reactions says which creations they are of."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.drop_index("ix_reaction_of_member", "reaction")
    op.create_index(
        "ix_reaction_of_member", "reaction", ["member_id", "created_at", "creation_id"]
    )
