"""Rows that are added unless they are there already, also when two add them at once."""

from typing import TYPE_CHECKING

from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel

from feed_core.store import POSTGRES, Work

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def insert(work: Work, table: type[SQLModel]) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that knows `on_conflict_do_nothing`, in the words of this database."""
    return insert_in(work.dialect, table)


def insert_in(dialect: str, table: type[SQLModel]) -> "sqlite.Insert | postgresql.Insert":
    """The same for a kind of database, to be put together once and executed often."""
    if dialect == POSTGRES:
        from sqlalchemy.dialects import postgresql  # who keeps SQLite never loads it

        return postgresql.insert(table)
    return sqlite.insert(table)
