"""The word index, made from what is published."""

import json
import sqlite3

import sqlalchemy as sa
from alembic import op

from feed_core.services.terms import terms

revision = "0003"
down_revision = "0002"

TABLES = (
    "CREATE VIRTUAL TABLE word_index USING fts5(title, body, tags, tokenize = 'ascii')",
    "CREATE VIRTUAL TABLE title_index USING fts5("
    "number, title, detail = 'column', prefix = '1 2 3', tokenize = 'ascii')",
)
PUBLISHED = sa.text(
    "SELECT id, title, body, alt, tags FROM creation WHERE state = 'published' AND id > :last "
    "ORDER BY id LIMIT 500"
)


def upgrade() -> None:
    op.create_table("removed_words", sa.Column("creation_id", sa.Integer(), primary_key=True))
    for statement in TABLES:
        op.execute(statement)
    if sqlite3.sqlite_version_info >= (3, 42):
        for index in ("word_index", "title_index"):
            op.execute(f"INSERT INTO {index}({index}, rank) VALUES ('secure-delete', 1)")
    connection = op.get_bind()
    last = 0
    while rows := connection.execute(PUBLISHED, {"last": last}).all():
        for number, title, body, alt, tags in rows:
            said = " ".join(terms(title))
            connection.exec_driver_sql(
                "INSERT INTO word_index(rowid, title, body, tags) VALUES (?, ?, ?, ?)",
                (
                    *(number, said, " ".join(terms(f"{body} {alt}"))),
                    " ".join(terms(" ".join(json.loads(tags)))),
                ),
            )
            connection.exec_driver_sql(
                "INSERT INTO title_index(rowid, number, title) VALUES (?, ?, ?)",
                (number, str(number), said),
            )
            last = number
