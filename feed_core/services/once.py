"""Rows that are added unless they are there already, also when two add them at once."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from feed_core.store import POSTGRES, Work


def insert(work: Work, table: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows `on_conflict_do_nothing`, in the words of this database."""
    return insert_in(work.dialect, table)


def insert_in(dialect: str, table: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    """The same for a kind of database, to be put together once and executed often."""
    return postgresql.insert(table) if dialect == POSTGRES else sqlite.insert(table)
