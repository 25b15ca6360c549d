"""Many rows of one table, written by one statement."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Insert, bindparam, func, insert, inspect, select
from sqlmodel import SQLModel

from feed_core.database import WITH_THE_NEXT
from feed_core.store import POSTGRES, Work


async def add(work: Work, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns; nothing happens where there are none.

    PostgreSQL is sent one array for each column: it reads a short statement once, where a list of
    values is as long as the rows and a statement for each row has to be answered each time.
    """
    if not rows:
        return
    connection = await work.core()
    if work.dialect != POSTGRES:
        await connection.execute(_of_rows(model), rows, execution_options=WITH_THE_NEXT)
        return
    names = tuple(rows[0])
    arrays = {_array(name): [row[name] for row in rows] for name in names}
    await connection.execute(_of_arrays(model, names), arrays)


@cache
def _of_rows(model: type[SQLModel]) -> Insert:
    return insert(model)


@cache
def _of_arrays(model: type[SQLModel], names: Sequence[str]) -> Insert:
    columns = inspect(model).columns
    arrays = [
        bindparam(_array(name), type_=ARRAY(columns[name].type, dimensions=1)) for name in names
    ]
    rows = func.unnest(*arrays).table_valued(*names).render_derived()
    return insert(model).from_select(names, select(*(rows.c[name] for name in names)))


def _array(name: str) -> str:
    return f"all_{name}"
