"""A member's digests are found by the index of what makes an hour's digest the only one."""

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.drop_index("ix_digest_member_id", "digest")
