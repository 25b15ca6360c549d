"""Sends what is owed on one platform, and keeps account of what arrived."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

import structlog

from bridges.attempt import Attempt, Outcome, Render
from bridges.pace import Pace, Pacing
from bridges.protocol import Bridge
from feed_core.errors import Unavailable
from feed_core.models.deliveries import Delivery
from feed_core.services import deliveries, outstanding
from feed_core.services.outstanding import Owed
from feed_core.store import Store, Work
from feed_core.together import committed

BATCH = 200
IN_FLIGHT = 20
AHEAD = 24  # made ready to be sent meanwhile, so many together
PATIENCE = 2.0  # seconds between two tries to write down what came of one

logger = structlog.get_logger(__name__)


class Sender:
    """Drains the deliveries of one platform: one after the other to each place, all at its pace."""

    def __init__(
        self,
        store: Store,
        bridge: Bridge,
        render: Render,
        is_up: Callable[[str], bool],
        pace: Pace,
        places: Collection[str] | None,
    ) -> None:
        self._places = places
        self._store, self._bridge, self._render, self._is_up = store, bridge, render, is_up
        self._pace, self._pacing = pace, Pacing(pace)
        self._in_flight = asyncio.Semaphore(IN_FLIGHT)
        self._claims = committed(store, deliveries.claim, most=BATCH)
        self._settled = committed(store, _settle, most=BATCH)
        self._begun: set[int] = set()
        self._busy: set[str] = set()  # places to which something is on its way
        self._count = 0  # settled in this step
        self._stumbled: set[int] = set()  # left alone until the next nudge
        self._changed = asyncio.Event()
        self._wake = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Send whatever comes due, until stopped or cancelled."""
        while not self._stopping:
            await self.step()
            await self._wake.wait()

    def nudge(self) -> None:
        """Look again whether something is due."""
        self._wake.set()
        self._changed.set()

    def stop(self) -> None:
        """Begin nothing more; `run` returns when what is on the wire has arrived."""
        self._stopping = True
        self.nudge()

    async def recover(self) -> int:
        """Decide on what the last stop left half sent; returns how many."""
        platform, repeatable = self._bridge.platform, self._bridge.repeatable
        async with self._store.work() as work:
            count = await deliveries.recover(work, platform=platform, repeatable=repeatable)
        if count:
            logger.warning("half_sent", platform=platform, count=count, again=repeatable)
        return count

    async def step(self) -> int:
        """Send all that is due, also what comes due meanwhile; returns how many were settled."""
        self._wake.clear()
        self._stumbled.clear()
        self._count = 0
        async with asyncio.TaskGroup() as group:
            try:
                while self._goes_on and await self._begin_all(group):
                    pass
            except Unavailable as outage:  # what is due stays due
                logger.info("outbox_waits", platform=self._bridge.platform, code=outage.code)
            except Exception:
                logger.exception("outbox_stumbled", platform=self._bridge.platform)
        return self._count

    async def _begin_all(self, group: asyncio.TaskGroup) -> bool:
        """Begin what may go now, or wait until something may; False when nothing is left."""
        self._changed.clear()
        waiting, free = await self._look()
        for begin in range(0, len(free), AHEAD):
            some = free[begin : begin + AHEAD]
            await self._room_for(len(some))
            if not self._goes_on:
                break
            for it in some:
                self._begin(it)
                group.create_task(self._deliver(it))
        return bool(free) or await self._change(waiting)

    async def _room_for(self, count: int) -> None:
        """Wait until so many more may begin together: what is shown of them is read together."""
        while self._goes_on and len(self._begun) + count > IN_FLIGHT + AHEAD:
            self._changed.clear()
            await self._changed.wait()

    @property
    def _goes_on(self) -> bool:
        return not self._stopping and self._is_up(self._bridge.platform)

    async def _look(self) -> tuple[list[Owed], list[Owed]]:
        """What is due and not begun, and of that what may go now: one to each place."""
        waiting = await self._due(())
        free = self._free(waiting)
        if not free and len(waiting) + len(self._begun) >= BATCH:  # behind those of a few places
            free = self._free(await self._due(self._busy | self._pacing.resting))
        return waiting, free

    async def _due(self, but: Collection[str]) -> list[Owed]:
        async with self._store.read() as view:
            owed = await outstanding.due(
                view,
                platform=self._bridge.platform,
                places=self._places,
                but=but,
                limit=BATCH,
            )
        return [it for it in owed if _id(it) not in self._begun | self._stumbled]

    def _free(self, waiting: Sequence[Owed]) -> list[Owed]:
        first: dict[str, Owed] = {}
        nowhere = [it for it in waiting if it.place is None]
        for it in waiting:
            if it.place is not None and it.place not in self._busy:
                first.setdefault(it.place, it)
        return [*nowhere, *(it for place, it in first.items() if not self._pacing.rests(place))]

    async def _change(self, waiting: Sequence[Owed]) -> bool:
        """Wait until something more may go; False when nothing is left to wait for."""
        if not waiting and not self._begun:
            return False
        places = {it.place for it in waiting if it.place is not None} - self._busy
        pause = min(map(self._pacing.rests, places), default=None)
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._changed.wait()
        return True

    def _begin(self, owed: Owed) -> None:
        self._begun.add(_id(owed))
        if owed.place is not None:
            self._busy.add(owed.place)

    def _end(self, owed: Owed) -> None:
        self._begun.discard(_id(owed))
        if owed.place is not None:
            self._busy.discard(owed.place)
        self._changed.set()

    async def _deliver(self, owed: Owed) -> None:
        try:
            if owed.quiet_until is not None:
                async with self._store.work() as work:
                    await deliveries.put_off(work, _id(owed), until=owed.quiet_until)
                return
            attempt = Attempt(self._bridge, self._render, self._pace, owed, self._claim)
            await attempt.prepare()
            async with self._in_flight:
                await self._pacing.turn()
                outcome = await attempt.make() if self._goes_on else None
                if outcome is None:
                    return
                await self._write_down(owed.delivery, outcome)
            self._count += 1
        except Exception:  # one delivery must not stop the others
            logger.exception("delivery_stumbled", delivery_id=_id(owed))
            self._stumbled.add(_id(owed))
        finally:
            self._end(owed)

    async def _write_down(self, delivery: Delivery, outcome: Outcome) -> None:
        """Settle one that is claimed, as soon as the database lets it."""
        while True:
            try:
                await self._settled.ask((delivery, outcome))
                return
            except Unavailable:
                if self._stopping:
                    raise
                logger.warning("outcome_not_written_yet", delivery_id=delivery.id)
            await asyncio.sleep(PATIENCE)

    async def _claim(self, owed: Owed) -> bool:
        if not await self._claims.ask(_id(owed)):
            return False
        if owed.place is not None:
            self._pacing.went(owed.place, room=owed.delivery.room_id is not None)
        return True


async def _settle(work: Work, ended: Sequence[tuple[Delivery, Outcome]]) -> Sequence[bool]:
    arrived = [(it, outcome) for it, outcome in ended if isinstance(outcome, str)]
    await deliveries.arrived(work, arrived)
    for it, outcome in ended:
        if not isinstance(outcome, str):
            assert it.id is not None
            await outcome(work, it.id)
    return [True] * len(ended)


def _id(owed: Owed) -> int:
    assert owed.delivery.id is not None
    return owed.delivery.id
