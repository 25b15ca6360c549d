"""Digests that are composed together: each as if alone, none twice, and few statements for all."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import literal_column
from sqlmodel import col, select, update

from agents.compose import Composer, chosen_for
from benchmarks.digest_claiming import HOUR
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestEntry, DigestSettings
from feed_core.services import digest_batch, digest_claims, digests
from feed_core.services.digest_choice import Chosen, chosen_of
from feed_core.services.live import Live
from feed_core.states import DeliveryState, DigestState
from feed_core.store import Store
from feed_core.together import Together
from tests.fakes.bustle import bustle
from tests.fakes.clock import FixedClock
from tests.fakes.meaning import FirstWords
from tests.feed_core.test_claiming import counted

MEMBERS = 16


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(HOUR - timedelta(hours=1))


async def due(store: Store, clock: FixedClock) -> list[int]:
    """Everybody's digest, claimed at its hour."""
    clock.go_to(HOUR + timedelta(minutes=1))
    async with store.work() as work:
        assert await digest_claims.claim_due(work) == MEMBERS
    async with store.read() as view:
        return await digests.uncomposed(view)


async def written(store: Store) -> dict[int, list[Chosen]]:
    """What stands in each digest that was due."""
    async with store.read() as view:
        found = await view.db.exec(
            select(DigestEntry)
            .join(Digest, col(Digest.id) == col(DigestEntry.digest_id))
            .where(col(Digest.due_at) >= HOUR)
            .order_by(col(DigestEntry.digest_id), col(DigestEntry.position))
        )
        told: dict[int, list[Chosen]] = {}
        for it in found:
            told.setdefault(it.digest_id, []).append(chosen_of(it))
        return told


async def states(store: Store) -> set[DigestState]:
    async with store.read() as view:
        found = await view.db.exec(select(Digest).where(col(Digest.due_at) >= HOUR))
        return {it.state for it in found}


@pytest.mark.anywhere
async def test_each_digest_is_what_it_were_alone_and_all_take_few_statements(
    store: Store, clock: FixedClock
) -> None:
    await bustle(store, seed=7, members=MEMBERS)
    ids = await due(store, clock)
    live = Live(store, FirstWords(store))
    window = await live.window()
    async with store.read() as view:
        rows = await digests.get_many(view, ids)
        alone = {it: await chosen_for(view, row, window) for it, row in zip(ids, rows, strict=True)}
    sections = {it.section for some in alone.values() for it in some}
    assert len(sections) == 4
    assert len({it.reason.kind for some in alone.values() for it in some}) > 7

    composer = Composer(store, live)
    with counted() as statements:
        for batch in digest_batch.batches(ids):
            await composer.compose_batch(batch)

    assert statements.total() < 6 * MEMBERS  # alone each takes forty
    assert await written(store) == {it: some for it, some in alone.items() if some}
    async with store.read() as view:
        keys = (await view.db.exec(select(Delivery.key))).all()
        owed = await view.db.exec(
            select(Digest.id).where(
                col(Digest.due_at) >= HOUR, Digest.state == DigestState.COMPOSED
            )
        )
        assert sorted(keys) == sorted(f"digest:{it}:0" for it in owed)


async def test_a_batch_that_is_stopped_half_way_is_composed_once_by_whoever_goes_on(
    store: Store, clock: FixedClock
) -> None:
    await bustle(store, seed=8, members=MEMBERS)
    ids = await due(store, clock)
    live = Live(store, FirstWords(store))
    first, second = Composer(store, live), Composer(store, live)

    batches = digest_batch.batches(ids)
    begun = [asyncio.create_task(first.compose_batch(it)) for it in batches]
    await asyncio.sleep(0)
    for it in begun[::2]:
        it.cancel()
    await asyncio.gather(
        *begun,
        *map(second.compose_batch, batches),
        *map(first.compose, ids[::3]),
        return_exceptions=True,
    )

    assert await states(store) <= {DigestState.COMPOSED, DigestState.EMPTY}
    async with store.read() as view:
        keys = (await view.db.exec(select(Delivery.key))).all()
    assert len(keys) == len(set(keys))
    for some in (await written(store)).values():
        assert len({it.creation_id for it in some}) == len(some)


