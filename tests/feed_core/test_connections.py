"""Those who wait to write to a SQLite file share one commit, and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from feed_core.bus import Bus
from feed_core.database import READERS, driver
from feed_core.errors import Unavailable
from feed_core.models.tags import CreationTag
from feed_core.sqlite_driver import Connection
from feed_core.store import Store, Work
from tests.fakes.clock import FixedClock
from tests.fakes.community import join, new_file
from tests.feed_core.pieces import put

TAG = insert(CreationTag)


async def tags(store: Store) -> list[str]:
    async with store.read() as view:
        return list(await (await view.core()).scalars(text("SELECT tag FROM creation_tag")))


async def together(
    store: Store, *each: Callable[[Work], Awaitable[None]]
) -> list[BaseException | None]:
    """What comes of each, all of which wait behind one that writes nothing."""
    begun = asyncio.Event()
    go_on = asyncio.Event()

    async def first() -> None:
        async with store.work():
            begun.set()
            await go_on.wait()

    async def then(write: Callable[[Work], Awaitable[None]]) -> None:
        async with store.work() as work:
            await write(work)

    async with asyncio.timeout(10):
        tasks = [asyncio.create_task(first())]
        await begun.wait()
        tasks += [asyncio.create_task(then(it)) for it in each]
        await asyncio.sleep(0)
        go_on.set()
        return (await asyncio.gather(*tasks, return_exceptions=True))[1:]


async def test_one_that_fails_takes_back_its_own_alone(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana)

    def tagging(*tags: str) -> Callable[[Work], Awaitable[None]]:
        async def write(work: Work) -> None:
            for it in tags:
                await work.write(TAG, {"tag": it, "creation_id": number})

        return write

    async def fail(work: Work) -> None:
        await tagging("lost")(work)
        await work.db.get_one(CreationTag, ("lost", number))
        raise ZeroDivisionError

    async def write_nothing(work: Work) -> None:
        assert work.now

    ends = await together(
        store,
        *(tagging("a"), fail, tagging("b"), tagging("twice", "twice"), tagging("c")),
        write_nothing,
    )
    assert [type(it) for it in ends] == [
        *(type(None), ZeroDivisionError, type(None), IntegrityError, type(None), type(None))
    ]
    assert await tags(store) == ["a", "b", "c"]


async def test_all_are_told_when_the_commit_that_they_share_fails(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana)
    seen: list[list[str]] = []

    async def write(work: Work) -> None:
        await work.write(TAG, {"tag": "small", "creation_id": number})
        await (await work.core()).execute(text("SELECT 1"))
        seen.append(await tags(store))  # nobody sees what is not committed

    async def fill_the_disk(work: Work) -> None:
        connection = await work.core()
        used = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        await connection.execute(text(f"PRAGMA max_page_count = {used + 1}"))
        for it in range(100):
            await work.write(TAG, {"tag": str(it) * 500, "creation_id": number})

    ends = await together(store, write, fill_the_disk)
    assert [type(it).__mro__[1] for it in ends] == [Unavailable, Unavailable]
    assert seen == [[]]
    assert await tags(store) == []
    async with store.work() as work:
        await (await work.core()).execute(text("PRAGMA max_page_count = 1000000"))
        await work.write(TAG, {"tag": "later", "creation_id": number})
    assert await tags(store) == ["later"]


async def test_who_waits_is_written_by_one_commit(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana)
    commits: list[str] = []

    async def write(work: Work) -> None:
        it = driver(await work.core())
        assert isinstance(it, Connection)
        it.driver.set_trace_callback(
            lambda said: commits.append(said) if said == "COMMIT" else None
        )
        await work.write(TAG, {"tag": f"t{len(asked)}", "creation_id": number})
        asked.append(1)

    asked: list[int] = []
    ends = await together(store, *[write] * 6)
    assert ends == [None] * 6
    assert sorted(await tags(store)) == [f"t{it}" for it in range(6)]
    assert len(commits) == 1


async def test_who_is_cancelled_takes_nothing_of_others_along(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana)

    async def write(work: Work, tag: str) -> None:
        await work.write(TAG, {"tag": tag, "creation_id": number})
        await work.db.get_one(CreationTag, (tag, number))

    async def stopped_while(work: Work, doing: Awaitable[object]) -> None:
        """Stopped before the driver has answered, whichever way it was asked."""
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().call_soon(task.cancel)
        await doing

    async def by_an_object(work: Work) -> None:
        await write(work, "lost")
        await stopped_while(work, work.db.get_one(CreationTag, ("lost", number)))

    async def by_words(work: Work) -> None:
        await write(work, "lost too")
        await stopped_while(work, (await work.core()).execute(text("SELECT 1")))

    async def first(work: Work) -> None:
        await write(work, "a")

    async def last(work: Work) -> None:
        await write(work, "b")

    ends = await together(store, first, by_an_object, by_words, last)
    assert [type(it) for it in ends] == [
        *(type(None), asyncio.CancelledError, asyncio.CancelledError, type(None))
    ]
    assert await tags(store) == ["a", "b"]


async def test_who_is_cancelled_while_looking_leaves_connections_for_all(store: Store) -> None:
    async def look() -> None:
        async with store.read() as view:
            task = asyncio.current_task()
            assert task is not None
            asyncio.get_running_loop().call_soon(task.cancel)
            await (await view.core()).execute(text("SELECT 1"))

    for _ in range(2 * READERS):
        with pytest.raises(asyncio.CancelledError):
            await asyncio.create_task(look())
    async with asyncio.timeout(5):
        assert await tags(store) == []


@pytest.mark.parametrize("writing", [False, True])
async def test_who_is_cancelled_while_a_connection_is_opened_goes_no_further(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, *, writing: bool
) -> None:
    done = Connection._done

    async def cancelled_meanwhile(self: Connection, work: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_soon(using.cancel)
        await done(self, work)

    async def use() -> None:
        async with store.work() if writing else store.read():
            went_on.append(True)

    went_on: list[bool] = []
    store = Store(new_file(tmp_path), clock, Bus())
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Connection, "_done", cancelled_meanwhile)
        using = asyncio.create_task(use())
        with pytest.raises(asyncio.CancelledError):
            await using

    assert not went_on
    assert await tags(store) == []  # others find one
    await store.close()
