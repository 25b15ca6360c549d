"""SQLite's statements come back whole, whether their rows are few or many."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from feed_core import database
from feed_core.sqlite_driver import AT_ONCE

MANY = 3 * AT_ONCE + 7
NUMBERS = text(
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < :most) "
    "SELECT x FROM n"
)


@pytest.mark.parametrize("count", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, MANY])
async def test_all_rows_come_in_their_order(tmp_path: Path, count: int) -> None:
    engine = database.engine(tmp_path / "some.db", writing=True)
    wanted = list(range(1, max(count, 1) + 1))
    async with engine.connect() as connection:
        fetched = await connection.scalars(NUMBERS, {"most": count})
        assert list(fetched) == wanted
        async with connection.stream(NUMBERS, {"most": count}) as result:
            assert [it async for piece in result.partitions(70) for (it,) in piece] == wanted
        async with connection.stream(NUMBERS, {"most": count}) as result:
            assert await result.first() == (1,)  # and lets go of the rest
    await engine.dispose()


async def test_what_was_written_is_counted_and_returned(tmp_path: Path) -> None:
    engine = database.engine(tmp_path / "some.db", writing=True)
    insert = text("INSERT INTO it (x) VALUES (:x) RETURNING id, x")
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE it (id INTEGER PRIMARY KEY, x INT UNIQUE)"))
        assert (await connection.execute(insert, {"x": 7})).all() == [(1, 7)]
        several = [{"x": it} for it in range(3)]
        await connection.execute(text("INSERT INTO it (x) VALUES (:x)"), several)
        assert (await connection.execute(text("UPDATE it SET x = x + 10"))).rowcount == 4
        with pytest.raises(IntegrityError):
            await connection.execute(insert, {"x": 10})
    async with engine.connect() as connection:
        found = await connection.scalars(text("SELECT x FROM it ORDER BY id"))
        assert list(found) == [17, 10, 11, 12]
    await engine.dispose()


async def test_what_goes_along_with_the_next_is_written_in_order_or_not_at_all(
    tmp_path: Path,
) -> None:
    engine = database.engine(tmp_path / "some.db", writing=True)
    insert = "INSERT INTO it (x) VALUES (?)"
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE it (x INT UNIQUE)"))
    async with engine.begin() as connection:  # nothing but what goes along: with the commit
        database.send(connection, insert, [[1]])
        database.send(connection, insert, [[2], [3]])
    async with engine.connect() as connection:
        await connection.begin()
        database.send(connection, insert, [[4]])
        assert await connection.scalar(text("SELECT max(x) FROM it")) == 4
        database.send(connection, insert, [[5]])
        await connection.rollback()
    with pytest.raises(IntegrityError):
        async with engine.begin() as connection:
            database.send(connection, insert, [[6], [1]])
    async with engine.begin() as connection:
        assert list(await connection.scalars(text("SELECT x FROM it ORDER BY x"))) == [1, 2, 3]
    await engine.dispose()
