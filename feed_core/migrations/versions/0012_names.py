"""Names pass the gate: which wait, and which look alike."""

import sqlalchemy as sa
from alembic import op

from feed_core.services.rules.folding import skeleton

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    column = sa.Column("skeleton", sa.String(), nullable=False, server_default="")
    op.add_column("member", column)
    connection = op.get_bind()
    members = connection.execute(sa.text("SELECT id, name FROM member")).all()
    if members:
        connection.execute(
            sa.text("UPDATE member SET skeleton = :skeleton WHERE id = :id"),
            [{"id": member_id, "skeleton": skeleton(name)} for member_id, name in members],
        )
    op.create_index("ix_member_skeleton", "member", ["skeleton"])
    op.create_table(
        "name_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("member_id", sa.Integer(), sa.ForeignKey("member.id"), nullable=False),
        sa.Column("thing", sa.String(24), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    for name in ("member_id", "state"):
        op.create_index(f"ix_name_change_{name}", "name_change", [name])
