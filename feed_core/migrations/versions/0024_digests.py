"""Digests have sections, a length and quiet hours, and rooms get them too."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    for table, column in (
        ("digest", _enum("length", "usual")),
        ("digest", sa.Column("since", sa.DateTime())),
        ("digest", sa.Column("skipped_at", sa.DateTime())),
        ("digest", _switch("says_empty")),
        ("digest_schedule", sa.Column("skipped_at", sa.DateTime())),
        ("digest_entry", _enum("section", "for_you")),
        ("digest_entry", sa.Column("gist_key", sa.String(), nullable=False, server_default="")),
        ("digest_entry", _switch("later")),
    ):
        op.add_column(table, column)
    # In words that both databases know: SQLite takes a reference only with its column.
    op.execute("ALTER TABLE digest ADD COLUMN room_id INTEGER REFERENCES room (id)")
    op.execute("ALTER TABLE digest_entry ADD COLUMN comment_id INTEGER REFERENCES comment (id)")
    op.create_table(
        "digest_settings",
        sa.Column("member_id", sa.Integer(), sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("length", sa.String(length=24), nullable=False),
        sa.Column("says_empty", sa.Boolean(), nullable=False),
        sa.Column("said_empty_at", sa.DateTime()),
        sa.Column("quiet_from", sa.String(), nullable=False),
        sa.Column("quiet_until", sa.String(), nullable=False),
    )
    op.create_table(
        "room_schedule",
        sa.Column("room_id", sa.Integer(), sa.ForeignKey("room.id"), primary_key=True),
        sa.Column("member_id", sa.Integer(), sa.ForeignKey("member.id"), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("next_run_at", sa.DateTime()),
    )
    for column in ("member_id", "next_run_at"):
        op.create_index(f"ix_room_schedule_{column}", "room_schedule", [column])
    op.create_index("ix_delivery_message_id", "delivery", ["message_id"])


def _enum(name: str, default: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=24), nullable=False, server_default=default)


def _switch(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
