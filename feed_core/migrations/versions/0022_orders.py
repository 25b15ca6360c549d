"""What members told their agents to do again and again is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "standing_order",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("member_id", sa.Integer(), sa.ForeignKey("member.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("room_id", sa.Integer(), sa.ForeignKey("room.id")),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("next_run_at", sa.DateTime()),
        sa.Column("run", sa.String(length=24), nullable=False),
        sa.Column("run_at", sa.DateTime()),
        sa.Column("begun_at", sa.DateTime()),
        sa.Column("creation_id", sa.Integer(), sa.ForeignKey("creation.id")),
        sa.Column("draft_id", sa.Integer(), sa.ForeignKey("draft.id")),
        sa.Column("proposal_id", sa.Integer(), sa.ForeignKey("proposal.id")),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("member_id", "number"),
    )
    for column in ("next_run_at", "run"):
        op.create_index(f"ix_standing_order_{column}", "standing_order", [column])
