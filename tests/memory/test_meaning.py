import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import update
from sqlmodel import col, select

from feed_core.errors import ConfigurationError
from feed_core.models.creations import Creation
from feed_core.services import publishing
from feed_core.states import CreationState, Visibility
from feed_core.store import Store
from memory.embedding import Embedder
from memory.meaning import Meaning
from tests.fakes.community import join
from tests.feed_core.pieces import put

KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.store import Store
from memory.embedding import Embedder
from memory.meaning import Meaning
from memory import meaning

def dying(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[2] == "before":
    meaning.write = dying
else:
    meaning.vectors.settle = dying  # the file has them, the database does not know

async def main(home):
    store = Store(home / "jamfeed.db", SystemClock(), Bus())
    await Meaning(store, home / "vectors", Embedder()).catch_up()

asyncio.run(main(Path(sys.argv[1])))
"""
TITLES = ["Rain on a tin roof", "My cat sleeps all day", "The price of bread rose again"]


@pytest.fixture
async def meaning(store: Store, tmp_path: Path, embedder: Embedder) -> AsyncIterator[Meaning]:
    made = Meaning(store, tmp_path / "vectors", embedder)
    yield made
    await made.close()


async def publish(store: Store, titles: Sequence[str] = TITLES) -> list[int]:
    member_id, _ = await join(store, "Ana")
    return [await put(store, member_id, it) for it in titles]


async def nearest(meaning: Meaning, words: str, k: int = 10) -> list[int]:
    return list(await meaning.near(await meaning.of_words(words), k=k))


async def test_what_is_published_is_found_by_what_it_means(store: Store, meaning: Meaning) -> None:
    weather, pets, money = await publish(store)
    assert await meaning.waiting() == 3
    assert not meaning.ready

    assert await meaning.catch_up() == 3

    assert (meaning.ready, await meaning.waiting()) == (True, 0)
    assert (await nearest(meaning, "a storm outside"))[0] == weather
    assert (await nearest(meaning, "kitten"))[0] == pets
    assert (await nearest(meaning, "inflation"))[0] == money
    vector = await meaning.of_words("kitten")
    assert list(await meaning.near(vector, k=9, among=[money, weather, 999])) == [weather, money]
    assert await meaning.catch_up() == 0


async def test_before_it_is_opened_nothing_is_near_anything(meaning: Meaning) -> None:
    vector = np.zeros(384, dtype=np.float32)

    assert await meaning.near(vector, k=3) == {}
    assert not (await meaning.vectors([1, 2])).any()


async def test_the_vector_of_a_creation_leads_to_those_like_it(
    store: Store, meaning: Meaning
) -> None:
    weather, *_ = await publish(store, [*TITLES, "Drizzle over the city roofs"])
    await meaning.catch_up()

    rows = await meaning.vectors([weather, 999])

    assert not rows[1].any()
    assert list(await meaning.near(rows[0], k=2)) == [weather, weather + 3]


async def test_edited_and_withdrawn_creations_follow(store: Store, meaning: Meaning) -> None:
    weather, pets, money = await publish(store)
    await meaning.catch_up()
    async with store.work() as work:
        creation = await work.db.get_one(Creation, weather)
        creation.title, creation.body, creation.content_hash = "A kitten on my lap", "", "new"
        await publishing.withdraw(work, creation_id=pets, member_id=creation.author_id)

    assert await meaning.catch_up() == 2

    assert await nearest(meaning, "kitten") == [weather, money]
    assert not (await meaning.vectors([pets])).any()
    assert await meaning.catch_up() == 0


async def test_what_is_held_or_a_draft_gets_no_vector(store: Store, meaning: Meaning) -> None:
    (number,) = await publish(store, TITLES[:1])
    async with store.work() as work:
        (await work.db.get_one(Creation, number)).state = CreationState.HELD

    assert await meaning.catch_up() == 0
    assert await nearest(meaning, "rain") == []


async def test_what_became_private_keeps_its_vector_for_its_maker(
    store: Store, meaning: Meaning
) -> None:
    (number,) = await publish(store, TITLES[:1])
    await meaning.catch_up()
    async with store.work() as work:
        (await work.db.get_one(Creation, number)).visibility = Visibility.ONLY_ME

    assert await meaning.catch_up() == 0
    assert await nearest(meaning, "rain") == [number]  # who may see it is asked of the database


class Editing(Embedder):
    """While it reads, somebody edits what it reads."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store, self._loop = store, asyncio.get_running_loop()
        self.edits = 0

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not self.edits:
            self.edits += 1
            asyncio.run_coroutine_threadsafe(self._edit(), self._loop).result(timeout=30)
        return super().vectors(texts)

    async def _edit(self) -> None:
        async with self._store.work() as work:
            await work.db.exec(
                update(Creation).values(title="My kitten", body="", content_hash="new")
            )


async def test_what_is_edited_while_it_is_read_is_read_again(store: Store, tmp_path: Path) -> None:
    await publish(store, TITLES[:1])
    meaning = Meaning(store, tmp_path / "vectors", Editing(store))

    assert await meaning.catch_up() == 2 - 1
    assert await meaning.waiting() == 1
    assert await meaning.catch_up() == 1

    near = await meaning.near(await meaning.of_words("My kitten"), k=1)
    assert next(iter(near.values())) > 0.99
    await meaning.close()


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_killed_process_loses_nothing(
    store: Store, meaning: Meaning, tmp_path: Path, when: str
) -> None:
    numbers = await publish(store)
    dead = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), when], check=False)
    assert dead.returncode == -signal.SIGKILL
    async with store.work() as work:
        creation = await work.db.get_one(Creation, numbers[1])
        await publishing.withdraw(work, creation_id=numbers[1], member_id=creation.author_id)

    await meaning.catch_up()

    assert await meaning.waiting() == 0
    assert set(await nearest(meaning, "kitten")) == {numbers[0], numbers[2]}
    assert not meaning.made_anew


