"""Tells what happens in one process to the others: ids only, in order, once it is committed.

By PostgreSQL's NOTIFY (https://www.postgresql.org/docs/current/sql-notify.html), which is part of
the transaction: what is rolled back is told to nobody. Who is not connected is not told; so whoever
lost the connection for a while hears `EventsMissed` first.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, get_args

import structlog

from feed_core.bus import Bus
from feed_core.events import DeliverySettled, Event, EventsMissed, MessageDone

CHANNEL = "jamfeed"
MOST = 40  # events in one message, which may have 8,000 bytes
OWN_ACCOUNT = (DeliverySettled, MessageDone)  # each process counts what it did itself
KINDS: Mapping[str, type[Any]] = {it.__name__: it for it in get_args(Event)}

logger = structlog.get_logger(__name__)


def written(sender: str, events: Sequence[Event]) -> list[str]:
    """The messages that tell these."""
    told = [
        [type(it).__name__, asdict(it)]
        for it in dict.fromkeys(events)
        if not isinstance(it, OWN_ACCOUNT)
    ]
    return [
        json.dumps([sender, told[at : at + MOST]], separators=(",", ":"))
        for at in range(0, len(told), MOST)
    ]


def read(sender: str, message: str | None) -> list[Event]:
    """What a message tells that is not this sender's own; None stands for those that were missed.

    A process of another version may tell what this one has no word for: that is passed over.
    """
    if message is None:
        return [EventsMissed()]
    by, told = json.loads(message)
    if by == sender:
        return []
    events: list[Event] = []
    for name, fields in told:
        try:
            events.append(KINDS[name](**fields))
        except (KeyError, TypeError):
            logger.info("event_not_understood", event_type=name)
    return events


class Relay:
    """Tells the bus of this process, named so among several, what the others tell."""

    def __init__(self, bus: Bus, name: str) -> None:
        self._bus, self._name = bus, name
        self._heard: asyncio.Queue[str | None] = asyncio.Queue()

    def hear(self, message: str | None) -> None:
        """Take a message in; None when some were missed."""
        self._heard.put_nowait(message)

    async def run(self) -> None:
        """Tell, in order, until cancelled."""
        while True:
            for event in read(self._name, await self._heard.get()):
                await self._bus.tell(event)
