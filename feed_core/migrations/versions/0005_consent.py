"""Consent with defaults and history, questions to makers, jams, and deliveries to rooms."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

PURPOSES = {"remix": "yes", "recommend": "yes", "quote": "yes", "train": "no"}


def upgrade() -> None:
    for purpose, default in PURPOSES.items():
        column = sa.Column(f"own_{purpose}", sa.String(24), nullable=False, server_default=default)
        op.add_column("creation", column)
    op.execute(
        "UPDATE creation SET "
        + ", ".join(f"own_{purpose} = consent_{purpose}" for purpose in PURPOSES)
    )
    _consent()
    _questions()
    _jams()
    with op.batch_alter_table("delivery") as delivery:
        delivery.alter_column("identity_id", existing_type=sa.Integer(), nullable=True)
        delivery.add_column(sa.Column("room_id", sa.Integer(), nullable=True))
        delivery.create_foreign_key("fk_delivery_room", "room", ["room_id"], ["id"])
        delivery.create_check_constraint(
            "owed_to_one", "(identity_id IS NULL) <> (room_id IS NULL)"
        )
        delivery.create_index("ix_delivery_room_id", ["room_id"])


def _consent() -> None:
    op.create_table(
        "consent_default",
        sa.Column("member_id", sa.Integer(), sa.ForeignKey("member.id"), nullable=False),
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column("permission", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "purpose"),
    )
    op.create_table(
        "consent_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("member_id", sa.Integer(), sa.ForeignKey("member.id"), nullable=False),
        sa.Column("creation_id", sa.Integer(), sa.ForeignKey("creation.id"), nullable=True),
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column("before", sa.String(24), nullable=False),
        sa.Column("after", sa.String(24), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
    )
    for column in ("member_id", "creation_id"):
        op.create_index(f"ix_consent_change_{column}", "consent_change", [column])


def _questions() -> None:
    with op.batch_alter_table("proposal") as proposal:
        proposal.add_column(sa.Column("asker_id", sa.Integer(), nullable=True))
        proposal.add_column(sa.Column("creation_id", sa.Integer(), nullable=True))
        proposal.add_column(sa.Column("asked_on", sa.String(), nullable=False, server_default=""))
        proposal.create_foreign_key("fk_proposal_asker", "member", ["asker_id"], ["id"])
        proposal.create_foreign_key("fk_proposal_creation", "creation", ["creation_id"], ["id"])
        proposal.create_index("ix_proposal_asker_id", ["asker_id"])
        proposal.create_index("ix_proposal_creation_id", ["creation_id"])
    still_open = sa.text("state = 'open'")
    op.create_index(
        "ux_proposal_open_question",
        "proposal",
        ["asker_id", "creation_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def _jams() -> None:
    op.create_table(
        "jam",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("room_id", sa.Integer(), sa.ForeignKey("room.id"), nullable=False),
        sa.Column("starter_id", sa.Integer(), sa.ForeignKey("member.id"), nullable=False),
        sa.Column("prompt", sa.String(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("turn_seconds", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("turn_ends_at", sa.DateTime(), nullable=True),
        sa.Column("idle", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
    )
    op.create_index("ix_jam_starter_id", "jam", ["starter_id"])
    op.create_index("ix_jam_due_at", "jam", ["due_at"])
    unended = sa.text("state <> 'ended'")
    op.create_index(
        "ux_jam_of_room",
        "jam",
        ["room_id"],
        unique=True,
        sqlite_where=unended,
        postgresql_where=unended,
    )
    op.create_table(
        "jam_player",
        sa.Column("jam_id", sa.Integer(), sa.ForeignKey("jam.id"), nullable=False),
        sa.Column("member_id", sa.Integer(), sa.ForeignKey("member.id"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(), nullable=False),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("jam_id", "member_id"),
    )
    op.create_index("ix_jam_player_member_id", "jam_player", ["member_id"])
    op.create_table(
        "jam_entry",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("jam_id", sa.Integer(), sa.ForeignKey("jam.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), sa.ForeignKey("member.id"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("tainted", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("creation_id", sa.Integer(), sa.ForeignKey("creation.id"), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("jam_id", "number"),
    )
    for column in ("author_id", "creation_id"):
        op.create_index(f"ix_jam_entry_{column}", "jam_entry", [column])
