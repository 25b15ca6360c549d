"""Rows that are added unless they are there already, also when two add them at once."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from feed_core.store import Work


def insert(work: Work, table: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows `on_conflict_do_nothing`, in the words of this database."""
    return postgresql.insert(table) if work.dialect == "postgresql" else sqlite.insert(table)
