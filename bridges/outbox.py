"""Sends what is owed, evenly paced, and keeps account of what arrived."""

import asyncio
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter

import structlog

from bridges.protocol import Bridge, Part
from feed_core.bus import Bus
from feed_core.errors import Gone, MessageGone, Unavailable, Unknown
from feed_core.events import DeliveryOwed, Event
from feed_core.models.deliveries import Delivery
from feed_core.services import deliveries, members, presence
from feed_core.services.deliveries import Owed
from feed_core.states import DeliveryState
from feed_core.store import Store, Work

BATCH = 200
IN_FLIGHT = 20

Render = Callable[[Delivery], Awaitable[Part | None]]
Settle = Callable[[Work, int], Awaitable[None]]

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How a platform wants to be sent to.

    `per_second`: messages in all, 0 is unpaced. `per_place`: seconds between two to one place.
    `limit`: seconds to wait for one to be taken. `repeats`: seconds before each repeat of one that
    may have been taken, where that is harmless; so few, because a key is not remembered for long.
    """

    per_second: float = 0.0
    per_place: float = 0.0
    limit: float = 30.0
    repeats: tuple[float, ...] = (1.0, 4.0)


# core.telegram.org/bots/faq: 30 a second in all, one a second in a chat. Discord: 50 requests a
# second (discord.com/developers/docs/topics/rate-limits). The rest is left for answers.
PACES: Mapping[str, Pace] = {"telegram": Pace(28.0, 1.0), "discord": Pace(45.0)}


class Outbox:
    """Drains the deliveries of every platform whose bridge is up, one paced sender for each.

    `places` are the only ones that are sent to, where the bridges do not reach all.
    """

    def __init__(
        self,
        store: Store,
        bus: Bus,
        bridges: Sequence[Bridge],
        render: Render,
        is_up: Callable[[str], bool],
        paces: Mapping[str, Pace] = PACES,
        places: Collection[str] | None = None,
    ) -> None:
        self._senders = [
            _Sender(store, it, render, is_up, paces.get(it.platform, Pace()), places)
            for it in bridges
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
        """Send what is due now, wherever a bridge is up; returns how many were settled."""
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
        self._pace, self._pacing = pace, _Pacing(pace)
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self.wake = asyncio.Event()
        self.stopping = False

    async def run(self) -> None:
        while not self.stopping:
            try:
                settled = await self.step()
            except Exception:  # the database was busy, say; what is due stays due
                logger.exception("outbox_stumbled", platform=self._bridge.platform)
                settled = 0
            if not settled:
                await self.wake.wait()

    async def recover(self) -> int:
        platform, repeatable = self._bridge.platform, self._bridge.repeatable
        async with self._store.work() as work:
            count = await deliveries.recover(work, platform=platform, repeatable=repeatable)
        if count:
            logger.warning("half_sent", platform=platform, count=count, again=repeatable)
        return count

    async def step(self) -> int:
        self.wake.clear()
        if not self._is_up(self._bridge.platform):
            return 0
        async with self._store.read() as view:
            owed = await deliveries.due(
                view, platform=self._bridge.platform, places=self._places, limit=BATCH
            )
        trying = []
        async with asyncio.TaskGroup() as group:
            for it in _by_turns(owed):
                await self._slots.acquire()
                await self._pacing.turn(it.place)
                if self.stopping or not self._is_up(self._bridge.platform):
                    self._slots.release()
                    break
                trying.append(group.create_task(self._deliver(it)))
        return sum(task.result() for task in trying)

    async def _deliver(self, owed: Owed) -> bool:
        delivery = owed.delivery
        assert delivery.id is not None
        try:
            attempt = await self._prepared(owed)
            async with self._store.work() as work:
                if not await deliveries.claim(work, delivery.id):
                    return False
            settle = await attempt()
            async with self._store.work() as work:
                await settle(work, delivery.id)
        except Exception:  # one delivery must not stop the others
            logger.exception("delivery_stumbled", delivery_id=delivery.id)
            return False
        finally:
            self._slots.release()
        return True

    async def _prepared(self, owed: Owed) -> Callable[[], Awaitable[Settle]]:
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
    ) -> Settle:
        # Rendered after it is claimed: what changes from now on is owed anew.
        try:
            part = await self._render(delivery)
            if part is None:
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
        return partial(deliveries.sent, message_id=message_id)

    async def _send(self, delivery: Delivery, place: str, part: Part, under: str | None) -> Settle:
        maybe_taken = False
        for pause in (*(self._pace.repeats if self._bridge.repeatable else ()), None):
            try:
                async with asyncio.timeout(self._pace.limit):
                    message_id = await self._bridge.send(
                        place, part, key=key_of(delivery), under=under
                    )
                return partial(deliveries.sent, message_id=message_id)
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


class _Pacing:
    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._next = 0.0
        self._places: dict[str | None, float] = {}

    async def turn(self, place: str | None) -> None:
        now = asyncio.get_running_loop().time()
        turn = max(now, self._next, self._places.get(place, now))
        if self._pace.per_second:
            self._next = turn + 1 / self._pace.per_second
        if self._pace.per_place:
            self._places = {it: free for it, free in self._places.items() if free > now}
            self._places[place] = turn + self._pace.per_place
        if turn > now:
            await asyncio.sleep(turn - now)


def key_of(delivery: Delivery) -> str:
    """The delivery's key on its platform: always the same, 22 characters."""
    return urlsafe_b64encode(delivery.uid.bytes).rstrip(b"=").decode()


def _by_turns(owed: Sequence[Owed]) -> list[Owed]:
    # The first of every place, then the second of each: nobody waits for another's pause.
    had: Counter[str | None] = Counter()
    ranked = []
    for it in owed:
        ranked.append((had[it.place], it))
        had[it.place] += 1
    return [it for _, it in sorted(ranked, key=itemgetter(0))]


def _settled(settle: Settle) -> Callable[[], Awaitable[Settle]]:
    async def attempt() -> Settle:
        return settle

    return attempt


def _failed(problem: str) -> Settle:
    return partial(deliveries.ended, state=DeliveryState.FAILED, problem=problem)


async def _gone(work: Work, delivery_id: int, *, delivery: Delivery) -> None:
    await deliveries.ended(work, delivery_id, state=DeliveryState.FAILED, problem=Gone.code)
    if delivery.identity_id is not None:
        await members.lost(work, identity_id=delivery.identity_id)
    if delivery.room_id is not None:
        await presence.lost(work, delivery.room_id)
