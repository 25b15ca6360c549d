"""On SQLite words are found by postings in blocks; titles by up to eight letters of a word.

Both are made anew from what is published, some five hundred creations at a time.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from struct import Struct

import sqlalchemy as sa
from alembic import op

from feed_core.services.terms import terms

revision = "0019"
down_revision = "0018"

TABLES = (
    "CREATE TABLE word_index (term TEXT NOT NULL, block INTEGER NOT NULL, postings BLOB NOT NULL, "
    "PRIMARY KEY (term, block)) WITHOUT ROWID",
    "CREATE TABLE indexed_words (creation_id INTEGER NOT NULL PRIMARY KEY, terms TEXT NOT NULL, "
    "length INTEGER NOT NULL)",
    "CREATE VIRTUAL TABLE title_index USING fts5(number, title, detail = 'column', "
    "prefix = '1 2 3 4 5 6 7 8', tokenize = 'ascii')",
)
BLOCK = 512
POSTING = Struct("<HHH")
LARGEST = 32_767
PUBLISHED = sa.text(
    "SELECT id, title, body, alt, tags FROM creation "
    "WHERE state = 'published' AND id >= :first AND id < :first + 512"
)


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        return
    op.execute("PRAGMA secure_delete = ON")  # what was withdrawn may still stand in the old ones
    op.execute("PRAGMA cache_size = -200000")
    for table in ("word_index", "title_index"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DELETE FROM removed_words")
    for statement in TABLES:
        op.execute(statement)
    if sqlite3.sqlite_version_info >= (3, 42):
        op.execute("INSERT INTO title_index(title_index, rank) VALUES ('secure-delete', 1)")
    last = connection.scalar(sa.text("SELECT max(id) FROM creation")) or 0
    for block in range(last // BLOCK + 1):
        _index(connection, block, connection.execute(PUBLISHED, {"first": block * BLOCK}).all())


def _index(connection: sa.Connection, block: int, rows: list[sa.Row]) -> None:
    postings = defaultdict(bytearray)
    whole, titles = [], []
    for number, title, body, alt, tags in rows:
        said = terms(title), terms(f"{body} {alt}"), terms(" ".join(json.loads(tags)))
        weights = Counter()
        for weight, words in zip((4, 1, 2), said, strict=True):
            for it in words:
                weights[it] += weight
        length = min(sum(map(len, said)), LARGEST)
        for term, weight in weights.items():
            postings[term] += POSTING.pack(number % BLOCK, min(weight, LARGEST), length)
        whole.append((number, " ".join(weights), length))
        titles.append((number, str(number), " ".join(said[0])))
    for statement, values in (
        (
            "INSERT INTO word_index VALUES (?, ?, ?)",
            [(term, block, bytes(it)) for term, it in sorted(postings.items())],
        ),
        ("INSERT INTO indexed_words VALUES (?, ?, ?)", whole),
        ("INSERT INTO title_index(rowid, number, title) VALUES (?, ?, ?)", titles),
    ):
        if values:
            connection.exec_driver_sql(statement, values)
