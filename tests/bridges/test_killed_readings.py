import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feed_core import bulk
from feed_core.bus import Bus
from feed_core.models.reactions import Comment
from feed_core.services.sight import Reader
from feed_core.states import CommentState
from feed_core.store import Store
from tests.bridges.reading_process import Model, desk, said
from tests.dialogs.command import forked
from tests.fakes.clock import FixedClock
from tests.fakes.community import join, opened, publish

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
MANY = 100  # comments of some 120 characters: two parts and the beginning of a third
PATIENT = 30.0  # seconds that no test should need


async def long_thread(store: Store) -> tuple[int, int]:
    ana, _ = await join(store, "ana")
    ben, _ = await join(store, "ben")
    await publish(store, ana, "Rain")
    async with store.work() as work:
        row = {
            "creation_id": 1,
            "author_id": ben,
            "state": CommentState.PUBLISHED,
            "tainted": False,
            "warnings": [],
        }
        words = "fell on the roof, and then another one of them, " * 2
        await bulk.add(
            work,
            Comment,
            [
                {**row, "body": f"Drop {n} {words}", "created_at": NOW + timedelta(seconds=n)}
                for n in range(MANY)
            ],
        )
    return ana, ben


@pytest.mark.usefixtures("warm")
async def test_a_reading_whose_process_dies_goes_on_and_whoever_asks_again_waits_for_it(
    tmp_path: Path,
) -> None:
    store = opened(tmp_path, FixedClock(NOW), Bus())
    ana, ben = await long_thread(store)
    process = await asyncio.create_subprocess_exec(
        *forked("tests.bridges.reading_process", str(tmp_path)), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENT):
        assert await process.stdout.readline()
        process.kill()
        await process.wait()
    model = Model(tmp_path, answers=True)
    before = Counter(model.calls)

    readings, durable = desk(tmp_path, store, model)
    async with asyncio.timeout(PATIENT):
        await durable.launch()
        words = await said(store, Reader(ana))
        await asyncio.gather(*(readings.see_read(words, Reader(it)) for it in (ana, ben, ana)))
        await readings.see_read(words, Reader(ben))
        await durable.close()
        await store.close()

    assert before == {"PartRead": 2, "ThreadRead": 1}
    assert Counter(model.calls) == {"PartRead": 2, "ThreadRead": 2}


async def test_without_an_engine_who_asks_at_the_same_time_shares_a_reading_too(
    tmp_path: Path,
) -> None:
    store = opened(tmp_path, FixedClock(NOW), Bus())
    ana, ben = await long_thread(store)
    model = Model(tmp_path, answers=True)
    readings, durable = desk(tmp_path, store, model)

    words = await said(store, Reader(ana))
    await asyncio.gather(*(readings.see_read(words, Reader(it)) for it in (ana, ben)))
    await durable.close()
    await store.close()

    assert Counter(model.calls) == {"PartRead": 2, "ThreadRead": 1}
    assert not (tmp_path / "durable.db").exists()
