"""Counts what this process does, for whoever watches it: no ids and no texts."""

import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec, TypeVar

from feed_core.events import DeliverySettled, Event, MessageDone

# Upper bounds in seconds: from an answer without a model to a long talk with one.
BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class Times:
    """How long something took: so many within each of BOUNDS, and the rest."""

    within: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """It took so long once more."""
        self.within[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds


class Meters:
    """What happened since this process started."""

    def __init__(self) -> None:
        self.settled: Counter[tuple[str, str]] = Counter()
        """Tries to send something, by platform and what became of it."""
        self.messages: Counter[tuple[str, str]] = Counter()
        """Messages that came in, by platform and how they ended."""
        self.answering: dict[str, Times] = defaultdict(Times)
        """From a message to its answer, by platform."""
        self.working: dict[str, Times] = defaultdict(Times)
        """Durable work, by its name."""
        self.broken: Counter[str] = Counter()
        """Durable work that failed, by its name."""
        self.ticks = 0
        self.ticked_at = 0.0
        """Seconds since 1970."""

    async def hear(self, event: Event) -> None:
        """Count what was committed."""
        match event:
            case DeliverySettled(platform=platform, state=state):
                self.settled[platform, state] += 1
            case MessageDone(platform=platform, state=state, seconds=seconds):
                self.messages[platform, state] += 1
                self.answering[platform].add(seconds)

    def ticked(self) -> None:
        """The clock has looked at what is due."""
        self.ticks += 1
        self.ticked_at = time.time()

    def timed(self, name: str, work: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        """The same work, timed under this name."""

        @wraps(work)
        async def run(*args: P.args, **kwargs: P.kwargs) -> T:
            began = time.perf_counter()
            try:
                return await work(*args, **kwargs)
            except Exception:
                self.broken[name] += 1
                raise
            finally:
                self.working[name].add(time.perf_counter() - began)

        return run
