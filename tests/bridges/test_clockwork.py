import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import func, select

from benchmarks.digest_claiming import people
from bridges.clockwork import BATCH, BEGUN, Clockwork
from feed_core.bus import Bus
from feed_core.errors import Unavailable
from feed_core.models.creations import Creation
from feed_core.models.digests import Digest
from feed_core.models.proposals import StoredCall
from feed_core.services import calls, digest_hours, digests, publishing
from feed_core.services.calls import Waiting
from feed_core.services.digest_batch import SIZE
from feed_core.services.pieces import Piece
from feed_core.states import CreationState, DigestState
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import Pass, daily, join, opened

EVENING = datetime(2026, 11, 22, 18, tzinfo=UTC)
PATIENT = 10.0  # seconds that no test should need


class Composer:
    """Notes what it is to compose."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.troubles: list[Exception] = []
        self.called = asyncio.Event()

    async def begin(self, batches: Sequence[int]) -> None:
        self.called.set()
        if self.troubles:
            raise self.troubles.pop()
        self.begun += batches


async def nothing() -> None:
    """Follows nothing."""


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(EVENING)


@pytest.fixture
async def store(tmp_path: Path, clock: FixedClock) -> AsyncIterator[Store]:
    made = opened(tmp_path, clock, Bus())
    yield made
    await made.close()


async def test_a_tick_has_what_is_due_composed_and_wakes_the_outbox(
    store: Store, clock: FixedClock
) -> None:
    ana, hers = await join(store, "ana")
    ben, his = await join(store, "ben")
    hour = await daily(store, ana, hers)
    await daily(store, ben, his, zone="America/New_York")
    composer, nudges = Composer(), []
    clockwork = Clockwork(store, Pass(), composer, lambda: nudges.append(1), nothing, nothing)

    await clockwork.tick()
    assert composer.begun == []
    clock.go_to(hour)
    await clockwork.tick()

    assert composer.begun == [0]
    assert len(nudges) == 2


async def test_one_tick_claims_every_batch_that_is_due(store: Store, clock: FixedClock) -> None:
    many = BATCH + 7
    await people(store, range(1, many + 1), hour=clock.now() - timedelta(minutes=1))
    composer = Composer()
    clockwork = Clockwork(store, Pass(), composer, lambda: None, nothing, nothing)

    await clockwork.tick()

    async with store.read() as view:
        assert (await view.db.exec(select(func.count()).select_from(Digest))).one() == many
    assert composer.begun == list(range(BEGUN // SIZE + 1))


async def test_a_digest_that_nobody_can_compose_is_given_up(
    store: Store, clock: FixedClock
) -> None:
    clock.go_to(await daily(store, *await join(store, "ana")))
    composer = Composer()
    clockwork = Clockwork(store, Pass(), composer, lambda: None, nothing, nothing)
    await clockwork.tick()

    clock.go_on(digest_hours.GRACE + timedelta(minutes=1))
    await clockwork.tick()

    assert composer.begun == [0]
    async with store.read() as view:
        assert (await digests.get(view, 1)).state is DigestState.FAILED


async def test_tidying_forgets_old_buttons_and_checks_what_a_stop_left(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "ana")
    async with store.work() as work:
        await calls.store(work, [Waiting("show", {})])
        await publishing.begin(work, author_id=ana, piece=Piece("Rain on the tin roof"))
    clock.go_on(calls.LIFETIME)

    await Clockwork(store, Pass(), Composer(), lambda: None, nothing, nothing).tidy()

    async with store.read() as view:
        assert (await view.db.exec(select(StoredCall))).all() == []
        assert (await view.db.get_one(Creation, 1)).state is CreationState.PUBLISHED


async def test_the_clock_goes_on_after_a_tick_that_failed_and_stops_when_cancelled(
    store: Store, clock: FixedClock
) -> None:
    clock.go_to(await daily(store, *await join(store, "ana")))
    composer = Composer()
    composer.troubles = [RuntimeError("a bug")]
    nudged = asyncio.Event()
    running = asyncio.create_task(
        Clockwork(store, Pass(), composer, nudged.set, nothing, nothing, every=0.05).run()
    )

    async with asyncio.timeout(PATIENT):
        await nudged.wait()  # only a tick that went well gets so far
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    assert composer.begun[0] == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_the_index_of_meaning_follows_again_and_again_also_after_a_failure(
    store: Store,
) -> None:
    calls: list[int] = []
    enough = asyncio.Event()

    async def follow() -> None:
        calls.append(1)
        if len(calls) == 3:
            enough.set()
        raise Unavailable("index of meaning")

    clockwork = Clockwork(store, Pass(), Composer(), lambda: None, follow, nothing, every=0.05)
    running = asyncio.create_task(clockwork.run())
    async with asyncio.timeout(PATIENT):
        await enough.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


async def test_what_is_done_again_and_again_is_not_all_done_at_once(store: Store) -> None:
    at: dict[str, list[float]] = {"follow": [], "learn": [], "order": []}
    enough = asyncio.Event()

    def noting(name: str) -> Callable[[], Awaitable[None]]:
        async def note() -> None:
            at[name].append(asyncio.get_running_loop().time())
            if all(len(it) > 1 for it in at.values()):
                enough.set()

        return note

    clockwork = Clockwork(
        store,
        Pass(),
        Composer(),
        lambda: None,
        noting("follow"),
        nothing,
        every=1.5,
        learn=noting("learn"),
        order=noting("order"),
    )
    running = asyncio.create_task(clockwork.run())
    async with asyncio.timeout(PATIENT):
        await enough.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    again = [it[1] for it in at.values()]
    assert max(again) - min(again) > 0.2
