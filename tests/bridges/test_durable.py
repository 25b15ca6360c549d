import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from bridges.durable.jobs import BATCHES, QUEUE, Kind
from bridges.durable.trying import PAUSES
from bridges.durable.work import Durable, Work
from feed_core.errors import ConfigurationError, Unavailable
from feed_core.holding import AdvisoryLocks
from tests.dialogs.command import forked
from tests.postgres import Postgres

TRIES = len(PAUSES) + 1
PATIENT = 30.0  # seconds that no test should need


class Desk:
    """Composes: counts, waits at the gate, and fails as often as it is told."""

    def __init__(self) -> None:
        self.begun: Counter[int] = Counter()
        self.done: list[int] = []
        self.open = asyncio.Event()
        self.open.set()
        self.came = asyncio.Event()
        self.finished = asyncio.Event()
        self.failures = 0
        self.by: dict[int, tuple[int, ...]] = {}

    @property
    def work(self) -> dict[Kind, Work]:
        return dict.fromkeys(Kind, self.compose)

    async def compose(self, digest_id: int, *by: int) -> None:
        self.by[digest_id] = by
        self.begun[digest_id] += 1
        self.came.set()
        await self.open.wait()
        if self.failures:
            self.failures -= 1
            raise ValueError("the words of a creation")
        self.done.append(digest_id)
        self.finished.set()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "what? 100%41 #jam ü"
    folder.mkdir()
    return folder / "durable.db"


@pytest.fixture
def desk() -> Desk:
    return Desk()


Start = Callable[[Desk], Durable]


@pytest.fixture
async def start(file: Path) -> AsyncIterator[Start]:
    """Makes an engine on the same file, as a restarted process would."""
    made: list[Durable] = []

    def make(desk: Desk) -> Durable:
        made.append(Durable(file, desk.work))
        return made[-1]

    yield make
    for it in made:
        await it.close()


def kept(file: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(file)) as database:
        return database.execute("SELECT workflow_uuid, status FROM workflow_status").fetchall()


async def test_a_digest_is_composed_once_however_many_ask_at_the_same_time(
    start: Start, desk: Desk
) -> None:
    durable = start(desk)

    async with asyncio.timeout(PATIENT):
        await asyncio.gather(durable.launch(), *(durable.compose(7) for _ in range(5)))

    assert desk.done == [7]


async def test_what_a_stop_interrupted_is_taken_up_by_the_next_start(
    start: Start, desk: Desk, file: Path
) -> None:
    durable = start(desk)
    desk.open.clear()

    async with asyncio.timeout(PATIENT):
        await durable.begin([7])
        await desk.came.wait()
        await durable.close()
        assert kept(file) == [("digests:7@1", "PENDING")]
        assert desk.done == []

        desk.open.set()
        await start(desk).launch()
        await desk.finished.wait()

    assert desk.done == [7]


async def test_learning_is_work_of_its_own_and_is_taken_up_too(file: Path, desk: Desk) -> None:
    learner = Desk()
    learner.open.clear()
    work = desk.work | {Kind.LEARNING: learner.compose}
    first = Durable(file, work)
    async with asyncio.timeout(PATIENT):
        await asyncio.gather(first.compose(7), first.enqueue(Kind.LEARNING, [7, 7]))
        await learner.came.wait()
        await first.close()
        assert ("learning:7@1", "PENDING") in kept(file)

        learner.open.set()
        second = Durable(file, work)
        await second.launch()
        await learner.finished.wait()
        await second.close()

    assert desk.done == [7]
    assert learner.done == [7]


async def test_who_asks_for_what_was_interrupted_waits_for_it(start: Start, desk: Desk) -> None:
    durable = start(desk)
    desk.open.clear()

    async with asyncio.timeout(PATIENT):
        asking = asyncio.create_task(durable.compose(7))
        await desk.came.wait()
        await durable.close()
        await asyncio.gather(asking, return_exceptions=True)
        desk.open.set()
        await start(desk).compose(7)

    assert desk.done == [7]


async def test_what_fails_is_tried_again_and_no_words_of_it_are_kept(
    start: Start, desk: Desk, file: Path
) -> None:
    durable = start(desk)
    desk.failures = TRIES

    async with asyncio.timeout(PATIENT):
        with pytest.raises(Unavailable):
            await durable.compose(7)
        assert desk.begun[7] == TRIES
        assert kept(file) == []
        await durable.enqueue(Kind.DIGEST, [7])  # it rests, and is not begun
        assert desk.begun[7] == TRIES
        await durable.compose(7)
        await durable.close()

    assert desk.done == [7]
    assert not any(b"words of a creation" in it.read_bytes() for it in file.parent.iterdir())


