"""The outbox: what is owed leaves through it, on every platform whose bridge is up."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence

from bridges.attempt import Render
from bridges.pace import PACES, Pace
from bridges.protocol import Bridge
from bridges.sender import Sender
from feed_core.bus import Bus
from feed_core.events import DeliveryOwed, Event
from feed_core.store import Store


class Outbox:
    """One paced sender for each platform.

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
        self._platforms = [it.platform for it in bridges]
        self._senders = [
            Sender(store, it, render, is_up, paces.get(it.platform, Pace()), places)
            for it in bridges
        ]
        bus.subscribe(self._hear)

    async def run(self, *, recover: bool = True) -> None:
        """Recover, then send whatever comes due, until stopped or cancelled."""
        if recover:
            await self.recover()
        async with asyncio.TaskGroup() as group:
            for sender in self._senders:
                group.create_task(sender.run())

    async def recover(self, platform: str | None = None) -> int:
        """Decide on what the last stop left half sent, everywhere or on one platform.

        Returns how many there were. Once, before any step there, and by the one process that sends.
        """
        each = zip(self._platforms, self._senders, strict=True)
        return sum([await it.recover() for name, it in each if platform in (None, name)])

    async def step(self) -> int:
        """Send what is due now, wherever a bridge is up; returns how many were settled."""
        return sum(await asyncio.gather(*(it.step() for it in self._senders)))

    def nudge(self) -> None:
        """Look again whether something is due."""
        for sender in self._senders:
            sender.nudge()

    def stop(self) -> None:
        """Begin nothing more; `run` returns when what is on the wire has arrived."""
        for sender in self._senders:
            sender.stop()

    async def _hear(self, event: Event) -> None:
        if isinstance(event, DeliveryOwed):
            self.nudge()
