"""The word index: tables that SQLModel cannot describe, another one on each kind of database."""

import sqlite3

from sqlalchemy import (
    ARRAY,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
)
from sqlmodel import Field, SQLModel

# On SQLite a row for each term and each BLOCK numbers of creations: what BM25 needs of all that
# hold the term there, one after the other. So the newest 20,000 creations of a frequent term are
# some fifty rows, and those of several terms meet in the blocks that they share. `indexed_words`
# knows what to take out again.
BLOCK = 512
TABLES = (
    "CREATE TABLE word_index (term TEXT NOT NULL, block INTEGER NOT NULL, postings BLOB NOT NULL, "
    "PRIMARY KEY (term, block)) WITHOUT ROWID",
    "CREATE TABLE indexed_words (creation_id INTEGER NOT NULL PRIMARY KEY, terms TEXT NOT NULL, "
    "length INTEGER NOT NULL)",
    # Beginnings that it has no index of cost as much as there are titles with them. `ascii` takes
    # what is not ASCII for a letter and splits at ASCII punctuation and spaces, so it sees the
    # terms as they were made, whatever Unicode its SQLite knows.
    "CREATE VIRTUAL TABLE title_index USING fts5(number, title, detail = 'column', "
    "prefix = '1 2 3 4 5 6 7 8', tokenize = 'ascii')",
)
SECURE_DELETE = "INSERT INTO title_index(title_index, rank) VALUES ('secure-delete', 1)"
# On PostgreSQL a row for each different term of each creation, and for each way to begin a word of
# its title: so the newest creations of even the most frequent term stand together at one end of
# an index, where GIN would have to find all of them first. `indexed` knows what to take out again.
# Only PostgreSQL has these, so they stand beside the tables that both have.
ONLY_POSTGRES = MetaData()
postings = Table(
    "word_index",
    ONLY_POSTGRES,
    Column("term", Text(collation="C"), nullable=False),
    Column("creation_id", Integer, nullable=False),
    Column("weight", SmallInteger, nullable=False),
    Column("length", SmallInteger, nullable=False),
    Index("word_index_key", "term", "creation_id", postgresql_include=["weight", "length"]),
)
beginnings = Table(
    "title_index",
    ONLY_POSTGRES,
    Column("begun", Text(collation="C"), nullable=False),
    Column("creation_id", Integer, nullable=False),
    Index("title_index_key", "begun", "creation_id"),
)
indexed = Table(
    "indexed_words",
    ONLY_POSTGRES,
    Column("creation_id", Integer, primary_key=True, autoincrement=False),
    Column("title", ARRAY(Text), nullable=False),
    Column("terms", ARRAY(Text), nullable=False),
    Column("length", Integer, nullable=False),
)


class RemovedWords(SQLModel, table=True):
    """A creation whose title was taken out of the index and may still stand in its file.

    FTS5 before SQLite 3.42 has no `secure-delete`: it keeps what was removed until it is merged.
    """

    __tablename__ = "removed_words"

    creation_id: int = Field(primary_key=True)


def create_index(connection: Connection) -> None:
    """Make an empty index; on SQLite one that forgets at once, where it can."""
    if connection.dialect.name == "postgresql":
        ONLY_POSTGRES.create_all(connection)
        return
    for statement in TABLES:
        connection.exec_driver_sql(statement)
    if sqlite3.sqlite_version_info >= (3, 42):
        connection.exec_driver_sql(SECURE_DELETE)
