"""What is not used fades: it counts less in recall, and is never gone."""

from datetime import UTC, datetime, timedelta

import pytest

from feed_core.bus import Bus
from feed_core.database import Place
from feed_core.models.members import Member
from feed_core.store import Store
from memory.embedding import Embedder
from memory.fading import STRENGTH, WEIGHT, lost
from memory.index import Index
from memory.remembering import Memories
from tests.fakes.clock import FixedClock

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_loss_grows_with_time_shrinks_with_use_and_ends() -> None:
    def after(days: float, *, uses: int = 0, used_at: datetime | None = None) -> float:
        return lost(used_at, BEGIN, uses, now=BEGIN + timedelta(days=days))

    losses = [after(it) for it in (-1, 0, 1, 30, 60, 365, 10_000)]
    assert losses == sorted(losses)
    assert losses[:2] == [0, 0]
    assert losses[4] == pytest.approx(WEIGHT * 0.632, rel=0.01)
    assert losses[-1] <= WEIGHT
    assert after(60, uses=3) < losses[4]
    assert after(60, uses=3, used_at=BEGIN + STRENGTH) == 0


@pytest.mark.anywhere
async def test_of_two_that_fit_alike_the_used_one_comes_first_and_none_is_lost(
    place: Place, index: Index, embedder: Embedder
) -> None:
    clock = FixedClock(BEGIN)
    store = Store(place, clock, Bus())
    memories = Memories(store, index, embedder)
    async with store.work() as work:
        work.db.add(Member(name="m", created_at=work.now))
    old = await memories.remember(1, "I like the song of rain", source="t")
    new = await memories.remember(1, "I like the song of rain.", source="t")

    async def order() -> list[int]:
        return [it.memory.number for it in await memories.recall(1, "song of rain", k=2)]

    for n in range(30):
        await memories.remember(1, f"I own the boat number {n}", source="t")
    assert set(await order()) == {1, 2}
    for _ in range(3):
        for step, kept in ((100, old), (200, new)):
            clock.go_on(timedelta(days=step))
            async with store.work() as work:
                await memories.used(work, 1, [kept.id])
                await memories.used(work, 2, [old.id, new.id])  # not theirs
            assert (await order())[0] == kept.number
    clock.go_on(timedelta(days=36_500))
    assert set(await order()) == {1, 2}
    assert len(await memories.all(1)) == 32
    assert len(await memories.recall(1, "song", k=50)) == 32
    await store.close()
