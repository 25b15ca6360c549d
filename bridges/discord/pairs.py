"""Ends a talk between two machines: one of them may write through a person's account."""

import asyncio
from collections import deque
from enum import Enum, auto

MOST = 20  # messages of one account in one place that are answered within a minute
MINUTE = 60.0  # seconds


class Turn(Enum):
    """What becomes of a message."""

    ANSWERED = auto()
    LAST = auto()  # the account is told why it hears nothing more
    IGNORED = auto()


class Pairs:
    """Counts how often each account was answered in each place of late."""

    def __init__(self, most: int = MOST, within: float = MINUTE) -> None:
        self._most, self._within = most, within
        self._answered: dict[tuple[str, str], deque[float]] = {}

    def turn(self, sender_id: str, place_id: str) -> Turn:
        """Count one message, and say what becomes of it."""
        now = asyncio.get_running_loop().time()
        pair = (sender_id, place_id)
        before = self._answered.pop(pair, deque(maxlen=self._most + 1))
        while before and before[0] <= now - self._within:
            before.popleft()
        self._answered[pair] = before  # the newest stands last
        self._forget(now)
        if len(before) > self._most:
            return Turn.IGNORED
        before.append(now)
        return Turn.LAST if len(before) > self._most else Turn.ANSWERED

    def _forget(self, now: float) -> None:
        for pair in list(self._answered)[:2]:
            times = self._answered[pair]
            if times and times[-1] <= now - self._within:
                del self._answered[pair]
