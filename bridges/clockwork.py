"""The tick that moves what is due, and the house-keeping."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from feed_core import worker
from feed_core.clock import Upcoming
from feed_core.errors import Unavailable
from feed_core.services import (
    calls,
    digest_batch,
    digest_claims,
    digest_hours,
    digest_sweeping,
    digests,
    gists,
    leaving,
    likeness,
    presence,
    searching,
)
from feed_core.services.gate import Check
from feed_core.store import Store

TICK = 2.0  # seconds
TIDY = 3600.0  # seconds
BATCH = 5_000  # hours claimed by one transaction
BEGUN = 5_000  # digests that are begun by one tick, at most

logger = structlog.get_logger(__name__)


class Composer(Protocol):
    """Composes digests without being waited for."""

    async def begin(self, batches: Sequence[int]) -> None:
        """See that what is due of these batches is composed, in this order.

        Those that are under way stay so.
        """
        ...


class Clockwork:
    """Asks the database what is due and sets it going; it remembers nothing itself."""

    def __init__(
        self,
        store: Store,
        gate: Check,
        composer: Composer,
        nudge: Callable[[], None],
        follow: Callable[[], Awaitable[object]],
        sweep: Callable[[], Awaitable[object]],
        every: float = TICK,
        learn: Callable[[], Awaitable[object]] | None = None,
        order: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._store, self._gate, self._composer, self._nudge = store, gate, composer, nudge
        self._follow, self._sweep, self._every = follow, sweep, every
        self._learn, self._order = learn, order

    async def run(self) -> None:
        """Tick and, every hour, tidy, until cancelled; both begin at once."""
        # Imported here: it takes a moment, and a step by hand needs none of it.
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        async with asyncio.TaskGroup() as group:
            jobs = (
                (self.tick, self._every),
                (self.tidy, TIDY),
                (self.follow, self._every),
                (self.learn, self._every),
                (self.order, self._every),
            )
            for place, (job, every) in enumerate(jobs):
                due = asyncio.Event()
                due.set()
                group.create_task(_whenever(due, job))
                # One after the other: whoever talks meanwhile would wait for all of them together.
                first = timedelta(seconds=every + self._every * place / len(jobs))
                scheduler.add_job(
                    _fire,
                    "interval",
                    seconds=every,
                    start_date=datetime.now(UTC) + first,
                    args=[due],
                )
            scheduler.start()
            try:
                await asyncio.Event().wait()
            finally:
                scheduler.shutdown()

    async def tick(self) -> None:
        """Claim what is due, have it composed, move jams and questions on, and wake the outbox."""
        async with self._store.read() as view:
            early = await digest_hours.head_start(view)
        looked_at, upcoming = BATCH, Upcoming()
        while looked_at == BATCH:
            async with self._store.work() as work:
                looked_at = await digest_claims.claim_due(
                    work, limit=BATCH, early=early, upcoming=upcoming
                )
            await asyncio.sleep(0)  # let the others have a turn
        async with self._store.work() as work:
            if given_up := await digests.give_up(work):
                logger.warning("digests_given_up", count=given_up)
        async with self._store.read() as view:
            waiting = await digests.uncomposed(view, limit=BEGUN)
        if waiting:
            await self._composer.begin(digest_batch.batches(waiting))
        await worker.move_on(self._store, self._gate)
        self._nudge()

    async def follow(self) -> None:
        """Let the index of meaning follow what was published, edited and taken back."""
        await self._follow()

    async def learn(self) -> None:
        """Let agents learn from what was said, where a talk has paused."""
        if self._learn is not None:
            await self._learn()

    async def order(self) -> None:
        """Do what standing orders ask for, where their hour has come."""
        if self._order is not None:
            await self._order()

    async def tidy(self) -> None:
        """Forget what nobody can press, repeats or shows any more; check what a stop left so."""
        async with self._store.work() as work:
            await calls.sweep(work)
            await likeness.forget(work)
            await gists.sweep(work)
            await leaving.forget(work)
            if count := await presence.forget(work):
                logger.info("rooms_forgotten", count=count)
        more = True
        while more:
            async with self._store.work() as work:
                more = await digest_sweeping.sweep(work)
            await asyncio.sleep(0)  # let the others have a turn
        await searching.forget(self._store)
        await self._sweep()
        if count := await worker.check_stuck(self._store, self._gate):
            logger.info("checked_again", count=count)


async def _fire(due: asyncio.Event) -> None:
    due.set()


async def _whenever(due: asyncio.Event, job: Callable[[], Awaitable[None]]) -> None:
    # The job runs in a task of ours, not in the scheduler's: so it is awaited at the end.
    away = False
    while True:
        await due.wait()
        due.clear()
        try:
            await job()
            if away:
                away = False
                logger.warning("job_goes_on", job=job.__qualname__)
        except Unavailable as outage:  # said once; nothing that was due is lost
            if not away:
                logger.warning("job_waits", job=job.__qualname__, code=outage.code)
            away = True
        except Exception:  # the next one may go better; nothing that was due is lost
            logger.exception("job_failed", job=job.__qualname__)
