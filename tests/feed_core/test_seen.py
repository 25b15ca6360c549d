"""What a member was shown is kept in one small row."""

from datetime import timedelta

import numpy as np
import pytest

from feed_core.models.seen import Seen
from feed_core.services import seen
from feed_core.services.seen import MOST, Shown, micros
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join

pytestmark = pytest.mark.anywhere


async def note(store: Store, member_id: int, *creations: int, anew: bool = True) -> None:
    async with store.work() as work:
        await seen.note(work, creations, member_id=member_id, anew=anew)


async def shown(store: Store, member_id: int) -> Shown:
    async with store.read() as view:
        return await seen.of(view, member_id)


@pytest.mark.once
async def test_what_was_shown_is_known_with_the_moment_it_was_last_shown(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    first = micros(clock.now())
    await note(store, ana, 7, 3, 5)
    clock.go_on(timedelta(minutes=1))
    await note(store, ana, 5, 9)

    found = await shown(store, ana)

    assert found.ids.tolist() == [3, 5, 7, 9]
    again = first + 60_000_000
    assert found.when(np.array([9, 3, 4, 5])).tolist() == [again, first, 0, again]


@pytest.mark.once
async def test_to_nobody_anything_was_shown_before_they_looked(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    await note(store, ana, 1)
    await note(store, ben)

    assert (await shown(store, ben)).when(np.array([1])).tolist() == [0]
    assert (await shown(store, 99)).ids.tolist() == []


async def test_a_look_begins_anew_or_goes_on(store: Store, clock: FixedClock) -> None:
    ana, _ = await join(store, "Ana")
    began = clock.now()
    await note(store, ana, 1)
    clock.go_on(timedelta(hours=3))
    await note(store, ana, 2, anew=False)
    assert (await shown(store, ana)).in_this_look(clock.now()) == micros(began)

    await note(store, ana, 3)
    clock.go_on(timedelta(hours=3))
    earlier = micros(clock.now() - timedelta(hours=3))
    assert (await shown(store, ana)).in_this_look(clock.now()) == earlier


@pytest.mark.parametrize("more", [1, MOST])
async def test_a_record_stays_small_and_what_leaves_it_counts_as_seen(
    store: Store, more: int
) -> None:
    ana, _ = await join(store, "Ana")
    await note(store, ana, *range(1, MOST + 1))
    await note(store, ana, *range(MOST + 1, MOST + more + 1))

    async with store.read() as view:
        row = await view.db.get_one(Seen, ana)
    found = await shown(store, ana)
    everything = np.arange(1, MOST + more + 1)
    assert len(row.items) <= MOST * 22
    assert len(found.ids) == MOST // 2
    assert (found.when(everything) > 0).all()
    assert found.when(np.array([MOST + more + 1])).tolist() == [0]


@pytest.mark.once
async def test_a_record_that_cannot_be_read_is_none(store: Store, clock: FixedClock) -> None:
    ana, _ = await join(store, "Ana")
    for items in ("no Base64 ☂", "AAAA", "x" * 1000):
        async with store.work() as work:
            await work.db.merge(Seen(member_id=ana, items=items, began_at=clock.now()))
        assert (await shown(store, ana)).ids.tolist() == []
    await note(store, ana, 5)
    assert (await shown(store, ana)).ids.tolist() == [5]


async def test_numbers_may_be_as_large_as_a_database_takes(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    await note(store, ana, 2**62, 1)

    assert (await shown(store, ana)).ids.tolist() == [1, 2**62]