async def test_of_two_that_are_late_for_one_member_and_composed_together_one_is_owed(
    store: Store, clock: FixedClock
) -> None:
    await bustle(store, seed=9, members=MEMBERS)
    ids = await due(store, clock)
    async with store.work() as work:
        row = await work.db.get_one(Digest, ids[0])
        work.db.add(Digest(**row.model_dump(exclude={"id", "slot"}), slot="2026-11-23T07:31"))
    async with store.read() as view:
        twice = [it for it in await digests.uncomposed(view) if it not in ids[1:]]
    assert len(twice) == 2

    composer = Composer(store, Live(store, FirstWords(store)))
    for batch in digest_batch.batches(twice):
        await composer.compose_batch(batch)

    async with store.read() as view:
        rows = await digests.get_many(view, twice)
        owed = await view.db.exec(
            select(Delivery.subject_id).where(
                Delivery.state == DeliveryState.PENDING, col(Delivery.subject_id).in_(twice)
            )
        )
        assert owed.all() == [twice[1]]  # it overtook the other one
    assert [it.state for it in rows] == [DigestState.FAILED, DigestState.COMPOSED]


async def test_a_digest_that_cannot_be_made_keeps_no_other_of_its_batch_from_being_made(
    store: Store, clock: FixedClock
) -> None:
    await bustle(store, seed=10, members=MEMBERS)
    ids = await due(store, clock)
    async with store.work() as work:
        unlucky = (await work.db.get_one(Digest, ids[3])).member_id
        await work.db.merge(DigestSettings(member_id=unlucky))
        await work.db.flush()
        enormous = update(DigestSettings).where(col(DigestSettings.member_id) == unlucky)
        await work.db.exec(enormous.values(length=literal_column("'enormous'")))

    composer = Composer(store, Live(store, FirstWords(store)))
    failed = 0
    for batch in digest_batch.batches(ids):
        try:
            await composer.compose_batch(batch)
        except LookupError:
            failed += 1

    assert failed == 1
    async with store.read() as view:
        assert await digests.uncomposed(view) == [ids[3]]


async def test_what_fails_in_a_batch_fails_alone() -> None:
    done: list[list[int]] = []

    async def double(numbers: list[int]) -> list[int]:
        if 13 in numbers:
            raise ValueError("unlucky")
        done.append(numbers)
        return [2 * it for it in numbers]

    together = Together[int, int](double, most=digest_batch.SIZE)  # type: ignore[arg-type]  # lists alone
    found = await asyncio.gather(*map(together.ask, range(10, 16)), return_exceptions=True)

    assert [it for it in found if isinstance(it, int)] == [20, 22, 24, 28, 30]
    assert isinstance(found[3], ValueError)
    assert sorted(it for some in done for it in some) == [10, 11, 12, 14, 15]


def test_a_batch_holds_one_digest_of_each_member_and_none_of_rooms() -> None:
    now = HOUR
    rows = [
        Digest(id=1, member_id=1, identity_id=1, local_date=now.date(), slot="a", due_at=now),
        Digest(id=2, member_id=1, identity_id=1, local_date=now.date(), slot="b", due_at=now),
        Digest(id=3, member_id=2, room_id=1, local_date=now.date(), slot="c", due_at=now),
        Digest(id=4, member_id=3, local_date=now.date(), slot="now:1", due_at=now),
        Digest(id=5, member_id=4, identity_id=4, local_date=now.date(), slot="a", due_at=now),
    ]
    together, others = digest_batch.split(rows)
    assert [it.id for it in together] == [1, 5]
    assert [it.id for it in others] == [2, 3, 4]
