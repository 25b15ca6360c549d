"""An event loop whose clock leaps to whatever comes next, so that minutes pass in no time."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Leaping(selectors.SelectSelector):
    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += max(timeout or 0.0, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Waits for nothing but its own timers."""

    def __init__(self) -> None:
        self._leaping = _Leaping()
        super().__init__(self._leaping)

    def time(self) -> float:
        """Seconds since it was made, as far as it has leapt."""
        return self._leaping.now


def in_virtual_time(work: Coroutine[Any, Any, T]) -> T:
    """Run something that waits for time alone."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
