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


POSTGRES = (
    'CREATE TABLE word_index (term TEXT COLLATE "C" NOT NULL, creation_id INTEGER NOT NULL, '
    "weight SMALLINT NOT NULL, length SMALLINT NOT NULL)",
    "CREATE INDEX word_index_key ON word_index (term, creation_id) INCLUDE (weight, length)",
    'CREATE TABLE title_index (begun TEXT COLLATE "C" NOT NULL, creation_id INTEGER NOT NULL)',
    "CREATE INDEX title_index_key ON title_index (begun, creation_id)",
    "CREATE TABLE indexed_words (creation_id INTEGER NOT NULL PRIMARY KEY, "
    "title TEXT[] NOT NULL, terms TEXT[] NOT NULL, length INTEGER NOT NULL)",
)


def upgrade() -> None:
    op.create_table("removed_words", sa.Column("creation_id", sa.Integer(), primary_key=True))
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRES:
            op.execute(statement)
        return  # whoever began on PostgreSQL had this index from the first creation on
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
