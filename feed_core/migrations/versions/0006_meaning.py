"""Which creations have a vector, and which tags lead to which creations."""

import json

import sqlalchemy as sa
from alembic import op

from feed_core.services.muting import folded

revision = "0006"
down_revision = "0005"

WITHOUT_VECTOR = sa.text(
    "(state = 'published' AND vector_hash <> content_hash)"
    " OR (state <> 'published' AND vector_hash <> '')"
)
BY_CODE_POINT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TAGGED = sa.text(
    "SELECT id, tags FROM creation WHERE state = 'published' AND id > :last ORDER BY id LIMIT 500"
)


def upgrade() -> None:
    op.add_column("creation", sa.Column("vector_hash", sa.String(), nullable=False, server_default=""))
    op.create_index(
        "ix_creation_without_vector",
        "creation",
        ["id"],
        sqlite_where=WITHOUT_VECTOR,
        postgresql_where=WITHOUT_VECTOR,
    )
    table = op.create_table(
        "creation_tag",
        sa.Column("tag", BY_CODE_POINT, primary_key=True),
        sa.Column("creation_id", sa.Integer(), sa.ForeignKey("creation.id"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_creation_tag_creation_id", "creation_tag", ["creation_id"])
    connection = op.get_bind()
    last = 0
    while rows := connection.execute(TAGGED, {"last": last}).all():
        found = []
        for number, tags in rows:
            known = json.loads(tags) if isinstance(tags, str) else tags
            found += [(folded(it.strip().lstrip("#")), number) for it in known]
        if wanted := [{"tag": tag, "creation_id": it} for tag, it in dict.fromkeys(found) if tag]:
            connection.execute(table.insert(), wanted)
        last = rows[-1][0]
