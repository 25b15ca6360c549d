"""Slots: which process does whose durable work. Each holds one; the first number that is free."""

import time
from collections.abc import AsyncIterator, Collection

from feed_core.errors import Unavailable
from feed_core.holding import Hold, Holding

MOST = 1_000
WORKS = "works"  # what every process holds, beside its slot, that takes work from the queue
GRACE = 15.0  # seconds that a slot is nobody's before its process counts as dead


class Slots:
    """The slot of this process, and those of the others.

    A slot's number is the name under which the engine does work, so that a process that starts
    again in it goes on with what it had begun. A process that lost the database for a moment takes
    its own slot again within GRACE.
    """

    def __init__(self, names: Holding, grace: float, *, works: bool = True) -> None:
        self._names, self._grace, self._works = names, grace, works
        self._hold: Hold | None = None
        self._working: Hold | None = None
        self._number = -1
        self._free: dict[int, float] = {}  # since when a slot with work was seen to be nobody's

    @property
    def lost(self) -> bool:
        """Whether another process has this one's slot now."""
        return self._hold is not None and self._hold.lost.is_set()

    async def take(self) -> int:
        """The number of this process's slot: it has one, or takes the first that is free.

        Raises:
            Unavailable: the database does not answer.
        """
        if self._works and self._working is None:
            self._working = await self._names.take(WORKS, shared=True)
        if self._hold is not None and not self.lost:
            return self._number
        for number in range(MOST):
            if (hold := await self._names.take(name_of(number))) is not None:
                self._hold, self._number = hold, number
                return number
        raise Unavailable("durable")

    async def leave(self) -> None:
        """Let another process have it."""
        for hold in (self._hold, self._working):
            if hold is not None:
                await self._names.release(hold)
        self._hold = self._working = None

    async def dead(self, working: Collection[int]) -> AsyncIterator[int]:
        """Those of these slots whose process is gone; nobody can take one while it is looked at."""
        now = time.monotonic()
        for number in sorted(working):
            if number == self._number:
                continue
            hold = await self._names.take(name_of(number))
            if hold is None:
                self._free.pop(number, None)
                continue
            try:
                if now - self._free.setdefault(number, now) >= self._grace:
                    yield number
                    self._free.pop(number, None)
            finally:
                await self._names.release(hold)
        self._free = {it: since for it, since in self._free.items() if it in working}


def name_of(number: int) -> str:
    """What a process holds that works in the slot of this number."""
    return f"slot:{number}"
