"""Many rows of one table, read, added or changed by one statement."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Dialect,
    Insert,
    Integer,
    Select,
    String,
    TableValuedAlias,
    Update,
    bindparam,
    cast,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

from feed_core.models.columns import UtcDateTime
from feed_core.prepared import Turn, among, columns, objects
from feed_core.store import POSTGRES, Row, View, Work


async def find(view: View, model: type[Row], keys: Collection[object]) -> list[Row]:
    """The rows of these keys, in any order: objects that no session keeps track of."""
    return objects(model, await view.ask(_of_keys(model), {"keys": list(keys)})) if keys else []


async def add(work: Work, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns; nothing happens where there are none.

    PostgreSQL is sent one array for each column: it reads a short statement once, where a list of
    values is as long as the rows and a statement for each row has to be answered each time.
    """
    if not rows:
        return
    if work.dialect != POSTGRES:
        await work.write(_of_rows(model), *rows)
        return
    await work.write(_of_arrays(model, tuple(rows[0])), arrays_of(rows))


async def change(
    work: Work, model: type[SQLModel], rows: Sequence[Mapping[str, Any]], *, by: str
) -> None:
    """Give the rows that these name in the column `by` their other values; all name the same.

    Nothing happens where there are none. What the session holds of them is not changed.
    """
    if not rows:
        return
    names = tuple(rows[0])
    if work.dialect != POSTGRES:
        given = [{f"new_{name}": value for name, value in row.items()} for row in rows]
        await work.write(_changing(model, names, by), *given)
        return
    await work.write(_changing_by_arrays(model, names, by), arrays_of(rows))


def arrays_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The values of `selected`: those of each column."""
    return {_array(name): [row[name] for row in rows] for name in rows[0]}


def selected(model: type[SQLModel], names: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """Rows of these columns of a table, read from arrays that are given."""
    rows = _unnested(model, names)
    return select(*(rows.c[name] for name in names))


@cache
def _of_keys(model: type[SQLModel]) -> Select[Any]:
    (key,) = inspect(model).primary_key
    return select(*columns(model)).where(among(key, "keys", key.type))


@cache
def _of_rows(model: type[SQLModel]) -> Insert:
    return insert(model)


@cache
def _of_arrays(model: type[SQLModel], names: Sequence[str]) -> Insert:
    return insert(model).from_select(names, selected(model, names))


@cache
def _changing(model: type[SQLModel], names: Sequence[str], by: str) -> Update:
    columns = inspect(model).local_table.c
    new = {name: bindparam(f"new_{name}", type_=columns[name].type) for name in names}
    key = new.pop(by)
    return update(columns[by].table).where(columns[by] == key).values(new)


@cache
def _changing_by_arrays(model: type[SQLModel], names: Sequence[str], by: str) -> Update:
    columns = inspect(model).local_table.c
    rows = _unnested(model, names)
    new = {name: rows.c[name] for name in names if name != by}
    return update(columns[by].table).where(columns[by] == rows.c[by]).values(new)


def _unnested(model: type[SQLModel], names: Sequence[str]) -> TableValuedAlias:
    columns = inspect(model).columns
    arrays = [
        # As a subquery, PostgreSQL takes it for short whatever its length, and finds each row by
        # the index; for some hundred it would rather read all of a table that is not large.
        select(_array_of(_array(it), columns[it].type)).scalar_subquery()
        for it in names
    ]
    return func.unnest(*arrays).table_valued(*names).render_derived()


def _array(name: str) -> str:
    return f"all_{name}"


class _Literal(TypeDecorator[Sequence[Any]]):
    """Many values as the text of an array of PostgreSQL's."""

    impl = String
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def bind_processor(self, dialect: Dialect) -> Turn:
        """Turn each value as its own type does."""
        turn: Turn | None = self.of.dialect_impl(dialect).bind_processor(dialect)

        def literal(values: Sequence[Any]) -> str:
            turned = [it if it is None or turn is None else turn(it) for it in values]
            return f"{{{','.join(['NULL' if it is None else str(it) for it in turned])}}}"

        return literal


def _array_of(name: str, of: TypeEngine[Any]) -> ColumnElement[Any]:
    """The values of this name as an array of PostgreSQL's, with as little work as possible.

    Psycopg looks at each value twice for what would have to be quoted; nothing in numbers, dates
    and moments has.
    """
    kind = ARRAY(of, dimensions=1)
    if isinstance(of, Integer | Date | UtcDateTime):
        return cast(bindparam(name, type_=_Literal(of)), kind)
    return bindparam(name, type_=kind)
