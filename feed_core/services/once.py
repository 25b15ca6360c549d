"""Rows that are added unless they are there already, also when two add them at once."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel

from feed_core import bulk
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


async def add(
    work: Work, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], *, by: Sequence[str]
) -> None:
    """Insert those of many rows that are not there yet, told apart `by` the columns of one key.

    All name the same columns; nothing happens where there are none.
    """
    if not rows:
        return
    statement = _adding(work.dialect, table, tuple(rows[0]), tuple(by))
    if work.dialect == POSTGRES:
        await work.write(statement, bulk.arrays_of(rows))
    else:
        await work.write(statement, *rows)


@cache
def _adding(
    dialect: str, table: type[SQLModel], names: Sequence[str], by: Sequence[str]
) -> "sqlite.Insert | postgresql.Insert":
    made = insert_in(dialect, table).on_conflict_do_nothing(index_elements=by)
    return made.from_select(names, bulk.selected(table, names)) if dialect == POSTGRES else made
