"""Tells subscribers what has happened, after it is true."""

from collections.abc import Awaitable, Callable

import structlog

from feed_core.events import Event

Subscriber = Callable[[Event], Awaitable[None]]

logger = structlog.get_logger(__name__)


class Bus:
    """Passes events on, one subscriber after the other; one that fails stops nobody else."""

    def __init__(self) -> None:
        self._subscribers: list[Subscriber] = []

    def subscribe(self, subscriber: Subscriber) -> None:
        """Call this for every event from now on."""
        self._subscribers.append(subscriber)

    async def tell(self, event: Event) -> None:
        """Pass one event to everybody."""
        for subscriber in self._subscribers:
            try:
                await subscriber(event)
            except Exception:  # the event is true already; its teller must not fail
                logger.exception("subscriber_failed", event_type=type(event).__name__)
