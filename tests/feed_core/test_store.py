import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col, func, select

from feed_core.bus import Bus
from feed_core.database import Place
from feed_core.events import Event, MemberJoined
from feed_core.models.members import Member
from feed_core.models.reactions import Reaction
from feed_core.services import members
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join, opened


async def count(store: Store) -> int:
    async with store.read() as view:
        return (await view.db.exec(select(func.count(col(Member.id))))).one()


@pytest.mark.anywhere
async def test_an_error_leaves_nothing_behind_and_tells_nobody(
    store: Store, told: list[Event]
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with store.work() as work:
            await members.join(work, platform="t", external_id="1", name="Ana", persona="muse")
            raise ZeroDivisionError

    assert await count(store) == 0
    assert told == []


@pytest.mark.anywhere
async def test_what_is_told_is_true_already_and_may_be_acted_on(store: Store, bus: Bus) -> None:
    seen: list[int] = []

    async def look_and_write(event: Event) -> None:
        assert isinstance(event, MemberJoined)
        seen.append(await count(store))
        async with store.work() as work:  # the writer is free again
            await members.move_to(work, event.member_id, zone="Europe/Berlin")

    bus.subscribe(look_and_write)
    async with asyncio.timeout(10):
        member_id, _ = await join(store, "Ana")

    assert seen[0] == 1
    async with store.read() as view:
        assert (await members.get(view, member_id)).zone == "Europe/Berlin"


async def test_a_subscriber_that_fails_stops_neither_the_teller_nor_the_others(
    store: Store, bus: Bus, told: list[Event]
) -> None:
    async def fail(event: Event) -> None:
        raise RuntimeError

    late: list[Event] = []

    async def hear(event: Event) -> None:
        late.append(event)

    bus.subscribe(fail)
    bus.subscribe(hear)
    member_id, _ = await join(store, "Ana")

    assert told == late == [MemberJoined(member_id)]


@pytest.mark.anywhere
async def test_a_reading_session_cannot_write(store: Store, clock: FixedClock) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        async with store.read() as view:
            view.db.add(Member(name="Ana", created_at=clock.now()))
            await view.db.flush()

    assert await count(store) == 0


@pytest.mark.anywhere
async def test_a_reading_session_sees_one_moment_only(store: Store) -> None:
    async with store.read() as view:
        before = (await view.db.exec(select(func.count(col(Member.id))))).one()
        await join(store, "Ana")
        after = (await view.db.exec(select(func.count(col(Member.id))))).one()

    assert (before, after) == (0, 0)
    assert await count(store) == 1


async def test_a_writing_transaction_takes_the_lock_before_it_looks(
    store: Store, tmp_path: Path
) -> None:
    async with store.work() as work:
        await work.db.exec(select(Member.id))
        with (
            closing(sqlite3.connect(tmp_path / "jamfeed.db", timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("BEGIN IMMEDIATE")


@pytest.mark.anywhere
async def test_foreign_keys_hold(store: Store, clock: FixedClock) -> None:
    with pytest.raises(IntegrityError):
        async with store.work() as work:
            work.db.add(Reaction(creation_id=7, member_id=8, created_at=clock.now()))


async def test_what_is_deleted_is_overwritten_in_the_file(store: Store, tmp_path: Path) -> None:
    async with store.work() as work:
        ana = Member(name="canary-in-a-coal-mine", created_at=work.now)
        work.db.add(ana)
    async with store.work() as work:
        await work.db.delete(ana)
    await store.close()  # the last one to leave writes the log back

    assert b"canary-in-a-coal-mine" not in (tmp_path / "jamfeed.db").read_bytes()


@pytest.mark.anywhere
async def test_many_writers_on_two_connections_are_never_locked_out(
    store: Store, place: Place, clock: FixedClock
) -> None:
    second = Store(place, clock, Bus())

    async def write(through: Store, number: int) -> None:
        for turn in range(5):
            async with through.read() as view:
                await view.db.exec(select(Member.id))
            async with through.work() as work:
                await work.db.exec(select(Member.id))  # a deferred transaction would lock here
                name = f"{number}-{turn}"
                await members.join(work, platform="t", external_id=name, name=name, persona="p")

    async with asyncio.timeout(40), asyncio.TaskGroup() as group:
        for number in range(12):
            group.create_task(write(store if number % 2 else second, number))
    await second.close()

    assert await count(store) == 60


@pytest.mark.anywhere
async def test_a_writer_that_is_cancelled_gives_the_connection_back(store: Store) -> None:
    inside = asyncio.Event()

    async def write_for_ever() -> None:
        async with store.work() as work:
            await members.join(work, platform="t", external_id="1", name="Ana", persona="muse")
            inside.set()
            await asyncio.Event().wait()

    async def wait_in_line() -> None:
        async with store.work() as work:
            await work.db.exec(select(Member.id))

    async with asyncio.timeout(10):
        writer = asyncio.create_task(write_for_ever())
        await inside.wait()
        waiting = [asyncio.create_task(wait_in_line()) for _ in range(5)]
        await asyncio.sleep(0)
        for task in (*waiting[:4], writer):
            task.cancel()
        await asyncio.gather(writer, *waiting, return_exceptions=True)
        await waiting[4]
        await join(store, "Ben")

    assert await count(store) == 1


async def test_a_folder_may_be_called_anything(tmp_path: Path, clock: FixedClock) -> None:
    folder = tmp_path / "what? 100% jam & #1 ü"
    folder.mkdir()
    store = opened(folder, clock, Bus())
    await join(store, "Ana")
    await store.close()

    assert {it.name for it in folder.iterdir()} == {"jamfeed.db"}
