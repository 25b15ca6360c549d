"""The word index: on SQLite two FTS5 tables, which SQLModel cannot describe."""

import sqlite3

from sqlmodel import Field, SQLModel

# `ascii` takes what is not ASCII for a letter and splits at ASCII punctuation and spaces, so it
# sees the terms as they were made, whatever Unicode its SQLite knows.
TABLES = (
    "CREATE VIRTUAL TABLE word_index USING fts5(title, body, tags, tokenize = 'ascii')",
    "CREATE VIRTUAL TABLE title_index USING fts5("
    "number, title, detail = 'column', prefix = '1 2 3', tokenize = 'ascii')",
)
SECURE_DELETE = (
    "INSERT INTO word_index(word_index, rank) VALUES ('secure-delete', 1)",
    "INSERT INTO title_index(title_index, rank) VALUES ('secure-delete', 1)",
)


class RemovedWords(SQLModel, table=True):
    """A creation whose terms were taken out of the index and may still stand in its file.

    SQLite before 3.42 has no `secure-delete`: its index keeps what was removed until it is merged.
    """

    __tablename__ = "removed_words"

    creation_id: int = Field(primary_key=True)


def statements() -> tuple[str, ...]:
    """The SQL that makes an empty index on SQLite, one that forgets at once where it can."""
    return (*TABLES, *SECURE_DELETE) if sqlite3.sqlite_version_info >= (3, 42) else TABLES