@pytest.mark.parametrize("how", ["gone", "garbage", "embedder", "cut", "one row"])
async def test_a_file_that_cannot_be_used_is_made_anew(
    store: Store, meaning: Meaning, embedder: Embedder, tmp_path: Path, how: str
) -> None:
    numbers = await publish(store)
    await meaning.catch_up()
    row = (await meaning.vectors(numbers[:1]))[0]
    await meaning.close()
    path = tmp_path / "vectors"
    content = path.read_bytes()
    if how == "gone":
        path.unlink()
    elif how == "garbage":
        path.write_bytes(b"\x00garbage" * 3000)
    elif how == "embedder":
        path.write_bytes(content.replace(embedder.name.encode(), b"wordllama".ljust(24), 1))
    elif how == "cut":
        path.write_bytes(content[:-1])
    else:
        place = content.index(row.astype("<f2").tobytes())
        path.write_bytes(content[:place] + b"\x77" * 100 + content[place + 100 :])

    again = Meaning(store, path, embedder)
    await again.open()

    assert await again.waiting() == (1 if how == "one row" else 3)
    assert bool(again.made_anew) == (how != "gone")
    await again.catch_up()
    assert (await nearest(again, "kitten"))[0] == numbers[1]
    await again.close()


async def test_a_database_of_another_day_is_followed(
    store: Store, meaning: Meaning, embedder: Embedder, tmp_path: Path
) -> None:
    """As after a backup was put back: the file knows more, less and other things than it."""
    numbers = await publish(store)
    await meaning.catch_up()
    await meaning.close()
    async with store.work() as work:
        for number, noted in zip(numbers, ("another", "", None), strict=True):
            if noted is not None:
                creation = await work.db.get_one(Creation, number)
                creation.vector_hash = noted
        (await work.db.get_one(Creation, numbers[1])).state = CreationState.WITHDRAWN

    again = Meaning(store, tmp_path / "vectors", embedder)
    await again.catch_up()

    assert set(await nearest(again, "anything")) == {numbers[0], numbers[2]}
    async with store.read() as view:
        due = await view.db.exec(
            select(Creation.id).where(
                col(Creation.vector_hash) != col(Creation.content_hash),
                Creation.state == CreationState.PUBLISHED,
            )
        )
        assert list(due) == []
    await again.close()


async def test_a_creation_without_words_is_near_nothing_and_waits_for_nothing(
    store: Store, meaning: Meaning
) -> None:
    (number,) = await publish(store, TITLES[:1])
    async with store.work() as work:
        creation = await work.db.get_one(Creation, number)
        creation.title = creation.body = " "

    assert await meaning.catch_up() == 1
    assert await meaning.catch_up() == 0
    assert await nearest(meaning, "rain") == []


async def test_so_many_at_a_time_and_the_newest_first(store: Store, meaning: Meaning) -> None:
    numbers = await publish(store, [f"{it} rainy days" for it in range(5)])

    assert await meaning.catch_up(most=2) == 2
    assert set(await nearest(meaning, "rain")) == set(numbers[3:])
    assert await meaning.catch_up() == 3


async def test_a_place_that_cannot_be_written_stops_with_a_sentence(
    store: Store, embedder: Embedder, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(ConfigurationError) as told:
        await Meaning(store, tmp_path / "folder", embedder).open()
    assert "cannot be read and written" in told.value.problem
