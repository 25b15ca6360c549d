"""Answers that wait for who may not be written to yet: they come once the bot is started."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bridges.telegram.render import Message

PATIENCE = 3600.0  # seconds for which an answer waits: later it would surprise
MOST = 200  # people; those who have waited longest are forgotten first


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer as it would have been shown; `asks` is the button whose words it asks for."""

    messages: Sequence[Message]
    asks: str | None
    until: float


class Carrying:
    """One answer a person, the last one; kept by this process only, as nobody has read it yet."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: dict[str, Waiting] = {}

    def keep(self, user_id: str, messages: Sequence[Message], asks: str | None) -> None:
        """Let an answer wait for this person."""
        self._waiting.pop(user_id, None)
        if len(self._waiting) >= MOST:
            del self._waiting[next(iter(self._waiting))]
        self._waiting[user_id] = Waiting(messages, asks, self._clock() + PATIENCE)

    def take(self, user_id: str) -> Waiting | None:
        """What waits for this person, who can be written to now."""
        found = self._waiting.pop(user_id, None)
        return found if found is not None and found.until > self._clock() else None
