"""Sends what is owed on one platform, and keeps account of what arrived."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from functools import partial

import structlog

from bridges.pace import Pace, Pacing
from bridges.protocol import Bridge, Part
from feed_core.errors import Gone, MessageGone, Unavailable, Unknown
from feed_core.models.deliveries import Delivery
from feed_core.services import deliveries, members, outstanding, presence
from feed_core.services.outstanding import Owed
from feed_core.states import DeliveryKind, DeliveryState
from feed_core.store import Store, Work
from feed_core.together import committed

BATCH = 200
IN_FLIGHT = 20
AHEAD = 24  # made ready to be sent meanwhile, so many together
PATIENCE = 2.0  # seconds between two tries to write down what came of one

Render = Callable[[Delivery], Awaitable[Part | None]]
Settle = Callable[[Work, int], Awaitable[None]]
Outcome = Settle | str  # what is written down, or under which id it arrived

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
            attempt = await self._prepared(owed)
            async with self._in_flight:
                await self._pacing.turn()
                if not self._goes_on or not await self._claims.ask(_id(owed)):
                    return
                if owed.place is not None:
                    self._pacing.went(owed.place, room=owed.delivery.room_id is not None)
                await self._write_down(owed.delivery, await attempt())
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

    async def _prepared(self, owed: Owed) -> Callable[[], Awaitable[Outcome]]:
        # Rendered before it is claimed: a stop meanwhile leaves no doubt whether it was sent.
        delivery, place = owed.delivery, owed.place
        if place is None:
            return _settled(_failed("nowhere to send it"))
        if owed.edits is not None:
            return partial(self._edit, delivery, place, owed.edits, owed.under)
        try:
            part = await self._render(delivery)
        except Exception:
            logger.exception("not_rendered", delivery_id=delivery.id)
            return _settled(partial(deliveries.not_taken, problem="not rendered"))
        if part is None:
            return _settled(_failed("nothing left"))
        return partial(self._send, delivery, place, part, owed.under)

    async def _edit(
        self, delivery: Delivery, place: str, message_id: str, under: str | None
    ) -> Outcome:
        # Rendered after it is claimed: what changes from now on is owed anew.
        try:
            part = await self._render(delivery)
            if part is None and delivery.kind != DeliveryKind.REMOVED:
                return _failed("nothing left")
            async with asyncio.timeout(self._pace.limit):
                await self._bridge.edit(place, message_id, part, under=under)
        except Gone:
            return partial(_gone, delivery=delivery)
        except MessageGone as gone:
            return _failed(gone.code)
        except Unavailable as outage:
            return partial(deliveries.not_taken, problem=outage.code)
        except TimeoutError:
            return partial(deliveries.not_taken, problem="no answer")
        except Exception:
            logger.exception("not_edited", delivery_id=delivery.id)
            return partial(deliveries.not_taken, problem="not edited")
        return message_id

    async def _send(self, delivery: Delivery, place: str, part: Part, under: str | None) -> Outcome:
        maybe_taken = False
        for pause in (*(self._pace.repeats if self._bridge.repeatable else ()), None):
            try:
                async with asyncio.timeout(self._pace.limit):
                    return await self._bridge.send(place, part, key=key_of(delivery), under=under)
            except Gone:
                return partial(_gone, delivery=delivery)
            except MessageGone as gone:
                return _failed(gone.code)
            except (Unknown, TimeoutError):
                maybe_taken = True
            except Unavailable as outage:
                if not maybe_taken:
                    return partial(deliveries.not_taken, problem=outage.code)
            except Exception:
                logger.exception("bridge_stumbled", delivery_id=delivery.id)
                maybe_taken = True
            if pause is not None:
                await asyncio.sleep(pause)
        logger.warning("unknown_whether_sent", delivery_id=delivery.id)
        return partial(deliveries.ended, state=DeliveryState.UNKNOWN, problem="no answer")


def key_of(delivery: Delivery) -> str:
    """The delivery's key on its platform: always the same, 22 characters."""
    return urlsafe_b64encode(delivery.uid.bytes).rstrip(b"=").decode()


def _settled(outcome: Outcome) -> Callable[[], Awaitable[Outcome]]:
    async def attempt() -> Outcome:
        return outcome

    return attempt


def _failed(problem: str) -> Outcome:
    return partial(deliveries.ended, state=DeliveryState.FAILED, problem=problem)


async def _gone(work: Work, delivery_id: int, *, delivery: Delivery) -> None:
    await deliveries.ended(work, delivery_id, state=DeliveryState.FAILED, problem=Gone.code)
    if delivery.identity_id is not None:
        await members.lost(work, identity_id=delivery.identity_id)
    if delivery.room_id is not None:
        await presence.lost(work, delivery.room_id)


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
