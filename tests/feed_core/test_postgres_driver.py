"""What goes to PostgreSQL past psycopg's cursors is done in order, all or nothing."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import String, bindparam, insert, literal_column, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col, select

from feed_core.database import READERS, WRITERS, Place, driver
from feed_core.models.tags import CreationTag
from feed_core.postgres_driver import Connection
from feed_core.store import Question, Store, View, Work
from tests.fakes.community import join
from tests.feed_core.pieces import put
from tests.postgres import Postgres

pytestmark = pytest.mark.parametrize("place", ["postgresql"], indirect=True)

TAG = insert(CreationTag)
TAGS = select(CreationTag.tag).order_by(col(CreationTag.tag))
Deed = Callable[[View], Awaitable[object]]


async def tags(store: Store) -> list[str]:
    async with store.read() as view:
        return [it for (it,) in await view.ask(TAGS, {})]


async def by_an_object(view: View) -> object:
    return (await view.db.exec(TAGS)).all()


async def by_words(view: View) -> object:
    return await view.ask(TAGS, {})


async def test_what_waits_is_done_before_whatever_is_asked_next(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana, tags=[])
    async with store.work() as work:
        await work.write(TAG, *({"tag": it, "creation_id": number} for it in "cb"))
        assert await by_an_object(work) == ["b", "c"]
        await work.write(TAG, {"tag": "a", "creation_id": number})
        assert await by_words(work) == [("a",), ("b",), ("c",)]
        await work.write(TAG, {"tag": "d", "creation_id": number})
    assert await tags(store) == ["a", "b", "c", "d"]
    with pytest.raises(ZeroDivisionError):
        async with store.work() as work:
            await work.write(TAG, {"tag": "e", "creation_id": number})
            raise ZeroDivisionError
    assert await tags(store) == ["a", "b", "c", "d"]


async def test_each_of_what_is_asked_at_once_gets_its_own_answer(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana, tags=["a"])
    of = select(CreationTag.creation_id).where(CreationTag.tag == bindparam("tag", type_=String))
    asked: tuple[Question, ...] = (TAGS, {}), (of, {"tag": "b"}), (of, {"tag": "none"}), (TAGS, {})
    async with store.work() as work:
        for tag, there in (("b", "ab"), ("c", "abc")):  # first all of it is prepared on the way
            await work.write(TAG, {"tag": tag, "creation_id": number})
            tags_then = [(it,) for it in there]
            assert await work.ask_all(*asked) == [tags_then, [(number,)], [], tags_then]
    with pytest.raises(DBAPIError, match="division by zero"):
        async with store.work() as work:
            await work.ask_all((TAGS, {}), (select(literal_column("1 / 0")), {}), (TAGS, {}))
    assert await tags(store) == ["a", "b", "c"]


async def test_a_commit_behind_a_failure_that_somebody_passed_over_is_told(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana, tags=["a"])
    with pytest.raises(DBAPIError, match="had failed"):
        async with store.work() as work:
            await work.write(TAG, {"tag": "b", "creation_id": number})
            await work.write(TAG, {"tag": "a", "creation_id": number})
            with pytest.raises(IntegrityError):
                await by_words(work)
    with pytest.raises(IntegrityError):
        async with store.work() as work:
            await work.write(TAG, *({"tag": it, "creation_id": number} for it in "ba"))
    assert await tags(store) == ["a"]


@pytest.mark.parametrize("ask", [by_an_object, by_words])
async def test_a_connection_that_the_server_ended_is_missed_by_nobody(
    store: Store, place: Place, postgres: Postgres, ask: Deed
) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana, tags=["a"])
    for tag in "bc":
        await tags(store)
        postgres.end_all(make_url(str(place)).database or "")
        async with store.read() as view:
            await ask(view)
        async with store.work() as work:
            await work.write(TAG, {"tag": tag, "creation_id": number})
    assert await tags(store) == ["a", "b", "c"]


async def test_what_went_wrong_is_told_also_where_the_server_has_ended_the_connection(
    store: Store, place: Place, postgres: Postgres
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with store.work() as work:
            await by_words(work)
            postgres.end_all(make_url(str(place)).database or "")
            raise ZeroDivisionError
    assert await tags(store) == []


async def test_who_is_cancelled_writes_nothing_and_leaves_connections_for_all(
    store: Store,
) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana, tags=[])

    async def stopped(ask: Deed) -> None:
        async with store.work() as work:
            await work.write(TAG, {"tag": "lost", "creation_id": number})
            task = asyncio.current_task()
            assert task is not None
            asyncio.get_running_loop().call_soon(task.cancel)
            await ask(work)

    async def look() -> None:
        async with store.read() as view:
            it = driver(await view.core())
            assert isinstance(it, Connection)
            task = asyncio.current_task()
            assert task is not None
            asyncio.get_running_loop().call_later(0.01, task.cancel)
            await it.fetch(("SELECT pg_sleep(60)", ()))

    async with asyncio.timeout(20):
        for ask in (by_an_object, by_words) * WRITERS["postgresql"]:
            with pytest.raises(asyncio.CancelledError):
                await asyncio.create_task(stopped(ask))
        for _ in range(2 * READERS):
            with pytest.raises(asyncio.CancelledError):
                await asyncio.create_task(look())
        assert await tags(store) == []


async def test_a_statement_that_is_made_once_is_prepared_again_when_the_server_forgot(
    store: Store,
) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana, tags=["a"])

    async def ask(work: Work) -> None:
        assert await by_words(work) == [("a",)]
        assert await work.ask(TAGS.where(CreationTag.creation_id == number), {}) == [("a",)]

    async with store.work() as work:
        await ask(work)
        await (await work.core()).execute(text("DEALLOCATE ALL"))
        await ask(work)
