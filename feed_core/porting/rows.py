"""The rows of one kind of record: read in the order of their keys, and added."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, collate, func, select, text, tuple_, update

from feed_core import bulk
from feed_core.models.creations import Creation
from feed_core.porting.kinds import Kind, Row
from feed_core.services import likeness, searching
from feed_core.states import CreationState
from feed_core.store import View, Work

AT_A_TIME = 500  # rows read, or written in one transaction
POSTGRES = "postgresql"


async def count(view: View, kind: Kind) -> int:
    """How many rows there are."""
    connection = await view.core()
    return int(await connection.scalar(select(func.count()).select_from(kind.table)) or 0)


async def read(
    view: View, kind: Kind, *, skip: int = 0, only: Sequence[ColumnElement[bool]] = ()
) -> AsyncIterator[list[Row]]:
    """All rows after the first `skip` in the order of their keys, some at a time, as one look.

    `only`: the conditions that they meet.
    """
    connection = await view.core()
    ordered = select(*kind.columns).where(*only).order_by(*_order(kind, view.dialect)).offset(skip)
    options = {"yield_per": AT_A_TIME}
    async with connection.stream(ordered, execution_options=options) as found:
        async for part in found.partitions():
            yield [dict(zip(kind.names, row, strict=True)) for row in part]


async def known(view: View, kind: Kind, rows: Sequence[Row]) -> dict[tuple[Any, ...], Row]:
    """What stands in the database under the keys of these rows: key, and what tells rows apart."""
    return {
        kind.key_of(it): it
        for it in await _find(view, kind, kind.key, rows, [*kind.key, *kind.same])
    }


async def holders(
    view: View, kind: Kind, unique: Sequence[str], rows: Sequence[Row]
) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Which keys have, in the database, what has to be unique and these rows bring along."""
    found = await _find(view, kind, unique, rows, [*kind.key, *unique])
    return {tuple(it[name] for name in unique): kind.key_of(it) for it in found}


async def add(work: Work, kind: Kind, rows: Sequence[Row]) -> int:
    """Add the rows whose keys are not there yet; returns how many those were.

    A reference to a younger row of the same table is left empty until `complete`.
    """
    there = await known(work, kind, rows)
    new = [it for it in rows if kind.key_of(it) not in there]
    if not new:
        return 0
    stored = [{**it, **dict.fromkeys(ahead(kind, it))} for it in new]
    await bulk.add(work, kind.model, stored)
    if kind.model is Creation:
        await _let_be_found(work, [Creation(**it) for it in new])
    return len(new)


async def _let_be_found(work: Work, creations: Sequence[Creation]) -> None:
    """Make anew what search and the gate know published creations by."""
    published = [it for it in creations if it.state is CreationState.PUBLISHED]
    since = work.now - likeness.LONGEST_AGO
    await searching.put(work, *published)
    await likeness.put(work, *(it for it in published if it.created_at > since))


async def complete(work: Work, kind: Kind, rows: Sequence[Row]) -> None:
    """Fill in the references that `add` left empty; what stands there already stays."""
    connection = await work.core()
    for it in rows:
        for name in ahead(kind, it):
            await connection.execute(
                update(kind.table)
                .where(_among(kind, kind.key, [it]), kind.table.c[name].is_(None))
                .values({name: it[name]})
            )


async def go_on_counting(work: Work, kind: Kind) -> None:
    """Let the next row be numbered after the last one, where the database counts for itself."""
    connection = await work.core()
    if not kind.numbered or work.dialect != POSTGRES:
        return
    last = await connection.scalar(select(func.max(kind.table.c[kind.key[0]])))
    if last is not None:
        await connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, :column), :last)"),
            {"name": f'"{kind.name}"', "column": kind.key[0], "last": last},
        )


def ahead(kind: Kind, row: Row) -> list[str]:
    """The columns that refer to a row of the same table that comes later."""
    return [it for it in kind.late if row[it] is not None and row[it] > row[kind.key[0]]]


async def _find(
    view: View, kind: Kind, by: Sequence[str], rows: Sequence[Row], wanted: Sequence[str]
) -> list[Row]:
    asked = [it for it in rows if all(it[name] is not None for name in by)]
    if not asked:
        return []
    names = list(dict.fromkeys(wanted))
    connection = await view.core()
    found = await connection.execute(
        select(*[kind.table.c[it] for it in names]).where(_among(kind, by, asked))
    )
    return [dict(zip(names, row, strict=True)) for row in found]


def _among(kind: Kind, by: Sequence[str], rows: Sequence[Row]) -> ColumnElement[bool]:
    columns = [kind.table.c[it] for it in by]
    first = columns[0].in_([it[by[0]] for it in rows])  # for as many rows, the same words
    if len(columns) == 1:
        return first
    # By the first alone SQLite looks into the index; for several at once it goes through all of it.
    return and_(first, tuple_(*columns).in_([tuple(it[name] for name in by) for it in rows]))


def _order(kind: Kind, dialect: str) -> list[ColumnElement[Any]]:
    """The key, texts compared by their code points everywhere."""
    return [
        collate(it, "C") if dialect == POSTGRES and isinstance(it.type, String) else it
        for it in kind.table.primary_key.columns
    ]
