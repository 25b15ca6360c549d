"""Sends what is owed, evenly paced, and keeps account of what arrived."""

import asyncio
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from bridges.protocol import Bridge, Part
from feed_core.bus import Bus
from feed_core.errors import Gone, Unavailable, Unknown
from feed_core.events import DeliveryOwed, Event
from feed_core.models.deliveries import Delivery
from feed_core.models.members import Identity
from feed_core.services import deliveries, members
from feed_core.states import DeliveryState
from feed_core.store import Store

BATCH = 200
IN_FLIGHT = 20
SEND_LIMIT = 30.0  # seconds
REPEATS = (1.0, 4.0)  # seconds before a repeat under the same key, where that is harmless

Render = Callable[[Delivery], Awaitable[Part | None]]

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often one token may send: messages a second in all, and seconds between two to a place.

    `per_second` 0 is unpaced.
    """

    per_second: float = 0.0
    per_place: float = 0.0


# core.telegram.org/bots/faq: 30 a second in all, one a second in a chat. Discord: 50 requests a
# second (discord.com/developers/docs/topics/rate-limits). The rest is left for answers.
PACES: Mapping[str, Pace] = {"telegram": Pace(28.0, 1.0), "discord": Pace(45.0)}


class Outbox:
    """Drains the deliveries of every platform whose bridge is up, one paced sender for each."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        bridges: Sequence[Bridge],
        render: Render,
        is_up: Callable[[str], bool],
        paces: Mapping[str, Pace] = PACES,
    ) -> None:
        self._senders = [
            _Sender(store, it, render, is_up, paces.get(it.platform, Pace())) for it in bridges
        ]
        bus.subscribe(self._hear)

    async def run(self) -> None:
        """Recover, then send whatever comes due, until stopped or cancelled."""
        await self.recover()
        async with asyncio.TaskGroup() as group:
            for sender in self._senders:
                group.create_task(sender.run())

    async def recover(self) -> int:
        """Decide on what the last stop left half sent; returns how many. Once, before any step."""
        return sum([await it.recover() for it in self._senders])

    async def step(self) -> int:
        """Send what is due now, wherever a bridge is up; returns how many were tried."""
        return sum(await asyncio.gather(*(it.step() for it in self._senders)))

    def nudge(self) -> None:
        """Look again whether something is due."""
        for sender in self._senders:
            sender.wake.set()

    def stop(self) -> None:
        """Begin nothing more; `run` returns when what is on the wire has arrived."""
        for sender in self._senders:
            sender.stopping = True
        self.nudge()

    async def _hear(self, event: Event) -> None:
        if isinstance(event, DeliveryOwed):
            self.nudge()


class _Sender:
    def __init__(
        self, store: Store, bridge: Bridge, render: Render, is_up: Callable[[str], bool], pace: Pace
    ) -> None:
        self._store, self._bridge, self._render, self._is_up = store, bridge, render, is_up
        self._pacing = _Pacing(pace)
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self.wake = asyncio.Event()
        self.stopping = False

    async def run(self) -> None:
        while not self.stopping:
            self.wake.clear()
            try:
                tried = await self.step()
            except Exception:  # the database was busy, say; what is due stays due
                logger.exception("outbox_stumbled", platform=self._bridge.platform)
                tried = 0
            if not tried:
                await self.wake.wait()

    async def recover(self) -> int:
        platform, repeatable = self._bridge.platform, self._bridge.repeatable
        async with self._store.work() as work:
            count = await deliveries.recover(work, platform=platform, repeatable=repeatable)
        if count:
            logger.warning("half_sent", platform=platform, count=count, again=repeatable)
        return count

    async def step(self) -> int:
        if not self._is_up(self._bridge.platform):
            return 0
        async with self._store.read() as view:
            owed = await deliveries.due(view, platform=self._bridge.platform, limit=BATCH)
        begun = 0
        async with asyncio.TaskGroup() as group:
            for delivery, identity in _by_turns(owed):
                await self._slots.acquire()
                await self._pacing.turn(identity.private_place or "")
                if self.stopping or not self._is_up(self._bridge.platform):
                    self._slots.release()
                    break
                group.create_task(self._deliver(delivery, identity))
                begun += 1
        return begun

    async def _deliver(self, delivery: Delivery, identity: Identity) -> None:
        assert delivery.id is not None
        try:
            part = await self._render(delivery)
            async with self._store.work() as work:
                if not await deliveries.claim(work, delivery.id):
                    return
            await self._send(delivery, identity, part)
        except Exception:  # one delivery must not stop the others
            logger.exception("delivery_stumbled", delivery_id=delivery.id)
        finally:
            self._slots.release()

    async def _send(self, delivery: Delivery, identity: Identity, part: Part | None) -> None:
        assert delivery.id is not None
        place = identity.private_place
        if part is None or place is None or not identity.reachable:
            problem = "nothing left" if part is None else "nowhere to send it"
            async with self._store.work() as work:
                await deliveries.ended(
                    work, delivery.id, state=DeliveryState.FAILED, problem=problem
                )
            return
        ...