async def test_no_more_is_begun_at_once_than_there_is_room_for(start: Start, desk: Desk) -> None:
    durable = start(desk)
    desk.open.clear()
    some, many = range(BATCHES.at_once + 2), range(100, QUEUE.at_once + 120)
    room = BATCHES.at_once + QUEUE.at_once

    async with asyncio.timeout(PATIENT):
        for _ in range(2):
            await durable.begin(some)
            await durable.enqueue(Kind.LEARNING, many)
        while len(desk.begun) < room:
            desk.came.clear()
            await desk.came.wait()
        assert len(desk.begun) == room
        desk.open.set()
        while len(desk.done) < len(some) + len(many):
            desk.finished.clear()
            await desk.finished.wait()

    assert sorted(desk.done) == [*some, *many]


async def test_the_loop_and_its_threads_are_left_as_they_were(start: Start, desk: Desk) -> None:
    durable = start(desk)

    async with asyncio.timeout(PATIENT):
        await durable.compose(7)
        await durable.close()
        assert await asyncio.to_thread(lambda: 7) == 7

    assert asyncio.all_tasks() == {asyncio.current_task()}
    with pytest.raises(Unavailable):
        await durable.compose(8)


async def test_one_that_was_never_launched_closes_too(start: Start, desk: Desk) -> None:
    await start(desk).close()

    assert desk.done == []


async def test_a_damaged_file_is_named(start: Start, desk: Desk, file: Path) -> None:
    file.write_bytes(b"not a database at all" * 100)

    with pytest.raises(ConfigurationError) as caught:
        await start(desk).launch()

    assert caught.value.setting == str(file)


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    name = postgres.bare()
    yield postgres.url(name)
    postgres.drop(name)


async def test_a_queue_of_many_is_worked_off_once_though_its_process_stops_amid_it(
    database: str, desk: Desk
) -> None:
    many = range(3, 203)
    names = AdvisoryLocks(database)
    first, durable = (Durable(database, desk.work, names=names) for _ in range(2))
    desk.open.clear()

    async with asyncio.timeout(PATIENT):
        await first.begin([1, 2])
        await first.enqueue(Kind.LEARNING, many)
        while len(desk.begun) < 2 + QUEUE.at_once:
            desk.came.clear()
            await desk.came.wait()
        await first.close()
        assert desk.done == []
        desk.open.set()

        await durable.enqueue(Kind.LEARNING, many)
        while len(desk.done) < 2 + len(many):
            desk.finished.clear()
            await desk.finished.wait()
        await durable.enqueue(Kind.LEARNING, many)
        await durable.compose(1)
        await durable.close()
        await names.close()

    assert sorted(desk.done) == sorted([1, 1, 2, *many])


@pytest.mark.usefixtures("warm")
async def test_another_process_finishes_what_a_killed_one_had_begun(
    database: str, desk: Desk
) -> None:
    names = AdvisoryLocks(database)
    first = await names.take("slot:0")  # so that the one to be killed has another
    assert first is not None
    process = await asyncio.create_subprocess_exec(
        *forked("tests.bridges.work_process", database),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENT):
        assert await process.stdout.read(1)
        process.kill()
        await process.wait()
        await names.release(first)
        durable = Durable(database, desk.work, names=names, tend=0.05, grace=0.05)
        await durable.launch()
        await durable.read(9, state="as it stands", by=(2, 0))  # who is there already asked first
        while len(desk.done) < 3:
            desk.finished.clear()
            await desk.finished.wait()
        await durable.close()
        await names.close()

    assert sorted(desk.done) == [7, 8, 9]
    assert desk.by == {7: (), 8: (), 9: (1, 0)}


async def test_a_database_that_lets_nobody_make_tables_is_named(
    postgres: Postgres, database: str, desk: Desk
) -> None:
    name = f"reader_{uuid4().hex[:8]}"
    postgres.run(f"CREATE ROLE {name} LOGIN PASSWORD 'x'")
    durable = Durable(
        make_url(database).set(username=name).render_as_string(hide_password=False), desk.work
    )
    with pytest.raises(ConfigurationError) as caught:
        await durable.launch()

    assert "tables" in caught.value.problem
    await durable.close()
