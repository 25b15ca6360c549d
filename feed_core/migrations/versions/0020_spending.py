"""What a member and what everybody spent is summed by day and month."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "spending",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("purse", sa.String(length=24), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "purse", "period"),
    )
    for member, purse in (("member_id", "member"), ("0", "all")):
        for length in (10, 7):  # of a day and of a month, as they are written
            op.execute(
                "INSERT INTO spending (member_id, purse, period, tokens, micros) "
                f"SELECT {member}, '{purse}', substr(CAST(at AS VARCHAR(30)), 1, {length}), "
                "sum(tokens_in + tokens_out), sum(micros) FROM model_call GROUP BY 1, 3"
            )
